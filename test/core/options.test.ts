import { runInNewContext } from 'node:vm';
import test from 'ava';
import {
  booleanOption,
  checkOptions,
  choiceOption,
  isPlainObject,
  quote,
  requiredPath,
  requiredText,
} from '../../src/core/options.ts';

test('quote() puts text in quotation marks and names what is no text', (t) => {
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

test('checkOptions() names the function, the unknown option and what is known', (t) => {
  t.notThrows(() => checkOptions('f()', undefined, ['hash']));
  t.notThrows(() => checkOptions('f()', {}, ['hash']));
  t.notThrows(() => checkOptions('f()', { hash: undefined }, ['hash']));
  t.throws(() => checkOptions('f()', { hasch: 1 }, ['hash']), {
    instanceOf: TypeError,
    message: 'f() has no option "hasch". Did you mean "hash"?',
  });
  t.throws(() => checkOptions('f()', { colour: 1 }, ['hash', 'time']), {
    instanceOf: TypeError,
    message: 'f() has no option "colour". It has "hash", "time".',
  });
  const known = ['time', 'hash', 'secret'];
  t.throws(() => checkOptions('f()', { secert: 1 }, known), { message: /Did you mean "secret"\?$/ });
  t.throws(() => checkOptions('f()', { HASH: 1 }, known), { message: /Did you mean "hash"\?$/ });
  t.throws(() => checkOptions('f()', { '': 1 }, []), { instanceOf: TypeError });
  t.throws(() => checkOptions('f()', JSON.parse('{"__proto__": 1}'), ['hash']), { instanceOf: TypeError });
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

test('checkOptions() refuses what is no plain object', (t) => {
  for (const options of [null, 'hash', 1, true, [], ['hash'], () => ({}), new Map([['hash', 1]])]) {
    t.throws(() => checkOptions('f()', options, ['hash']), {
      instanceOf: TypeError,
      message: /^f\(\) takes its options/,
    });
  }
});

test('booleanOption() takes true, false and nothing else', (t) => {
  t.is(booleanOption('hash', undefined, true), true);
  t.is(booleanOption('hash', false, true), false);
  for (const value of [null, 0, 1, '', 'true', {}]) {
    t.throws(() => booleanOption('hash', value, true), {
      instanceOf: TypeError,
      message: /^The option "hash" is true or/,
    });
  }
});

test('choiceOption() takes one of its words', (t) => {
  t.is(choiceOption('time', undefined, ['atime', 'mtime'], 'atime'), 'atime');
  t.is(choiceOption('time', 'mtime', ['atime', 'mtime'], 'atime'), 'mtime');
  for (const value of [null, 'MTIME', 'mtime ', '', 0, ['mtime'], 'toString']) {
    t.throws(() => choiceOption('time', value, ['atime', 'mtime'], 'atime'), { instanceOf: TypeError });
  }
});

test('requiredText() refuses what is empty or no text', (t) => {
  t.is(requiredText('root', ' '), ' ');
  for (const value of ['', undefined, null, 0, [], ['a'], Object('a')]) {
    t.throws(() => requiredText('root', value), {
      instanceOf: TypeError,
      message: /^The root is a text that is not empty, not/,
    });
  }
});

test('requiredPath() takes a text or a file: URL, and nothing that is no path', (t) => {
  t.is(requiredPath('root', 'a/b'), 'a/b');
  t.is(requiredPath('root', new URL('file:///a%20b/')), '/a b/');
  const wrong: readonly (readonly [value: unknown, message: RegExp])[] = [
    ['', /^The root is a text that is not empty, not ""/],
    [{ href: 'file:///a' }, /not an object/],
    ['a\0b', /^The root "a\\u0000b" has a NUL character/],
    [new URL('file:///a%00b'), /has a NUL character/],
    [new URL('data:,a'), /^The root is a path or a "file:" URL, not a URL of "data:"/],
    [new URL('file://host/a'), /^The root "file:\/\/host\/a" is no path of this host/],
    [new URL('file:///a%2Fb'), /^The root "file:\/\/\/a%2Fb" is no path of this host/],
  ];
  for (const [value, message] of wrong)
    t.throws(() => requiredPath('root', value), { instanceOf: TypeError, message });
});
