import test from 'ava';
import fc from '../helpers/fast-check.ts';
import { versionOf } from '../../src/core/hash.ts';
import { cutToVersion, isVersion } from '../../src/core/version-format.ts';

test('versionOf() is SHA-256 cut to 16 digits', (t) => {
  // FIPS 180-4, example "abc"; printf '' | sha256sum
  t.is(versionOf('abc'), 'ba7816bf8f01cfea');
  t.is(versionOf(''), 'e3b0c44298fc1c14');
});

test('versionOf() with a secret is HMAC-SHA-256 cut to 16 digits', (t) => {
  // RFC 4231, test cases 1 and 2
  t.is(versionOf('Hi There', new Uint8Array(20).fill(0x0b)), 'b0344c61d8db3853');
  t.is(versionOf('what do ya want for nothing?', 'Jefe'), '5bdcc146bf60754e');
});

test('isVersion() takes 16 digits of lower-case hexadecimal and nothing else', (t) => {
  t.true(isVersion('0123456789abcdef'));
  for (const text of [
    '',
    '0123456789abcde',
    '0123456789abcdef0',
    '0123456789ABCDEF',
    '0123456789abcdeg',
    '0123456789abcdef\n',
    '\n123456789abcdef',
    '０123456789abcdef',
    '................',
  ]) {
    t.false(isVersion(text), JSON.stringify(text));
  }
});

test('cutToVersion() makes a version of every digest and commit', (t) => {
  t.is(cutToVersion('0123456789ABCDEF0123456789abcdef01234567'), '0123456789abcdef');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('0', '9', 'a', 'f', 'A', 'F'), minLength: 16 }), (digest) =>
      isVersion(cutToVersion(digest)),
    ),
  );
  t.pass();
});
