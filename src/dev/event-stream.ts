import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createChangeLog, type Change, type ChangeMessage } from './change-log.ts';

/** Server-sent events to all connected browsers (HTML Living Standard §9.2). */
export interface EventStream {
  /** The position of a page that is loaded now. */
  readonly position: string;
  /** Answers with the stream: first what the browser missed, and that this was all, then what happens. */
  open(request: IncomingMessage, response: ServerResponse): void;
  publish(change: Change): void;
  /** Ends all connections. */
  close(): void;
}

/** Proxies cut a silent connection after a minute (nginx: `proxy_read_timeout`), some earlier. */
const HEARTBEAT_MILLISECONDS = 15_000;
const SERVER_CHECK_MILLISECONDS = 200;
/** How soon a browser connects again by itself. */
const RETRY_MILLISECONDS = 1_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // A compressing middleware or proxy would wait for more to compress.
  'Cache-Control': 'no-store, no-transform',
  // ngx_http_proxy_module, proxy_buffering: nginx would wait for a full buffer.
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
  // An ended stream must not stay behind as an idle connection, which a closing server waits for.
  Connection: 'close',
};

/** Creates a stream with an empty log and no connections. */
export function createEventStream(heartbeatMilliseconds: number = HEARTBEAT_MILLISECONDS): EventStream {
  const log = createChangeLog();
  const connections = new Map<ServerResponse, Server | undefined>();
  let timers: readonly NodeJS.Timeout[] = [];

  function forget(response: ServerResponse): void {
    connections.delete(response);
    if (connections.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    timers = [];
  }

  function remember(response: ServerResponse, server: Server | undefined): void {
    if (response.destroyed) return;
    connections.set(response, server);
    response.once('close', () => forget(response));
    if (timers.length > 0) return;
    timers = [
      setInterval(() => sendAll(':\n\n'), heartbeatMilliseconds).unref(),
      setInterval(endClosingServers, SERVER_CHECK_MILLISECONDS).unref(),
    ];
  }

  // server.close() waits for every open response without telling it; `listening` is the documented sign of it.
  function endClosingServers(): void {
    for (const [response, server] of connections) if (server?.listening === false) response.end();
  }

  function sendAll(text: string): void {
    for (const response of connections.keys()) if (!response.writableEnded) response.write(text);
  }

  return {
    get position() {
      return log.position;
    },
    open(request, response) {
      response.writeHead(200, HEADERS);
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      const known = knownPosition(request);
      const missed = known === undefined ? undefined : log.since(known);
      response.write(`retry: ${RETRY_MILLISECONDS}\n\n${missed ? format(missed) : ''}${format(log.ready())}`);
      remember(response, listeningServer(request));
    },
    publish(change) {
      sendAll(format(log.append(change)));
    },
    close() {
      for (const response of connections.keys()) response.end();
    },
  };
}

function format(message: ChangeMessage): string {
  return `id: ${message.boot}.${message.to}\ndata: ${JSON.stringify(message)}\n\n`;
}

/** A browser that reconnects sends the last id itself; a page that connects for the first time asks with `?since=`. */
function knownPosition(request: IncomingMessage): string | undefined {
  const lastEventId = request.headers['last-event-id'];
  if (typeof lastEventId === 'string' && lastEventId !== '') return lastEventId;
  return new URL(request.url ?? '/', 'http://localhost').searchParams.get('since') ?? undefined;
}

/** The server behind a request, unless it never listened: one that is fed with connections is not closing. */
function listeningServer(request: IncomingMessage): Server | undefined {
  const { server } = request.socket as typeof request.socket & { readonly server?: Server };
  return server?.listening === true ? server : undefined;
}
