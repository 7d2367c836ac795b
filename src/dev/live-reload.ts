import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventStream } from './event-stream.ts';
import { startWatcher, type WatcherOptions } from './watcher.ts';

/** Live reload, running. */
export interface LiveReload {
  /**
   * Answers a GET or HEAD request.
   *
   * @param name - what follows `<prefix>@live-reload/` in the path
   * @returns `false`, with no answer given, for any other name than `client.js` and `events`, and when closed
   */
  handle(name: string, request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends the watcher, the streams and their timers. */
  close(): Promise<void>;
}

/** Starts to watch: no change after this is missed. */
export function startLiveReload(options: Omit<WatcherOptions, 'onChange'>): LiveReload {
  const script = readClientScript();
  const events = createEventStream();
  const watcher = startWatcher({ ...options, onChange: (change) => events.publish(change) });
  let closed = false;
  return {
    handle(name, request, response) {
      if (closed) return false;
      if (name === 'client.js') sendClientScript(script, events.position, request, response);
      else if (name === 'events') events.open(request, response);
      else return false;
      return true;
    },
    async close() {
      closed = true;
      events.close();
      await watcher.close();
    },
  };
}

/** The client's modules, each after those that it imports. */
const MODULES = ['connection.js', 'page-reload.js', 'page-assets.js', 'stylesheets.js', 'live-reload.js'];
/** Found from `src/dev` and from `dist/dev` alike: the client exists only compiled. */
const FOLDER = new URL('../../dist/dev/client/', import.meta.url);

/** Reads the client and joins it into one script. */
function readClientScript(): string {
  const modules = MODULES.map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));
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
