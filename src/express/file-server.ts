import type { Stats } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { NextFunction, Request } from 'express';
import type { DevDecision } from '../dev/index.ts';
import { NO_STORE } from '../http/headers.ts';
import { contentTypeOf } from '../http/media-types.ts';
import { outsidePromises } from '../http/next-handler.ts';
import { beginAnswer, type ValidatedHeaders } from '../http/prepared-answer.ts';
import { refuse } from '../http/refusal.ts';
import { pathOf } from '../http/request-path.ts';
import { breakOff } from '../http/response-body.ts';
import { streamFile } from '../serve/index.ts';
import type { ResolvedDevRouterOptions } from './options.ts';
import { RootFiles, type FoundFile } from './root-files.ts';

type ServeDecision = Extract<DevDecision, { kind: 'serve' }>;

/** Answers requests that were decided on with files. Of those with one name the first root's wins. */
export function createFileServer(options: ResolvedDevRouterOptions) {
  const roots = options.roots.map((root) => new RootFiles(root, options));

  /** @returns `false` for a request that goes on to the app */
  async function answer(
    { path: encoded, missing }: ServeDecision,
    request: Request,
    response: ServerResponse,
  ): Promise<boolean> {
    const path = decodeURIComponent(encoded);
    for (const root of roots) {
      const found = await root.find(path);
      if (found === undefined) continue;
      if (found === 'refused') refuse(response, 404);
      else await sendFile(found, request, response, options);
      return true;
    }
    if (options.redirect && !path.endsWith('/') && roots.some((root) => root.hasFolder(path)))
      redirectToFolder(request, response);
    else if (missing === 'pass') return false;
    else refuse(response, 404);
    return true;
  }

  return (decision: ServeDecision, request: Request, response: ServerResponse, next: NextFunction): void => {
    const handOn = outsidePromises(next);
    answer(decision, request, response).then(
      (isAnswered) => isAnswered || handOn(),
      (error: unknown) => (response.headersSent ? breakOff(response) : handOn(error)),
    );
  };
}

async function sendFile(
  { path, opened }: FoundFile,
  request: Request,
  response: ServerResponse,
  options: ResolvedDevRouterOptions,
): Promise<void> {
  try {
    const stats = await opened.handle.stat();
    for (const [name, value] of Object.entries(options.headers)) response.setHeader(name, value);
    options.setHeaders?.(response, path, stats);
    const { method, headers } = request;
    const asked = options.acceptRanges ? headers : { ...headers, range: undefined };
    const whole = headersOf(path, stats, response, options);
    const part = beginAnswer({ method, headers: asked }, response, whole, {});
    if (part !== undefined) await streamFile(opened, part, response);
  } finally {
    await opened.handle.close();
  }
}

/** The headers of a file's whole body. What the app has set wins. */
function headersOf(
  path: string,
  { size, mtime }: Stats,
  response: ServerResponse,
  { acceptRanges, cacheControl, etag, lastModified }: ResolvedDevRouterOptions,
): ValidatedHeaders {
  const headers: Record<string, string> = {
    'Content-Type': contentTypeOf(path),
    ...(acceptRanges && { 'Accept-Ranges': 'bytes' }),
    ...(cacheControl !== undefined && { 'Cache-Control': cacheControl }),
    ...(lastModified && { 'Last-Modified': mtime.toUTCString() }),
    // Weak: a file may change twice and look the same.
    ...(etag && { ETag: `W/"${size.toString(16)}-${mtime.getTime().toString(16)}"` }),
  };
  for (const name of Object.keys(headers)) {
    const own = response.getHeader(name);
    if (own !== undefined) headers[name] = String(own);
    // A 304 leaves some out.
    response.removeHeader(name);
  }
  return { ...headers, 'Content-Length': size };
}

/**
 * Sends the browser to the same URL with a slash at its end. It must not be kept: a browser may keep a 301 for ever
 * (RFC 9110 §15.4.2).
 */
function redirectToFolder({ originalUrl }: Request, response: ServerResponse): void {
  const [, query = ''] = /(\?.*)$/s.exec(originalUrl) ?? [];
  response.writeHead(301, {
    // Two slashes at the start would name another host.
    Location: `${pathOf(originalUrl).replace(/^\/+/, '/')}/${query}`,
    'Content-Length': 0,
    'Cache-Control': NO_STORE,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end();
}
