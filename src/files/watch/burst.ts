/**
 * Events in quick succession, taken as one: calls back when nothing has happened for a while, so that a build is one
 * change, and now and then while something happens all the time. Does not keep the process alive.
 */
export class Burst {
  readonly #quietMilliseconds: number;
  readonly #longestMilliseconds: number;
  readonly #onEnd: () => void;
  #start: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(quietMilliseconds: number, longestMilliseconds: number, onEnd: () => void) {
    this.#quietMilliseconds = quietMilliseconds;
    this.#longestMilliseconds = longestMilliseconds;
    this.#onEnd = onEnd;
  }

  /** Something has happened. */
  add(): void {
    const now = performance.now();
    const start = this.#start ?? now;
    this.cancel();
    this.#start = start;
    const wait = Math.min(this.#quietMilliseconds, start + this.#longestMilliseconds - now);
    this.#timer = setTimeout(() => {
      // In a busy process the timer fires late, with further events already waiting to be read.
      this.#immediate = setImmediate(() => {
        this.#start = undefined;
        this.#onEnd();
      });
    }, wait).unref();
  }

  /** Forgets what has happened. */
  cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#start = undefined;
  }
}
