import { ServerResponse } from 'node:http';

/** What one slow client holds in memory at most, beside the socket's own buffer. */
const PIECE_BYTES = 128 * 1024;
/** Pieces that no answer uses, kept since new memory costs more than reading into it does. */
const IDLE_PIECES = 16;
const idle: Buffer[] = [];

/** The body of an answer whose head is written, sent piece by piece as fast as the client takes it. */
export class ResponseBody {
  readonly #response: ServerResponse;
  /**
   * Whether it is Node's own response, which says when it needs a piece no longer. One that middleware has wrapped, to
   * compress or to count, may keep it for as long as it likes.
   */
  readonly #isPlain: boolean;
  #piece: Buffer | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#isPlain =
      response.write === ServerResponse.prototype.write && response.end === ServerResponse.prototype.end;
  }

  /** Memory for the next piece; what was in it before has been sent. */
  piece(): Buffer {
    if (!this.#isPlain) return Buffer.allocUnsafe(PIECE_BYTES);
    this.#piece ??= idle.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
    return this.#piece;
  }

  /**
   * Sends bytes that are not the last.
   *
   * @returns whether the client is there for more
   */
  write(bytes: Uint8Array): Promise<boolean> {
    const response = this.#response;
    const { socket } = response.req;
    if (response.destroyed || socket.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (isThere: boolean): void => {
        response.off('drain', onTaken).off('close', onClose);
        socket.off('close', onClose);
        resolve(isThere);
      };
      const onTaken = (): void => settle(!response.destroyed);
      const onClose = (): void => settle(false);
      response.on('close', onClose);
      // A pipelined response that waits for its turn hears nothing of the end of its connection.
      socket.on('close', onClose);
      if (this.#isPlain) response.write(bytes, onTaken);
      else if (response.write(bytes)) onTaken();
      else response.on('drain', onTaken);
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
