import { statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Request } from 'express';
import { NO_STORE } from '../http/headers.ts';
import { pathOf } from '../http/request-path.ts';

/** Whether a root has a folder of this name. */
export function hasFolder(root: string, name: string): boolean {
  try {
    return statSync(join(root, name)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Sends the browser to the same URL with a slash at its end. The redirect of serve-static has no `Cache-Control`, and
 * a browser may keep such a 301 for ever (RFC 9110 §15.4.2).
 */
export function redirectToFolder({ originalUrl }: Request, response: ServerResponse): void {
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
