import { setTimeout as sleep } from 'node:timers/promises';
import { version, type Commands } from './commands.ts';
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

const CLOSED = 'is no longer asked: the node was closed.';
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
  #life = 0;
  #waiting: (() => void)[] = [];

  constructor(server: MemcachedServer, options: NodeOptions) {
    this.server = server;
    this.#options = options;
  }

  /** Whether the server has failed and has not answered since. */
  get isDown(): boolean {
    return this.#fault !== undefined;
  }

  /** Another number for each connection: what was said on an earlier one may have been said to a server that is gone. */
  get life(): number {
    return this.#life;
  }

  /**
   * Sends commands in one write; the server carries them out in their order.
   *
   * @returns their replies
   * @throws {@link MemcachedUnreachable} where not all replies come within the deadline; at once while the server is down
   */
  async run<const Replies extends readonly unknown[]>(...commands: Commands<Replies>): Promise<Replies> {
    if (this.#isClosed) throw new MemcachedUnreachable(this.server, CLOSED, { wasSent: false });
    if (this.#fault !== undefined) throw stillDown(this.#fault);
    if (this.#connection === undefined) {
      this.#connection = this.#connect();
      this.#life += 1;
    }
    return this.#connection.ask(commands, this.#options.deadlineMilliseconds);
  }

  /**
   * Every key of the server that begins with a prefix, by a connection of its own.
   *
   * @throws {@link MemcachedUnreachable} where nothing arrives for longer than the deadline
   */
  async *keys(prefix: string): AsyncGenerator<string, void, undefined> {
    if (this.#fault !== undefined) throw stillDown(this.#fault);
    yield* await dumpKeys(this.server, prefix, this.#options.deadlineMilliseconds);
  }

  /** Resolves when the server has answered again; at once unless it is known to be down. */
  whenReachable(): Promise<void> {
    return this.isDown ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  /** Ends the connection. What still waits for a reply is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connection?.end(CLOSED);
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
        await connection.ask([version()], this.#options.deadlineMilliseconds, { isBackground: true });
      } catch {
        continue;
      }
      this.#goUp(connection);
      return;
    }
  }

  #goUp(connection: Connection): void {
    if (this.#isClosed) return connection.end(CLOSED);
    this.#connection = connection;
    this.#life += 1;
    this.#fault = undefined;
    this.#options.onUp?.();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function stillDown(fault: MemcachedUnreachable): MemcachedUnreachable {
  const { server, problem, reason } = fault;
  return new MemcachedUnreachable(server, `counts as down: it ${problem}`, {
    wasSent: false,
    reason,
    cause: fault,
  });
}
