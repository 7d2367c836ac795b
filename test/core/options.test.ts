import test from 'ava';
import { booleanOption, checkOptions, choiceOption, quote, requiredText } from '../../src/core/options.ts';

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
      'an object',
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

test('checkOptions() refuses what is no object', (t) => {
  for (const options of [null, 'hash', 1, true, [], ['hash'], () => ({})]) {
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
