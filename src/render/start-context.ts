import { MessageChannel, type MessagePort } from 'node:worker_threads';

/**
 * Runs tasks in the asynchronous context in which this object was made, whoever orders them.
 *
 * A message of a port is received in the port's own context. `AsyncLocalStorage.snapshot()` would do for
 * AsyncLocalStorage, but not for what follows asynchronous resources by itself, as cls-hooked does: it needs a new turn of
 * the event loop that nobody's resource began.
 */
export class StartContext {
  readonly #tasks: (() => void)[] = [];
  readonly #orders: MessagePort;
  readonly #received: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#orders = port1;
    this.#received = port2;
    // One message for each task, so that no task runs in the turn, or dies by the fault, of another.
    port2.on('message', () => {
      const task = this.#tasks.shift();
      // What is only waiting holds no process.
      if (this.#tasks.length === 0) port2.unref();
      task?.();
    });
    port1.unref();
    port2.unref();
  }

  /** Runs a task soon, after those that were ordered before. */
  run(task: () => void): void {
    this.#tasks.push(task);
    this.#received.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- ports have none
    this.#orders.postMessage(null);
  }

  /** Takes no more, once what was ordered has run. */
  close(): void {
    this.run(() => this.#received.close());
  }
}
