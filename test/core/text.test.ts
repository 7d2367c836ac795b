import { runInNewContext } from 'node:vm';
import test from 'ava';
import { byteText, countText, didYouMean, isPlainObject, nearestName, quote } from '../../src/core/text.ts';

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

test('didYouMean() names the nearest within a third of its length, whatever its case', (t) => {
  const known = ['css/app.css', 'css/apps.css', 'js/app.js', 'a'];
  t.is(didYouMean('css/ap.css', known), ' Did you mean "css/app.css"?');
  t.is(didYouMean('CSS/APPS.CSS', known), ' Did you mean "css/apps.css"?');
  t.is(didYouMean('abc', known), ' Did you mean "a"?');
  t.is(didYouMean('abcd', known), '');
  t.is(didYouMean('fonts/a.woff2', known), '');
  t.is(didYouMean('x', []), '');
});

/** What the comparison of two names costs at most, in steps for each pair of characters. */
const costOf = (name: string, known: readonly string[]): number => {
  let cost = 0;
  nearestName(name, known, (one, other) => {
    cost += one.length * other.length;
    return Math.max(one.length, other.length);
  });
  return cost;
};

test('nearestName() takes bounded work, however long and many the names are', (t) => {
  const short = Array.from({ length: 10_000 }, (_, number) => `css/page-${number}/app.css`);
  const long = short.map((name) => name.padEnd(16_384, 'x'));
  t.is(costOf('x'.repeat(16_384), short), 0);
  for (const length of [10, 20, 200, 4096, 16_384]) {
    const name = 'x'.repeat(length);
    for (const known of [short, long, [...short, ...long]])
      t.true(costOf(name, known) <= 10_000_000, `${length}`);
  }
  t.true(costOf('css/page-1/ap.css', short) > 0);
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
