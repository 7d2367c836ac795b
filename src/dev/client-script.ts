import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The browser's modules, each after those that it imports. */
const MODULES = [
  'connection.js',
  'page-reload.js',
  'asset-url.js',
  'scopes.js',
  'fetched-assets.js',
  'stylesheets.js',
  'live-reload.js',
];
/** Found from `src/dev` and from `dist/dev` alike: what browsers run exists only compiled. */
const FOLDER = new URL('../../dist/dev/client/', import.meta.url);

/** Reads what live reload runs in the browser and joins it into one script. */
export function readClientScript(): string {
  const modules = MODULES.map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));
  return modules.map((text) => text.replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '')).join('\n');
}

/**
 * Answers with the script and the position at which the page that asks for it is up to date: the browser may connect
 * only after the next change.
 */
export function sendClientScript(
  script: string,
  position: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // The worker that answers the stream may be another, which counts its own changes.
  const start = cluster.isWorker ? null : position;
  const body = Buffer.from(`const servedPosition = ${JSON.stringify(start)};\n${script}`);
  response.writeHead(200, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
