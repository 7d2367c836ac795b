import { quote } from '../core/text.ts';
import { escapedKey, isUsableKey } from './keys.ts';
import {
  readDone,
  readFlags,
  readItems,
  readStats,
  readStored,
  readVersion,
  type Item,
  type ReplyReader,
  type Stored,
} from './replies.ts';

/** What is sent, and how its reply is read. */
export interface Command<Reply> {
  readonly bytes: readonly Buffer[];
  readonly read: () => ReplyReader<Reply>;
}

/** Commands that are sent together, with the replies that they get. */
export type Commands<Replies extends readonly unknown[]> = {
  readonly [Index in keyof Replies]: Command<Replies[Index]>;
};

/** Reads the replies to several commands, one behind the other. */
export function* readAll<Replies extends readonly unknown[]>(
  commands: Commands<Replies>,
): ReplyReader<Replies> {
  const replies: unknown[] = [];
  for (const command of commands) replies.push(yield* command.read());
  // Each command has read its own reply.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return replies as unknown as Replies;
}

/** How an item is kept. */
export interface Keeping {
  /** At most 30 days, for memcached takes more for a date; 0 for no end. */
  readonly ttlSeconds: number;
  /** 32 bits. */
  readonly flags?: number;
}

const GREATEST_TTL_SECONDS = 2_592_000;
const GREATEST_FLAGS = 0xff_ff_ff_ff;
const LINE_END = Buffer.from('\r\n');

/** Items, those that are there. */
export function get(keys: readonly string[]): Command<ReadonlyMap<string, Item>> {
  return items('get', keys);
}

/** Items, those that are there, each with what {@link cas} compares. */
export function gets(keys: readonly string[]): Command<ReadonlyMap<string, Item>> {
  return items('gets', keys);
}

function items(name: string, keys: readonly string[]): Command<ReadonlyMap<string, Item>> {
  if (keys.length === 0) throw new RangeError('A look-up needs a key.');
  const asked = new Map(keys.map((key) => [sentKey(key), key]));
  return { bytes: [line(name, ...asked.keys())], read: () => readItems(asked) };
}

/** Stores an item. */
export function set(key: string, value: Buffer, keeping: Keeping): Command<Stored> {
  return storing('set', key, value, keeping);
}

/** Stores an item unless there is one. */
export function add(key: string, value: Buffer, keeping: Keeping): Command<Stored> {
  return storing('add', key, value, keeping);
}

/** Adds to the end of an item that is there; its flags and its time stay. */
export function append(key: string, value: Buffer): Command<Stored> {
  return storing('append', key, value, { ttlSeconds: 0 });
}

/** Stores an item if it is still the one that {@link gets} gave. */
export function cas(
  key: string,
  value: Buffer,
  keeping: Keeping & { readonly unique: string },
): Command<Stored> {
  if (!/^\d+$/.test(keeping.unique))
    throw new TypeError(`${quote(keeping.unique)} is nothing that "gets" gave.`);
  return storing('cas', key, value, keeping, keeping.unique);
}

/** The flags of an item, without its bytes (since memcached 1.6). */
export function flagsOf(key: string): Command<number | undefined> {
  return { bytes: [line('mg', sentKey(key), 'f')], read: readFlags };
}

function storing(
  name: string,
  key: string,
  value: Buffer,
  { ttlSeconds, flags = 0 }: Keeping,
  ...rest: readonly string[]
): Command<Stored> {
  requireWhole('flags', flags, GREATEST_FLAGS);
  const head = line(name, sentKey(key), `${flags}`, sentTime(ttlSeconds), `${value.length}`, ...rest);
  return { bytes: [head, value, LINE_END], read: readStored };
}

/** Removes an item. */
export function remove(key: string): Command<'done' | 'missing'> {
  return { bytes: [line('delete', sentKey(key))], read: readDone };
}

/** Gives an item a new time to live. */
export function touch(key: string, ttlSeconds: number): Command<'done' | 'missing'> {
  return { bytes: [line('touch', sentKey(key), sentTime(ttlSeconds))], read: readDone };
}

/** What the server tells of itself. */
export function stats(...group: readonly 'settings'[]): Command<ReadonlyMap<string, string>> {
  return { bytes: [line('stats', ...group)], read: readStats };
}

/** The server's version: `'1.6.18'`. */
export function version(): Command<string> {
  return { bytes: [line('version')], read: readVersion };
}

function line(...words: readonly string[]): Buffer {
  return Buffer.from(`${words.join(' ')}\r\n`);
}

function sentKey(key: string): string {
  if (!isUsableKey(key)) throw new RangeError(`${quote(key)} is no key that memcached takes.`);
  return escapedKey(key);
}

function sentTime(ttlSeconds: number): string {
  requireWhole('time to live in seconds', ttlSeconds, GREATEST_TTL_SECONDS);
  return `${ttlSeconds}`;
}

/** A number that memcached does not take would make it read the item's bytes as commands. */
function requireWhole(noun: string, value: number, greatest: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= greatest) return;
  throw new RangeError(`${quote(value)} is no ${noun}: that is a whole number from 0 to ${greatest}.`);
}
