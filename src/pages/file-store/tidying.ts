import { setImmediate } from 'node:timers/promises';
import { patiently } from './disk.ts';

/** Does in the background what nobody has to wait for. What is lost with the process, a sweep finds. */
export class Tidying {
  readonly #onError: (error: unknown) => void;
  readonly #tasks: (() => void)[] = [];
  #running: Promise<void> | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(task: () => void): void {
    this.#tasks.push(task);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is left to do. */
  async done(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    await setImmediate();
    try {
      for await (const task of patiently(this.#tasks)) task();
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#tasks.length = 0;
      this.#running = undefined;
    }
  }
}
