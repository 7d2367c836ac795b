import { setTimeout as sleep } from 'node:timers/promises';
import { version, type Command } from './commands.ts';
import { Connection } from './connection.ts';
import { dumpKeys } from './key-dump.ts';
import type { MemcachedServer } from './servers.ts';
import { MemcachedUnreachable } from './unreachable.ts';

/** What a node is told of when it is made. */
export interface NodeOptions {
  /** For the replies to what is sent at once, with connecting. */
  readonly deadlineMilliseconds: number;
  /** Told once each time that the server fails. */
  readonly onDown?: (error: MemcachedUnreachable) => void;
  /** Told once each time that the server answers again. */
  readonly onUp?: () => void;
}

const FIRST_PAUSE_MILLISECONDS = 25;
const LONGEST_PAUSE_MILLISECONDS = 2000;

/** One server of a cluster: one connection, which all callers share and which comes back by itself. */
export class MemcachedNode {
  readonly server: MemcachedServer;
  readonly #options: NodeOptions;
  #connection: Connection | undefined;
  /** Why the server is known to be down. */
  #fault: MemcachedUnreachable | undefined;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(server: MemcachedServer, options: NodeOptions) {
    this.server = server;
    this.#options = options;
  }

  /** Whether the server has failed and has not answered since. */
  get isDown(): boolean {
    return this.#fault !== undefined;
  }

  /**
   * Sends commands in one write; the server carries them out in their order.
   *
   * @returns their replies
   * @throws {@link MemcachedUnreachable} where not all replies come within the deadline; at once while the server is down
   */
  async run<const Replies extends readonly unknown[]>(
    ...commands: { readonly [Index in keyof Replies]: Command<Replies[Index]> }
  ): Promise<Replies> {
    if (this.#isClosed) throw this.#refusal('is no longer asked: the node was closed.');
    if (this.#fault !== undefined) throw this.#refusal('is still down.', this.#fault);
    this.#connection ??= this.#connect();
    const replies = await this.#connection.ask(commands, this.#options.deadlineMilliseconds);
    // Each command has read its own reply.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return replies as Replies;
  }

  /** Every key of the server that begins with a prefix. The deadline begins anew with all that arrives. */
  keys(prefix: string): AsyncIterable<string> {
    return dumpKeys(this.server, prefix, this.#options.deadlineMilliseconds);
  }

  /** Resolves when the server has answered again; at once unless it is known to be down. */
  whenReachable(): Promise<void> {
    return this.isDown ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  /** Ends the connection. What still waits for a reply is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connection?.end('is no longer asked: the node was closed.');
  }

  #refusal(problem: string, cause?: MemcachedUnreachable): MemcachedUnreachable {
    return new MemcachedUnreachable(this.server, problem, { wasSent: false, cause });
  }

  #connect(): Connection {
    const connection = new Connection(this.server, (fault, wasIdle) => {
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      // A server may close a connection that nobody uses.
      if (!wasIdle && !this.#isClosed) this.#goDown(fault);
    });
    return connection;
  }

  #goDown(fault: MemcachedUnreachable): void {
    this.#fault = fault;
    this.#options.onDown?.(fault);
    void this.#probe();
  }

  /** Asks again and again, with growing pauses, until the server answers. Holds no process. */
  async #probe(): Promise<void> {
    for (let pause = FIRST_PAUSE_MILLISECONDS; !this.#isClosed; pause *= 2) {
      await sleep(Math.min(pause, LONGEST_PAUSE_MILLISECONDS), undefined, { ref: false });
      const connection = this.#connect();
      try {
        await connection.ask([version()], this.#options.deadlineMilliseconds, { holdsProcess: false });
      } catch {
        continue;
      }
      this.#goUp(connection);
      return;
    }
  }

  #goUp(connection: Connection): void {
    if (this.#isClosed) return connection.end('is no longer asked: the node was closed.');
    this.#connection = connection;
    this.#fault = undefined;
    this.#options.onUp?.();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
