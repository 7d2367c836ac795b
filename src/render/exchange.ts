import { ClientRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { byteText, quote } from '../core/text.ts';
import { askApp, isServer } from './apps.ts';
import { openConnection } from './connection.ts';
import { noteReadHeaders } from './noted-headers.ts';
import {
  RenderFailure,
  type BodyReceiver,
  type RenderedHead,
  type RenderFailureReason,
  type Rendering,
  type RenderOrder,
} from './rendering.ts';
import { requestHeaders } from './request-headers.ts';
import { responseHead } from './response-head.ts';
import type { StartContext } from './start-context.ts';
import { callFor, setSubject } from './subjects.ts';

/** By the server's end of the connection. */
const exchanges = new WeakMap<object, Exchange>();

/** Lets the app answer a request that came over one of our connections. */
export function answerByApp(request: IncomingMessage, response: ServerResponse): void {
  exchanges.get(request.socket)?.answer(request, response);
}

/**
 * Not made by `http.request`, in whose place tracers and proxies put themselves. Those that listen on Node's
 * `diagnostics_channel` instead, such as Sentry, set headers when they are told of the request.
 */
class OwnRequest extends ClientRequest {
  override setHeader(): this {
    return this;
  }
}

/** A promise that is settled from outside, to which nobody has to listen. */
interface Outcome<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (failure: RenderFailure) => void;
}

function outcome<Value>(): Outcome<Value> {
  let ends: Omit<Outcome<Value>, 'promise'> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    ends = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...ends! };
}

/** A request to the app and its answer, over a connection that no other request ever uses. */
export class Exchange implements Rendering {
  readonly readHeaders: Set<string> = new Set();
  readonly #order: RenderOrder;
  readonly #context: StartContext;
  readonly #head: Outcome<RenderedHead> = outcome();
  readonly #body: Outcome<Buffer> = outcome();
  readonly #settled: () => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #response: IncomingMessage | undefined;
  #isFinished = false;
  #isSettled = false;
  #client: Duplex | undefined;
  #deadline: NodeJS.Timeout | undefined;

  /** @param settled - called once, when the whole answer came or none will */
  constructor(order: RenderOrder, context: StartContext, settled: () => void) {
    this.#order = order;
    this.#context = context;
    this.#settled = settled;
  }

  get head(): Promise<RenderedHead> {
    return this.#head.promise;
  }

  get body(): Promise<Buffer> {
    return this.#body.promise;
  }

  abandon(): void {
    this.#fail('ABANDONED', 'was abandoned');
  }

  /** Sends the request: in the context of the start, as all that may touch the connection. */
  begin(server: Server): void {
    if (this.#isSettled) return;
    const { app, deadlineMilliseconds, subject } = this.#order;
    // It holds the process: nothing else of a render does.
    this.#deadline = setTimeout(() => {
      this.#fail('TIMEOUT', `took longer than ${deadlineMilliseconds} ms`);
    }, deadlineMilliseconds);
    try {
      const connection = openConnection(this.#order);
      exchanges.set(connection.server, this);
      setSubject(connection.server, subject);
      server.emit('connection', connection.server);
      if (isServer(app)) Object.assign(connection.server, { server: app });
      this.#send(connection.client);
    } catch (error) {
      this.#fail('APP_FAILED', 'could not be asked for', error);
    }
  }

  #send(client: Duplex): void {
    this.#client = client;
    const request = new OwnRequest({
      path: this.#order.target,
      headers: requestHeaders(this.#order),
      setHost: false,
      createConnection: () => client,
    });
    request.on('response', (response) => this.#receive(response));
    request.on('error', (error) => this.#breakOff(error));
    client.once('close', () => this.#end());
    request.end();
  }

  #receive(response: IncomingMessage): void {
    this.#response = response;
    const head = responseHead(response);
    this.#head.resolve(head);
    const receiver = this.#order.receiverOf?.(head);
    response.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      const { maxBodyBytes } = this.#order;
      if (this.#bytes > maxBodyBytes) this.#fail('TOO_LARGE', `is larger than ${byteText(maxBodyBytes)}`);
      else if (receiver === undefined) this.#chunks.push(chunk);
      else this.#hand(chunk, receiver, response);
    });
    response.on('error', (error) => this.#breakOff(error));
    response.on('end', () => this.#end());
    // Node's client looks no more at what comes in a later chunk than the end of the body.
    this.#client?.prependListener('data', () => {
      if (response.complete) this.#breakOff();
    });
  }

  #hand(chunk: Buffer, receive: BodyReceiver, response: IncomingMessage): void {
    const taken = this.#isSettled ? undefined : receive(chunk);
    if (taken === undefined) return;
    response.pause();
    taken.then(
      () => response.resume(),
      (error: unknown) => this.#fail('ABANDONED', 'was abandoned, since its body could not be taken', error),
    );
  }

  /** Calls the app. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const { app, subject } = this.#order;
    const { socket } = request;
    const onFailure = (error: unknown): void => this.#fail('APP_FAILED', 'made the app throw', error);
    noteReadHeaders(request, this.readHeaders);
    this.#order.onRequest?.(request);
    // Such as a write after the end, of which else the process would die.
    response.on('error', onFailure);
    response.once('finish', () => {
      this.#isFinished = true;
      // An app may have asked for the connection to be kept.
      socket.end();
    });
    callFor(subject, () => askApp(app, request, response, onFailure));
  }

  /** The body is whole when the app has closed the connection too: until then it may send more than it said. */
  #end(): void {
    if (this.#client?.closed !== true) return;
    // In newer Node a connection that the app destroyed looks like one that it ended.
    if (this.#response?.complete !== true || !this.#isFinished) this.#breakOff();
    else if (this.#response.readableEnded && this.#settle()) {
      this.#body.resolve(Buffer.concat(this.#chunks));
    }
  }

  #breakOff(error?: Error): void {
    if (this.#response !== undefined)
      this.#fail('TRUNCATED', 'ended early, or has another length than it says', error);
    else this.#fail('APP_FAILED', 'got no answer, or one that is no HTTP', error);
  }

  #fail(reason: RenderFailureReason, what: string, cause?: unknown): void {
    if (!this.#settle()) return;
    const { origin, target } = this.#order;
    const failure = new RenderFailure(
      reason,
      `${quote(origin + target)} ${what}.`,
      cause === undefined ? {} : { cause },
    );
    this.#head.reject(failure);
    this.#body.reject(failure);
    this.#chunks.length = 0;
    // Takes no more: an app that never waits, as a stream from memory does, would let nothing else come to its turn.
    Object.assign(this.#client ?? {}, { _read() {} });
    // Perhaps a visitor's code abandons this: what the app does now must not run in the visitor's context.
    this.#context.run(() => this.#client?.destroy());
  }

  /** Whether this is the first outcome. */
  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#deadline);
    this.#settled();
    return true;
  }
}
