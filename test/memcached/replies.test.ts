import test from 'ava';
import {
  add,
  get,
  gets,
  readAll,
  remove,
  set,
  stats,
  version,
  type Command,
} from '../../src/memcached/commands.ts';
import { Input } from '../../src/memcached/input.ts';
import { WrongReply } from '../../src/memcached/replies.ts';
import fc from '../helpers/fast-check.ts';

/** Reads replies that arrive in pieces, as a connection does. */
function readPieces(commands: readonly Command<unknown>[], pieces: readonly Buffer[]): readonly unknown[] {
  const input = new Input();
  const reader = readAll(commands);
  let step = reader.next();
  for (const piece of pieces) {
    input.add(piece);
    while (!step.done) {
      const taken = input.take(step.value);
      if (taken === undefined) break;
      step = reader.next(taken);
    }
  }
  if (!step.done || input.peek() !== '') throw new Error('Something is left.');
  return step.value;
}

function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...new Set([0, ...places.map((place) => place % bytes.length), bytes.length])].toSorted(
    (one, other) => one - other,
  );
  return ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
}

const body = fc.oneof(
  fc
    .constantFrom('', 'END\r\n', '\r\n', 'VALUE a 0 1\r\nx\r\nEND\r\n', '\r', '\n')
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 4000 }).map((bytes) => Buffer.from(bytes)),
);

/** A command with its reply, as bytes and as what is read from them. */
const answered: fc.Arbitrary<{ command: Command<unknown>; bytes: Buffer; reply: unknown }> = fc.oneof(
  fc.record({ value: body, flags: fc.nat(), isUnique: fc.boolean() }).map(({ value, flags, isUnique }) => ({
    command: isUnique ? gets(['missing', 'a b']) : get(['missing', 'a b']),
    bytes: Buffer.concat([
      Buffer.from(`VALUE a%20b ${flags} ${value.length}${isUnique ? ' 7' : ''}\r\n`),
      value,
      Buffer.from('\r\nEND\r\n'),
    ]),
    reply: new Map([['a b', { value, flags, ...(isUnique ? { unique: '7' } : {}) }]]),
  })),
  fc
    .constantFrom(
      { command: get(['a']), bytes: 'END\r\n', reply: new Map() },
      { command: set('a', Buffer.from('x'), { ttlSeconds: 1 }), bytes: 'STORED\r\n', reply: 'stored' },
      {
        command: add('a', Buffer.from('x'), { ttlSeconds: 1 }),
        bytes: 'NOT_STORED\r\n',
        reply: 'not-stored',
      },
      {
        command: set('a', Buffer.from('x'), { ttlSeconds: 1 }),
        bytes: 'SERVER_ERROR object too large for cache\r\n',
        reply: { failed: 'SERVER_ERROR object too large for cache' },
      },
      { command: remove('a'), bytes: 'DELETED\r\n', reply: 'done' },
      { command: version(), bytes: 'VERSION 1.6.18\r\n', reply: '1.6.18' },
      {
        command: stats(),
        bytes: 'STAT a 1\r\nSTAT b \r\nEND\r\n',
        reply: new Map([
          ['a', '1'],
          ['b', ''],
        ]),
      },
    )
    .map(({ command, bytes, reply }) => ({ command, bytes: Buffer.from(bytes), reply })),
);

test('replies are the same, however their bytes are cut into pieces', (t) => {
  fc.assert(
    fc.property(
      fc.array(answered, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (exchanges, places) => {
        const commands = exchanges.map(({ command }) => command);
        const bytes = Buffer.concat(exchanges.map((exchange) => exchange.bytes));
        const replies = exchanges.map(({ reply }) => reply);
        t.deepEqual(readPieces(commands, cut(bytes, places)), replies);
      },
    ),
    { numRuns: 300 },
  );
});

test('replies are read byte by byte', (t) => {
  const bytes = Buffer.from('VALUE a 2 9\r\nEND\r\nEND\n\r\nEND\r\nSTORED\r\n');
  const replies = readPieces(
    [get(['a']), set('a', bytes, { ttlSeconds: 1 })],
    [...bytes].map((byte) => Buffer.of(byte)),
  );
  t.deepEqual(replies, [new Map([['a', { value: Buffer.from('END\r\nEND\n'), flags: 2 }]]), 'stored']);
});

for (const [reply, command] of [
  ['HTTP/1.1 400 Bad Request\r\n', get(['a'])],
  ['VALUE b 0 1\r\nx\r\nEND\r\n', get(['a'])],
  ['VALUE a 0 1\r\nxyz\r\nEND\r\n', get(['a'])],
  ['VALUE a 0 -1\r\n', get(['a'])],
  ['VALUE a 0 99999999999\r\n', get(['a'])],
  ['VALUE a 0\r\n', get(['a'])],
  ['VALUE __proto__ 0 1\r\nx\r\n', get(['a'])],
  ['SERVER_ERROR out of memory writing get response\r\n', get(['a'])],
  ['constructor\r\n', set('a', Buffer.from('x'), { ttlSeconds: 1 })],
  ['CLIENT_ERROR bad data chunk\r\n', set('a', Buffer.from('x'), { ttlSeconds: 1 })],
  ['STORED\r\n', remove('a')],
  ["-ERR unknown command 'version'\r\n", version()],
  ['x'.repeat(3000), version()],
  [`${'y'.repeat(3000)}\r\n`, version()],
] as const) {
  test(`${JSON.stringify(reply.slice(0, 60))} is no reply to ${JSON.stringify(`${command.bytes[0]?.toString()}`)}`, (t) => {
    t.throws(() => readPieces([command], [Buffer.from(reply)]), { instanceOf: WrongReply });
    t.throws(
      () =>
        readPieces(
          [command],
          [...Buffer.from(reply)].map((byte) => Buffer.of(byte)),
        ),
      {
        instanceOf: WrongReply,
      },
    );
  });
}
