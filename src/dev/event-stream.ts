import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ChangeLog, type Change, type ChangeMessage } from './change-log.ts';

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

/** Server-sent events to all connected browsers (HTML Living Standard §9.2). */
export class EventStream {
  readonly #heartbeatMilliseconds: number;
  readonly #log = new ChangeLog();
  readonly #connections = new Map<ServerResponse, Server | undefined>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(heartbeatMilliseconds: number = HEARTBEAT_MILLISECONDS) {
    this.#heartbeatMilliseconds = heartbeatMilliseconds;
  }

  /** The position of a page that is loaded now. */
  get position(): string {
    return this.#log.position;
  }

  /** Answers with the stream: first what the browser missed, and that this was all, then what happens. */
  open(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, HEADERS);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const known = knownPosition(request);
    const missed = known === undefined ? undefined : this.#log.since(known);
    const start = `${missed ? format(missed) : ''}${format(this.#log.ready())}`;
    response.write(`retry: ${RETRY_MILLISECONDS}\n\n${start}`);
    if (!response.destroyed) this.#remember(response, listeningServer(request));
  }

  publish(change: Change): void {
    this.#send(format(this.#log.append(change)));
  }

  /** Ends all connections. */
  close(): void {
    for (const response of this.#connections.keys()) response.end();
  }

  #remember(response: ServerResponse, server: Server | undefined): void {
    this.#connections.set(response, server);
    response.once('close', () => {
      this.#connections.delete(response);
      if (this.#connections.size === 0) for (const timer of this.#timers.splice(0)) clearInterval(timer);
    });
    if (this.#timers.length > 0) return;
    this.#timers.push(
      setInterval(() => this.#send(':\n\n'), this.#heartbeatMilliseconds).unref(),
      setInterval(() => this.#endClosingServers(), SERVER_CHECK_MILLISECONDS).unref(),
    );
  }

  // server.close() waits for every open response without telling it; `listening` is the documented sign of it.
  #endClosingServers(): void {
    for (const [response, server] of this.#connections) if (server?.listening === false) response.end();
  }

  #send(text: string): void {
    for (const response of this.#connections.keys()) if (!response.writableEnded) response.write(text);
  }
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
