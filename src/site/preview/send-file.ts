import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream';
import { NO_STORE, REVALIDATE } from '../../http/headers.ts';
import { MEDIA_TYPES } from '../../http/media-types.ts';
import { EncodingNegotiator } from '../../http/negotiation.ts';
import { beginAnswer } from '../../http/prepared-answer.ts';
import { refuse } from '../../http/refusal.ts';

/** A file to answer with. */
export interface SentFile {
  readonly path: string;
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
}

const EXTENSIONS = { br: '.br', gzip: '.gz' } as const;
const CODINGS = ['br', 'gzip'] as const;
const negotiator = new EncodingNegotiator(CODINGS);

/** Whether there is a file at a path; not where the path is none, such as one that is too long. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Sends a file, or the compressed copy beside it that the client prefers, as conditions and ranges will have it. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { path, status, headers }: SentFile,
): void {
  const copies = CODINGS.map((encoding) => ({ encoding, path: path + EXTENSIONS[encoding] })).filter((copy) =>
    isFile(copy.path),
  );
  const accepted = request.headers['accept-encoding'];
  const copy = negotiator.choose(typeof accepted === 'string' ? accepted : undefined, copies);
  const file = copy?.path ?? path;
  const stats = statSync(file, { throwIfNoEntry: false });
  // An export that is under way has just deleted it.
  if (stats === undefined) return refuse(response, 404);
  const { size, mtime } = stats;
  const described = {
    ...headers,
    'Content-Type': headers['Content-Type'] ?? mediaTypeOf(path),
    'Content-Length': size,
    ...(copies.length > 0 && { Vary: 'Accept-Encoding' }),
    ...(copy !== undefined && { 'Content-Encoding': copy.encoding }),
  };
  if (status === 404) {
    response.writeHead(404, { ...described, 'Cache-Control': NO_STORE });
    if (request.method === 'HEAD') response.end();
    else pipeline(createReadStream(file), response, ignore);
    return;
  }
  const part = beginAnswer(
    request,
    response,
    {
      ...described,
      ...(request.headers.range !== undefined && { 'Cache-Control': REVALIDATE }),
      'Accept-Ranges': 'bytes',
      ETag: `"${mtime.getTime().toString(16)}-${size.toString(16)}"`,
      'Last-Modified': mtime.toUTCString(),
    },
    { 'Cache-Control': NO_STORE },
  );
  if (part === undefined) return;
  if (part.start === part.end) response.end();
  else pipeline(createReadStream(file, { start: part.start, end: part.end - 1 }), response, ignore);
}

/** A client that goes away, or a file that does: the answer is broken off, and the preview goes on. */
function ignore(): void {}

/** The type of an extension, as nginx is told of it. */
function mediaTypeOf(path: string): string {
  const extension = extname(path).slice(1).toLowerCase();
  const found = MEDIA_TYPES.find(({ extensions }) => extensions.includes(extension));
  if (found === undefined) return 'application/octet-stream';
  return found.charset ? `${found.type}; charset=utf-8` : found.type;
}
