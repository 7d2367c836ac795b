/** What a reader needs next: a line without its end, or so many bytes. */
export type Wanted = 'line' | number;

/** Reads one reply: asks for piece after piece, and returns what the reply says. */
export type ReplyReader<Reply> = Generator<Wanted, Reply, Buffer>;

/** An item as it was stored. */
export interface Item {
  readonly value: Buffer;
  readonly flags: number;
  /** What `cas` compares; only by `gets`. */
  readonly unique?: string;
}

/** What became of an item that was to be stored. */
export type Stored = 'stored' | 'not-stored' | 'exists' | 'missing' | { readonly failed: string };

/** What was read is not what memcached says. */
export class WrongReply extends Error {}

const STORED: ReadonlyMap<string, Stored> = new Map<string, Stored>([
  ['STORED', 'stored'],
  ['NOT_STORED', 'not-stored'],
  ['EXISTS', 'exists'],
  ['NOT_FOUND', 'missing'],
]);

/** Reads what became of an item. */
export function* readStored(): ReplyReader<Stored> {
  const line = yield* readLine();
  const stored = STORED.get(line);
  if (stored !== undefined) return stored;
  // Not so after CLIENT_ERROR: memcached may go on to read the item's bytes as commands.
  if (line.startsWith('SERVER_ERROR ')) return { failed: line };
  throw new WrongReply(line);
}

/** Reads whether there was such an item. */
export function* readDone(): ReplyReader<'done' | 'missing'> {
  const line = yield* readLine();
  if (line === 'DELETED' || line === 'TOUCHED') return 'done';
  if (line === 'NOT_FOUND') return 'missing';
  throw new WrongReply(line);
}

/**
 * Reads the items that are there.
 *
 * @param asked - the keys as they were sent, each with its name in the reply
 */
export function* readItems(asked: ReadonlyMap<string, string>): ReplyReader<ReadonlyMap<string, Item>> {
  const items = new Map<string, Item>();
  for (;;) {
    const line = (yield 'line').toString();
    if (line === 'END') return items;
    const [, escaped = '', flags, length, unique] =
      /^VALUE (\S+) (\d{1,10}) (\d{1,9})(?: (\d+))?$/.exec(line) ?? [];
    const key = asked.get(escaped);
    if (key === undefined) throw new WrongReply(line);
    const value = yield Number(length);
    const end = yield 2;
    if (end.toString('latin1') !== '\r\n') throw new WrongReply(`${line} … ${end.toString('latin1')}`);
    items.set(key, { value, flags: Number(flags), ...(unique === undefined ? {} : { unique }) });
  }
}

/** Reads an item's flags; `undefined` where there is no such item. */
export function* readFlags(): ReplyReader<number | undefined> {
  const line = yield* readLine();
  if (line === 'EN') return undefined;
  const [, flags] = /^HD f(\d{1,10})$/.exec(line) ?? [];
  if (flags === undefined) throw new WrongReply(line);
  return Number(flags);
}

/** Reads lines of a name and a value. */
export function* readStats(): ReplyReader<ReadonlyMap<string, string>> {
  const stats = new Map<string, string>();
  for (;;) {
    const line = yield* readLine();
    if (line === 'END') return stats;
    const [, name, value] = /^STAT (\S+) ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new WrongReply(line);
    stats.set(name, value);
  }
}

/** Reads the version. */
export function* readVersion(): ReplyReader<string> {
  const line = yield* readLine();
  if (!line.startsWith('VERSION ')) throw new WrongReply(line);
  return line.slice('VERSION '.length);
}

function* readLine(): ReplyReader<string> {
  return (yield 'line').toString('latin1');
}
