import type { ServerResponse } from 'node:http';
import { NO_STORE } from '../core/cache-control.ts';

const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  416: 'Range Not Satisfiable',
} as const;

/** What a file's answer may have got before it was found unfit. */
const FILE_HEADERS = ['Last-Modified', 'ETag', 'Accept-Ranges'];

/** Answers with a status and a line of text that nobody may keep. */
export function refuse(
  response: ServerResponse,
  status: keyof typeof REASONS,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `${REASONS[status]}\n`;
  for (const name of FILE_HEADERS) response.removeHeader(name);
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': NO_STORE,
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    ...headers,
  });
  response.end(body);
}
