import type { ServerResponse } from 'node:http';
import { NO_STORE } from '../core/cache-control.ts';

const REASONS = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  416: 'Range Not Satisfiable',
  500: 'Internal Server Error',
} as const;

/** The status of an answer that sends no file. */
export type RefusalStatus = keyof typeof REASONS;

/** Answers with a status and a line of text that nobody may keep. */
export function refuse(
  response: ServerResponse,
  status: RefusalStatus,
  headers: Readonly<Record<string, string>>,
): void {
  const body = `${REASONS[status]}\n`;
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
