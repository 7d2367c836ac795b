import { ADDRCONFIG, lookup } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { systemErrorCode } from '../core/errors.ts';
import { byteText, quote } from '../core/text.ts';
import { readAll, type Commands } from './commands.ts';
import { Input } from './input.ts';
import { WrongReply, type ReplyReader, type Wanted } from './replies.ts';
import type { MemcachedServer } from './servers.ts';
import { MemcachedUnreachable, type UnreachableDetails } from './unreachable.ts';

/** What may wait to be sent: a server that hangs must not fill our memory. */
const GREATEST_BACKLOG_BYTES = 64 * 1024 * 1024;

/** How long replies are waited for. */
interface Patience {
  /** Nobody waits for these: the process may end. */
  readonly isBackground?: boolean;
  /** The deadline begins anew with all that arrives. */
  readonly endsWithSilence?: boolean;
}

/** Replies that are waited for. */
interface Exchange {
  readonly reader: ReplyReader<void>;
  wanted: Wanted;
  readonly timer: NodeJS.Timeout;
  isOverdue: boolean;
  readonly endsWithSilence: boolean;
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
      .on('end', () => this.end(`closed the connection${this.#unread}.`))
      .on('close', () => this.end(`closed the connection${this.#unread}.`))
      // What waits for a reply has a timer, which holds the process.
      .unref();
  }

  /**
   * Sends commands in one write.
   *
   * @returns their replies
   * @throws {@link MemcachedUnreachable} where not all come in time; nothing else gets a reply on this connection then
   */
  ask<const Replies extends readonly unknown[]>(
    commands: Commands<Replies>,
    deadlineMilliseconds: number,
    { isBackground = false, endsWithSilence = false }: Patience = {},
  ): Promise<Replies> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    if (this.#socket.writableLength > GREATEST_BACKLOG_BYTES) {
      const problem = `takes no more: ${byteText(this.#socket.writableLength)} wait to be sent.`;
      return Promise.reject(new MemcachedUnreachable(this.#server, problem, { wasSent: false }));
    }
    return new Promise((resolve, reject) => {
      const reader = (function* (): ReplyReader<void> {
        resolve(yield* readAll(commands));
      })();
      const { value: wanted, done } = reader.next();
      if (done) return;
      const timer = setTimeout(() => {
        exchange.isOverdue = true;
        // Where it was this process that stood still, the reply may be here, unread.
        setImmediate(() => {
          if (exchange.isOverdue)
            this.end(`did not answer within ${deadlineMilliseconds} ms${this.#unread}.`);
        });
      }, deadlineMilliseconds);
      if (isBackground) timer.unref();
      const exchange: Exchange = { reader, wanted, timer, isOverdue: false, endsWithSilence, reject };
      this.#exchanges.push(exchange);
      this.#socket.cork();
      for (const bytes of commands.flatMap((command) => command.bytes)) this.#socket.write(bytes);
      // Together with what other callers ask now.
      process.nextTick(() => this.#socket.uncork());
    });
  }

  /** Ends the connection, with all that is waited for. */
  end(problem: string, details: Omit<UnreachableDetails, 'wasSent'> = {}): void {
    if (this.#fault !== undefined) return;
    this.#fault = new MemcachedUnreachable(this.#server, problem, { ...details, wasSent: this.#isOpen });
    this.#socket.destroy();
    const exchanges = this.#exchanges.splice(0);
    for (const { timer, reject } of exchanges) {
      clearTimeout(timer);
      reject(this.#fault);
    }
    this.#onEnd(this.#fault, this.#isOpen && exchanges.length === 0);
  }

  #receive(bytes: Buffer): void {
    if (this.#fault !== undefined) return;
    this.#input.add(bytes);
    try {
      while (this.#advance());
    } catch (error) {
      if (!(error instanceof WrongReply)) throw error;
      const answered = `answered ${quote(error.message)}`;
      // Such as when it has too many connections.
      if (/^(?:CLIENT_|SERVER_)?ERROR\b/.test(error.message)) this.end(`${answered}.`);
      else this.end(`${answered}, as no memcached does.`, { reason: 'no-memcached' });
    }
  }

  /** Reads one piece; `false` where there is none. */
  #advance(): boolean {
    const [exchange] = this.#exchanges;
    if (exchange === undefined) {
      const unasked = this.#input.peek();
      if (unasked === '') return false;
      throw new WrongReply(unasked);
    }
    const piece = this.#input.take(exchange.wanted);
    if (piece === undefined) return false;
    const { value, done } = exchange.reader.next(piece);
    if (done || exchange.endsWithSilence) exchange.isOverdue = false;
    if (done) {
      clearTimeout(exchange.timer);
      this.#exchanges.shift();
    } else {
      exchange.wanted = value;
      if (exchange.endsWithSilence) exchange.timer.refresh();
    }
    return true;
  }

  /** What was read of a reply that is not complete, as a message goes on. */
  get #unread(): string {
    const read = this.#input.peek();
    return read === '' ? '' : ` after ${quote(read)}`;
  }

  #break(error: Error): void {
    if (error instanceof SeveralAddresses) this.end(error.message, { reason: 'several-addresses' });
    else this.end(`cannot be reached (${systemErrorCode(error) ?? error.message}).`, { cause: error });
  }
}

/** Nginx would send requests to all of them in turn. */
class SeveralAddresses extends Error {}

/** The one address of a host, looked up as nginx does. */
const lookupOnly: LookupFunction = (host, _, callback) => {
  lookup(host, { all: true, hints: ADDRCONFIG }, (error, found) => {
    if (error !== null) {
      callback(error, '');
      return;
    }
    const addresses = [...new Set(found.map(({ address }) => address))];
    const list = addresses.map(quote).join(' or ');
    const several = new SeveralAddresses(
      `has several addresses, which nginx would use in turn: write ${list} in place of the name.`,
    );
    callback(addresses.length > 1 ? several : null, addresses[0] ?? '', found[0]?.family);
  });
};
