import test from 'ava';
import { get, set } from '../../src/memcached/commands.ts';
import { escapedKey, isUsableKey, unescapedKey } from '../../src/memcached/keys.ts';
import fc from '../helpers/fast-check.ts';

test('escapedKey() writes a key as nginx sends it', (t) => {
  t.is(escapedKey('pages:a/b?c=d e%20\t\n"é'), 'pages:a/b?c=d%20e%2520%09%0A"é');
});

test('unescapedKey() gives back every key, and nothing for what nobody escapes so', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (key) => {
      const escaped = escapedKey(key);
      return !/[\0-\x20]/.test(escaped) && unescapedKey(escaped) === key;
    }),
  );
  t.is(unescapedKey('a%2Fb'), undefined);
  t.is(unescapedKey('a%0a'), undefined);
  t.is(unescapedKey('a b'), undefined);
  t.is(unescapedKey('100%'), undefined);
});

test('isUsableKey() counts the bytes that are sent: at most 250', (t) => {
  t.true(isUsableKey('a'.repeat(250)));
  t.false(isUsableKey('a'.repeat(251)));
  t.true(isUsableKey('é'.repeat(125)));
  t.false(isUsableKey(`${'é'.repeat(125)}a`));
  t.false(isUsableKey(`${'a'.repeat(248)} `));
  t.false(isUsableKey(''));
  t.false(isUsableKey('\uD800'));
});

test('a command refuses what the protocol would read otherwise', (t) => {
  const value = Buffer.from('x');
  t.throws(() => get(['a'.repeat(251)]), { instanceOf: RangeError });
  t.throws(() => get([]), { instanceOf: RangeError });
  t.throws(() => set('a', value, { ttlSeconds: 2_592_001 }), { instanceOf: RangeError, message: /2592001/ });
  t.throws(() => set('a', value, { ttlSeconds: -1 }), { instanceOf: RangeError });
  t.throws(() => set('a', value, { ttlSeconds: 1, flags: -1 }), { instanceOf: RangeError });
  t.throws(() => set('a', value, { ttlSeconds: 1, flags: 2 ** 32 }), { instanceOf: RangeError });
  t.deepEqual(
    Buffer.concat(set('a\r\nflush_all', value, { ttlSeconds: 1 }).bytes)
      .toString()
      .split('\r\n'),
    ['set a%0D%0Aflush_all 0 1 1', 'x', ''],
  );
});
