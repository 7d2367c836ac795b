import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse } from './exchange.ts';

/** What one slow client holds in memory at most, beside the socket's own buffer. */
const PIECE_BYTES = 128 * 1024;
/**
 * The same of each stream of HTTP/2, of which a connection has many: one frame (RFC 9113 §4.2). Node refuses new streams
 * when more than `maxSessionMemory` waits to be sent, 10 MB by default, and goes on counting what aborted ones left.
 */
const STREAM_PIECE_BYTES = 16 * 1024;
/** Pieces that no answer uses, kept since new memory costs more than reading into it does. */
const IDLE_PIECES = 16;
const idle: Buffer[] = [];

/** The body of an answer whose head is written, sent piece by piece as fast as the client takes it. */
export class ResponseBody {
  readonly #response: HttpResponse;
  readonly #pieceBytes: number;
  /**
   * Whether it is Node's own response of HTTP/1.1, which says when it needs a piece no longer. One that middleware has
   * wrapped, to compress or to count, may keep it for as long as it likes.
   */
  readonly #isPlain: boolean;
  #piece: Buffer | undefined;
  #onDrain: (() => void) | undefined;

  constructor(response: HttpResponse) {
    this.#response = response;
    this.#pieceBytes = isStream(response) ? STREAM_PIECE_BYTES : PIECE_BYTES;
    this.#isPlain =
      response.write === ServerResponse.prototype.write && response.end === ServerResponse.prototype.end;
    // For good: what middleware does with a listener is not always undone by taking it off.
    if (!this.#isPlain) response.on('drain', () => this.#onDrain?.());
  }

  /** Whether the client has gone, or the answer was ended before its time. */
  get isGone(): boolean {
    return this.#response.destroyed || this.#response.req.socket.destroyed;
  }

  /** Memory for the next piece; what was in it before has been sent. */
  piece(): Buffer {
    if (!this.#isPlain) return Buffer.allocUnsafe(this.#pieceBytes);
    this.#piece ??= idle.pop() ?? Buffer.allocUnsafeSlow(this.#pieceBytes);
    return this.#piece;
  }

  /**
   * Sends bytes that are not the last.
   *
   * @returns whether the client is there for more
   */
  write(bytes: Uint8Array): Promise<boolean> {
    const response = this.#response;
    if (this.isGone) return Promise.resolve(false);
    // A pipelined response that waits for its turn hears nothing of the end of its connection.
    const toldAtEnd = listenersToEnd(response.req.socket);
    return new Promise((resolve) => {
      const settle = (isThere: boolean): void => {
        toldAtEnd.delete(onEnd);
        resolve(isThere);
      };
      const onTaken = (): void => settle(!this.isGone);
      const onEnd = (): void => settle(false);
      toldAtEnd.add(onEnd);
      if (this.#isPlain) response.write(bytes, onTaken);
      else if (response.write(bytes)) onTaken();
      else this.#onDrain = onTaken;
    });
  }

  /** Sends the last bytes. */
  end(bytes: Uint8Array): void {
    const piece = this.#piece;
    this.#piece = undefined;
    this.#response.end(bytes, () => {
      if (piece !== undefined && idle.length < IDLE_PIECES) idle.push(piece);
    });
  }
}

/**
 * Sends bytes that are in memory as the body of an answer whose head is written. HTTP/1.1 sends one answer of a
 * connection at a time, and these bytes are there anyway; of many streams each gets but a piece at a time.
 */
export function sendBytes(bytes: Buffer, response: HttpResponse): void {
  if (bytes.length <= STREAM_PIECE_BYTES || !isStream(response)) response.end(bytes);
  else sendInPieces(bytes, response).catch(() => breakOff(response));
}

async function sendInPieces(bytes: Buffer, response: HttpResponse): Promise<void> {
  const body = new ResponseBody(response);
  const last = bytes.length - STREAM_PIECE_BYTES;
  let start = 0;
  for (; start < last; start += STREAM_PIECE_BYTES)
    if (!(await body.write(bytes.subarray(start, start + STREAM_PIECE_BYTES)))) return;
  body.end(bytes.subarray(start));
}

/** Ends an answer before its time, so that no client takes what it has for the whole. */
export function breakOff(response: HttpResponse): void {
  // A stream that is destroyed without an error is closed as if all were well (RFC 9113 §7, NO_ERROR).
  response.destroy(isStream(response) ? new Error('The answer was broken off.') : undefined);
}

/** Whether a response is one of many on its connection at a time, by the compatibility API of `node:http2`. */
function isStream({ req }: HttpResponse): boolean {
  return req.httpVersionMajor === 2;
}

const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * What to call when a connection ends; the caller takes its own off when it no longer waits. One listener serves all,
 * since any number of pipelined answers wait on one socket. With HTTP/2 the connection is the request's stream, whose
 * stand-in for a socket adds listeners to the stream, but would take them off the socket.
 */
function listenersToEnd(connection: Socket): Set<() => void> {
  const known = waiting.get(connection);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  waiting.set(connection, listeners);
  connection.once('close', () => {
    for (const listener of listeners) listener();
  });
  return listeners;
}
