import { STATUS_CODES } from 'node:http';
import { NO_STORE } from './headers.ts';
import type { HttpResponse } from './exchange.ts';

/** The status of an answer that sends no file. */
export type RefusalStatus = 400 | 403 | 404 | 405 | 412 | 416 | 500;

/** What a file's answer may have got before it was found unfit. */
const FILE_HEADERS = ['Last-Modified', 'ETag', 'Accept-Ranges'];

/** Answers with a status, and with a line of plain text for whoever reads it, that nobody may keep. */
export function refuse(
  response: HttpResponse,
  status: RefusalStatus,
  headers: Readonly<Record<string, string>> = {},
): void {
  // Only a program asks on a condition.
  const body = status === 412 ? '' : `${STATUS_CODES[status]}\n`;
  for (const name of FILE_HEADERS) response.removeHeader(name);
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': NO_STORE,
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    ...headers,
  });
  response.end(body);
}
