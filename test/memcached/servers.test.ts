import test from 'ava';
import { parseServers } from '../../src/memcached/options.ts';

test('parseServers() reads servers as nginx writes them', (t) => {
  t.deepEqual(parseServers(['10.0.0.1:11211', 'Cache_1.lan:11212 weight=3', '[::1]:11213'], 'servers'), [
    { host: '10.0.0.1', port: 11_211, weight: 1, name: '10.0.0.1:11211' },
    { host: 'Cache_1.lan', port: 11_212, weight: 3, name: 'Cache_1.lan:11212' },
    { host: '::1', port: 11_213, weight: 1, name: '[::1]:11213' },
  ]);
});

for (const server of [
  '',
  'localhost',
  '127.0.0.1',
  'a:',
  ':11211',
  'a:b',
  'a:011',
  '::1:11211',
  'unix:11211',
  'unix:/run/memcached.sock',
  'a b:11211',
  'a:1;',
  '$host:11211',
  'a:1 weight=-1',
  'a:1 weight=',
  'a:1 max_fails=3',
  'a:1 weight=2 backup',
  'a:1\n',
  'http://a:1',
]) {
  test(`parseServers() refuses ${JSON.stringify(server)}`, (t) => {
    const error = t.throws(() => parseServers(['ok:1', server], 'servers'), { instanceOf: TypeError });
    t.true(error.message.startsWith(`The option "servers" has ${JSON.stringify(server)}. Write a server as`));
  });
}

test('parseServers() refuses ports and weights that cannot be, and the same server twice', (t) => {
  const refuse = (...servers: readonly string[]) => t.throws(() => parseServers(servers, 'servers'));
  t.is(refuse('a:65536')?.message, 'The option "servers" has "a:65536", whose port is not from 1 to 65535.');
  t.true(refuse('a:1 weight=0') instanceof RangeError);
  t.true(refuse('a:1 weight=1001') instanceof RangeError);
  t.is(
    refuse('a:1', 'A:1 weight=2')?.message,
    'The option "servers" names "A:1" twice. Give it a weight in place of that.',
  );
});

test('parseServers() refuses what is no list of servers', (t) => {
  for (const [value, text] of [
    [[], 'an empty one'],
    ['a:1', '"a:1"'],
    [undefined, 'undefined'],
    [[1], '1'],
  ] as const) {
    const error = t.throws(() => parseServers(value as unknown as string[], 'servers'), {
      instanceOf: TypeError,
    });
    t.true(error.message.includes(text), error.message);
  }
});
