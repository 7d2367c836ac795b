import type { Server } from 'node:http';
import { byteText, quote } from '../core/text.ts';
import { AnswerReader } from './answer-reader.ts';
import { checkTarget, createRequest } from './app-request.ts';
import { askApp, isServer } from './apps.ts';
import { noteReadHeaders } from './noted-headers.ts';
import { RenderSocket } from './render-socket.ts';
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

/**
 * A request to the app and its answer, over a connection that no other request ever uses. The request is made as it would
 * arrive; the answer is read as it would be sent. A client and a server of Node at the two ends of the connection would do
 * the same, and take twice the time.
 */
export class Exchange implements Rendering {
  readonly readHeaders: Set<string> = new Set();
  readonly #order: RenderOrder;
  readonly #context: StartContext;
  readonly #head: Outcome<RenderedHead> = outcome();
  readonly #body: Outcome<Buffer> = outcome();
  readonly #settled: () => void;
  readonly #chunks: Buffer[] = [];
  readonly #reader: AnswerReader = new AnswerReader({
    onHead: (statusCode, rawHeaders) => this.#receiveHead(statusCode, rawHeaders),
    onBody: (piece) => this.#receive(piece),
  });
  #bytes = 0;
  #hasHead = false;
  #receiver: BodyReceiver | undefined;
  /** The promise for the last piece that the receiver was given. */
  #taken: Promise<void> | undefined;
  #isFinished = false;
  #isWhole = false;
  #isSettled = false;
  #socket: RenderSocket | undefined;
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

  /** Calls the app: in the context of the start, as all that may touch the connection. */
  begin(server: Server): void {
    if (this.#isSettled) return;
    const { target, deadlineMilliseconds } = this.#order;
    // It holds the process: nothing else of a render does.
    this.#deadline = setTimeout(() => {
      this.#fail('TIMEOUT', `took longer than ${deadlineMilliseconds} ms`);
    }, deadlineMilliseconds);
    let headers: string[];
    try {
      checkTarget(target);
      headers = requestHeaders(this.#order);
    } catch (error) {
      this.#fail('APP_FAILED', 'could not be asked for', error);
      return;
    }
    this.#ask(server, headers);
  }

  #ask(server: Server, headers: string[]): void {
    const { app, target, subject, onRequest } = this.#order;
    const onFailure = (error: unknown): void => this.#fail('APP_FAILED', 'made the app throw', error);
    const socket = new RenderSocket(this.#order, bytesOf(target, headers), {
      take: (bytes, goOn) => this.#take(bytes, goOn),
      end: () => {
        this.#isWhole = this.#reader.end();
      },
      close: () => this.#end(),
    });
    Object.assign(socket, { server: isServer(app) ? app : server });
    this.#socket = socket;
    setSubject(socket, subject);
    const { request, response } = createRequest(socket, target, headers);
    noteReadHeaders(request, this.readHeaders);
    onRequest?.(request);
    // Such as a write after the end, of which else the process would die.
    response.on('error', onFailure);
    response.once('finish', () => {
      this.#isFinished = true;
    });
    callFor(subject, () => askApp(app, request, response, onFailure));
  }

  /** Takes what the app sends. */
  #take(bytes: Buffer, goOn: () => void): void {
    try {
      if (!this.#isSettled) this.#reader.take(bytes);
    } catch (error) {
      this.#breakOff(error);
    }
    // Nothing more is taken of what has failed: an app that streams from memory would let nothing else come to its turn.
    if (this.#isSettled) return;
    if (this.#taken === undefined) goOn();
    else void this.#taken.then(goOn);
  }

  #receiveHead(statusCode: number, rawHeaders: readonly string[]): void {
    const head = responseHead({ statusCode, rawHeaders });
    this.#hasHead = true;
    this.#head.resolve(head);
    this.#receiver = this.#order.receiverOf?.(head);
  }

  #receive(piece: Buffer): void {
    this.#bytes += piece.length;
    const { maxBodyBytes } = this.#order;
    if (this.#bytes > maxBodyBytes) this.#fail('TOO_LARGE', `is larger than ${byteText(maxBodyBytes)}`);
    else if (this.#receiver === undefined) this.#chunks.push(piece);
    else this.#hand(piece, this.#receiver);
  }

  #hand(piece: Buffer, receive: BodyReceiver): void {
    const hand = (): Promise<void> | undefined => (this.#isSettled ? undefined : receive(piece));
    const taken = this.#taken === undefined ? hand() : this.#taken.then(hand);
    if (taken === undefined) return;
    const done = taken
      .catch((error: unknown) =>
        this.#fail('ABANDONED', 'was abandoned, since its body could not be taken', error),
      )
      .then(() => {
        if (this.#taken === done) this.#taken = undefined;
      });
    this.#taken = done;
  }

  /** The body is whole when the app has closed the connection too: until then it may send more than it said. */
  #end(): void {
    if (!this.#isWhole || !this.#isFinished) this.#breakOff();
    else if (this.#settle()) this.#body.resolve(Buffer.concat(this.#chunks));
  }

  #breakOff(error?: unknown): void {
    if (this.#hasHead) this.#fail('TRUNCATED', 'ended early, or has another length than it says', error);
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
    // Perhaps a visitor's code abandons this: what the app does now must not run in the visitor's context.
    this.#context.run(() => this.#socket?.destroy());
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

/** How long a request would be. */
function bytesOf(target: string, headers: readonly string[]): number {
  const punctuation = 'GET  HTTP/1.1\r\n\r\n'.length + headers.length * 2;
  return headers.reduce((sum, text) => sum + text.length, target.length + punctuation);
}
