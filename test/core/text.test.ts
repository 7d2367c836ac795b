import { runInNewContext } from 'node:vm';
import test from 'ava';
import { byteText, countText, isPlainObject, quote } from '../../src/core/text.ts';

test('byteText() rounds as people read', (t) => {
  const texts: readonly (readonly [bytes: number, text: string])[] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9949, '9.9 kB'],
    [9951, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1_234_567, '1.2 MB'],
    [5e15, '5000 TB'],
  ];
  for (const [bytes, text] of texts) t.is(byteText(bytes), text);
});

test('countText() knows one from many', (t) => {
  t.is(countText(1, 'file'), '1 file');
  t.is(countText(0, 'file'), '0 files');
  t.is(countText(2, 'file'), '2 files');
  t.is(countText(2, 'copy', 'copies'), '2 copies');
});

test('quote() puts strings in quotation marks and names anything else', (t) => {
  t.is(quote('a "b"\\'), String.raw`"a \"b\"\\"`);
  t.is(quote(''), '""');
  t.deepEqual(
    [undefined, null, 1, 1n, true, Symbol('s'), [], {}, Object.create(null), new Map(), () => 1].map(quote),
    [
      'undefined',
      'null',
      '1',
      '1n',
      'true',
      'Symbol(s)',
      'an array',
      'an object',
      'an object',
      'an object of class Map',
      'a function',
    ],
  );
});

test('quote() escapes whatever could command a terminal or break a line', (t) => {
  const unfit = [
    ...Array(0x20).keys(),
    0x7f,
    ...Array.from({ length: 0x20 }, (_, index) => 0x80 + index),
    0x2028,
    0x2029,
    0x202e,
  ];
  for (const code of unfit) {
    const quoted = quote(`a${String.fromCodePoint(code)}b`);
    t.regex(quoted, /^"a\\(?:u[0-9a-f]{4}|[bfnrt])b"$/, code.toString(16));
    t.is(JSON.parse(quoted), `a${String.fromCodePoint(code)}b`);
  }
  t.is(quote('grüße 🙂'), '"grüße 🙂"');
});

test('isPlainObject() knows objects of settings from those of classes, in any realm', (t) => {
  const plain = [{}, { a: 1 }, Object.create(null), runInNewContext('({ a: 1 })')];
  const other = [null, [], new Map(), new Headers(), new URL('a:b'), Object.create({ a: 1 }), () => 1, 'a'];
  t.deepEqual(
    plain.map((value) => isPlainObject(value)),
    plain.map(() => true),
  );
  t.deepEqual(
    other.map((value) => isPlainObject(value)),
    other.map(() => false),
  );
});
