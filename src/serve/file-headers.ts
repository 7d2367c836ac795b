import type { Headers, Representation } from './representation.ts';
import type { ServedFile } from './served-file.ts';

/** The headers of a 200 with a whole representation. */
export function fileHeaders(
  file: ServedFile,
  representation: Representation,
  cacheControl: string,
  extra: Readonly<Record<string, string>>,
): Headers {
  return {
    'Content-Type': file.contentType,
    'Content-Length': representation.size,
    'Cache-Control': cacheControl,
    ETag: representation.etag,
    'Last-Modified': file.lastModified,
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
    ...(representation.encoding === undefined ? {} : { 'Content-Encoding': representation.encoding }),
    ...(file.varies ? { Vary: 'Accept-Encoding' } : {}),
    ...extra,
  };
}

/** The headers of a 200 with bytes of which nothing is known but how many they are. */
export function changedFileHeaders(
  file: ServedFile,
  size: number,
  cacheControl: string,
  extra: Readonly<Record<string, string>>,
): Headers {
  return {
    'Content-Type': file.contentType,
    'Content-Length': size,
    'Cache-Control': cacheControl,
    'Accept-Ranges': 'none',
    'X-Content-Type-Options': 'nosniff',
    ...(file.varies ? { Vary: 'Accept-Encoding' } : {}),
    ...extra,
  };
}

/** The headers of a 206 (RFC 9110 §15.3.7), from those of the whole. */
export function partHeaders(whole: Headers, start: number, end: number, size: number): Headers {
  return { ...whole, 'Content-Length': end - start, 'Content-Range': `bytes ${start}-${end - 1}/${size}` };
}

/** What describes a body that a 304 does not have. */
const BODY_HEADERS = ['Content-Type', 'Content-Length', 'Content-Encoding', 'Accept-Ranges'];

/** The headers of a 304 (RFC 9110 §15.4.5), from those of the whole. */
export function notModifiedHeaders(whole: Headers): Headers {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !BODY_HEADERS.includes(name)));
}
