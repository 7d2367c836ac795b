import { ADDRCONFIG, lookup } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import type { Command } from './commands.ts';
import { Input } from './input.ts';
import { readAll, WrongReply, type ReplyReader, type Wanted } from './replies.ts';
import type { MemcachedServer } from './servers.ts';
import { MemcachedUnreachable, type UnreachableReason } from './unreachable.ts';

/** What may wait to be sent: a server that hangs must not fill our memory. */
const GREATEST_BACKLOG_BYTES = 64 * 1024 * 1024;

/** Replies that are waited for. */
interface Exchange {
  readonly reader: ReplyReader<readonly unknown[]>;
  wanted: Wanted;
  readonly resolve: (replies: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** One connection to a server: its replies come in the order of the commands. */
export class Connection {
  readonly #server: MemcachedServer;
  readonly #socket: Socket;
  readonly #onEnd: (fault: MemcachedUnreachable, wasIdle: boolean) => void;
  readonly #input = new Input();
  readonly #exchanges: Exchange[] = [];
  #isOpen = false;
  #fault: MemcachedUnreachable | undefined;

  constructor(server: MemcachedServer, onEnd: (fault: MemcachedUnreachable, wasIdle: boolean) => void) {
    this.#server = server;
    this.#onEnd = onEnd;
    this.#socket = connect({
      host: server.host,
      port: server.port,
      noDelay: true,
      keepAlive: true,
      autoSelectFamily: false,
      lookup: lookupOnly,
    })
      .on('connect', () => (this.#isOpen = true))
      .on('data', (bytes) => this.#receive(bytes))
      .on('error', (error) => this.#break(error))
      .on('end', () => this.#close())
      .on('close', () => this.#close())
      // What waits for a reply has a timer, which holds the process.
      .unref();
  }

  /**
   * Sends commands in one write.
   *
   * @returns their replies
   * @throws {@link MemcachedUnreachable} where not all come in time; nothing else gets a reply on this connection then
   */
  ask(
    commands: readonly Command<unknown>[],
    deadlineMilliseconds: number,
    { holdsProcess }: { readonly holdsProcess: boolean } = { holdsProcess: true },
  ): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      if (this.#socket.writableLength > GREATEST_BACKLOG_BYTES) {
        return reject(
          new MemcachedUnreachable(this.#server, 'takes no more: too much waits to be sent.', {
            wasSent: false,
          }),
        );
      }
      const reader = readAll(commands.map(({ read }) => read()));
      const { value: wanted, done } = reader.next();
      if (done) return resolve(wanted);
      const timer = setTimeout(() => {
        // Where it was this process that stood still, the reply may be here, unread.
        setImmediate(() => {
          if (this.#exchanges.includes(exchange))
            this.end(`did not answer within ${deadlineMilliseconds} ms.`);
        });
      }, deadlineMilliseconds);
      if (!holdsProcess) timer.unref();
      const exchange: Exchange = {
        reader,
        wanted,
        resolve: (replies) => {
          clearTimeout(timer);
          resolve(replies);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#exchanges.push(exchange);
      this.#socket.cork();
      for (const bytes of commands.flatMap((command) => command.bytes)) this.#socket.write(bytes);
      this.#socket.uncork();
    });
  }

  /** Ends the connection, with what is waited for. */
  end(problem: string, reason?: UnreachableReason, cause?: unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = new MemcachedUnreachable(this.#server, problem, {
      wasSent: this.#isOpen,
      ...(reason === undefined ? {} : { reason }),
      cause,
    });
    this.#socket.destroy();
    const exchanges = this.#exchanges.splice(0);
    for (const { reject } of exchanges) reject(this.#fault);
    this.#onEnd(this.#fault, this.#isOpen && exchanges.length === 0);
  }

  #receive(bytes: Buffer): void {
    if (this.#fault !== undefined) return;
    this.#input.add(bytes);
    try {
      for (;;) {
        const [exchange] = this.#exchanges;
        if (exchange === undefined) {
          if (this.#input.isEmpty) return;
          throw new WrongReply(this.#input.peek());
        }
        const piece = this.#input.take(exchange.wanted);
        if (piece === undefined) return;
        const { value, done } = exchange.reader.next(piece);
        if (done) {
          this.#exchanges.shift();
          exchange.resolve(value);
        } else exchange.wanted = value;
      }
    } catch (error) {
      if (!(error instanceof WrongReply)) throw error;
      this.end(`answered ${quote(error.message)}, as no memcached does.`, 'no-memcached');
    }
  }

  #break(error: Error): void {
    if (error instanceof SeveralAddresses) this.end(error.message, 'several-addresses', error);
    else this.end(`cannot be reached (${systemErrorCode(error) ?? error.message}).`, 'no-answer', error);
  }

  #close(): void {
    const read = this.#input.peek();
    this.end(`closed the connection${read === '' ? '' : ` after ${quote(read)}`}.`);
  }
}

/** Nginx would send requests to all of them in turn. */
class SeveralAddresses extends Error {}

/** The one address of a host, looked up as nginx does. */
const lookupOnly: LookupFunction = (host, { family }, callback) => {
  lookup(host, { family: family ?? 0, all: true, hints: ADDRCONFIG }, (error, found = []) => {
    const [first = { address: '', family: 4 }, ...others] = found;
    if (error !== null || others.every(({ address }) => address === first.address)) {
      callback(error, first.address, first.family);
      return;
    }
    const list = found.map(({ address }) => quote(address)).join(' and ');
    callback(
      new SeveralAddresses(
        `has several addresses, which nginx would use in turn. Write one of ${list} in place of the name.`,
      ),
      '',
    );
  });
};
