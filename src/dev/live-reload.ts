import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { requireOwnFile } from '../core/own-file.ts';
import { EventStream } from './event-stream.ts';
import { startWatcher, type Watcher, type WatcherOptions } from './watcher.ts';

/** Live reload: no change is missed from its start to its `close()`. */
export class LiveReload {
  readonly #script = readClientScript();
  readonly #events = new EventStream();
  readonly #watcher: Watcher;
  #isClosed = false;

  constructor(options: Omit<WatcherOptions, 'onChange'>) {
    this.#watcher = startWatcher({ ...options, onChange: (change) => this.#events.publish(change) });
  }

  /**
   * Answers a GET or HEAD request.
   *
   * @param name - what follows `<prefix>@live-reload/` in the path
   * @returns `false`, with no answer given, for any other name than `client.js` and `events`, and when closed
   */
  handle(name: string, request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#isClosed) return false;
    if (name === 'client.js') sendClientScript(this.#script, this.#events.position, request, response);
    else if (name === 'events') this.#events.open(request, response);
    else return false;
    return true;
  }

  /** Ends the watcher, the streams and their timers. */
  close(): void {
    this.#isClosed = true;
    this.#events.close();
    this.#watcher.close();
  }
}

/** The client's modules, each after those that it imports. */
const MODULES = ['connection.js', 'page-reload.js', 'page-assets.js', 'stylesheets.js', 'live-reload.js'];

/**
 * Reads the client and joins it into one script.
 *
 * @throws {@link StaticUrlError} `BUNDLED`
 */
function readClientScript(): string {
  // Found from `src/dev` and from `dist/dev` alike: the client exists only compiled.
  const folder = requireOwnFile('Live reload', '../../dist/dev/client/', import.meta.url);
  const modules = MODULES.map((name) => readFileSync(new URL(name, folder), 'utf8'));
  return modules.map((text) => text.replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '')).join('\n');
}

/** Answers with the script and the position at which the page is up to date: it may connect only after the next change. */
function sendClientScript(
  script: string,
  position: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // The stream may come from another worker, which counts its own changes.
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
