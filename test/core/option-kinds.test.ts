import test from 'ava';
import {
  absolutePath,
  amount,
  BOOLEAN,
  choice,
  PATH,
  PATHS,
  requirePath,
  requireString,
  STRING,
  switchOrNumber,
  type Kind,
} from '../../src/core/option-kinds.ts';

function refuses(kind: Kind<unknown>, value: unknown): string | undefined {
  return kind.check(value) ? undefined : kind.refusal(value, 'x').message;
}

test('BOOLEAN takes true, false and nothing else', (t) => {
  t.true(BOOLEAN.check(false));
  for (const value of [null, 0, 1, '', 'true', {}])
    t.regex(refuses(BOOLEAN, value) ?? '', /^The option "x" is true or false, not/);
});

test('choice() takes one of its words', (t) => {
  const time = choice('atime', 'mtime');
  t.true(time.check('mtime'));
  for (const value of [null, 'MTIME', 'mtime ', '', 0, ['mtime'], 'toString'])
    t.regex(refuses(time, value) ?? '', /^The option "x" is "atime" or "mtime", not/);
});

test('STRING and requireString() refuse what is empty or no string', (t) => {
  t.is(requireString('root', ' '), ' ');
  for (const value of ['', undefined, null, 0, [], ['a'], Object('a')]) {
    t.regex(refuses(STRING, value) ?? '', /is a non-empty string, not/);
    t.throws(() => requireString('root', value), {
      instanceOf: TypeError,
      message: /^The root is a non-empty string, not/,
    });
  }
});

test('amount() takes any number from 0 on', (t) => {
  const bytes = amount('bytes');
  for (const value of [0, 0.5, Infinity]) t.true(bytes.check(value));
  for (const value of [-1, Number.NaN]) t.true(bytes.refusal(value, 'x') instanceof RangeError);
  t.is(refuses(bytes, '1'), 'The option "x" is a number of bytes from 0 on, not "1".');
});

test('switchOrNumber() takes true, false and whole numbers from the least one on', (t) => {
  const releases = switchOrNumber('releases', 1);
  for (const value of [true, false, 1, 3]) t.true(releases.check(value));
  for (const value of [0, -1, 1.5, Infinity, Number.NaN]) {
    t.false(releases.check(value));
    t.true(releases.refusal(value, 'x') instanceof RangeError);
  }
  t.is(
    refuses(releases, '3'),
    'The option "x" is true, false or a whole number of releases from 1 on, not "3".',
  );
});

const NO_PATHS: readonly (readonly [value: unknown, message: RegExp])[] = [
  ['', /^The root is a non-empty path or a "file:" URL, not ""/],
  [{ href: 'file:///a' }, /not an object/],
  ['a\0b', /^The root is "a\\u0000b": no path may have a NUL character/],
  [new URL('file:///a%00b'), /may have a NUL character/],
  [new URL('data:,a'), /"file:" URL, not a URL of "data:"/],
  [new URL('file://host/a'), /^The root is "file:\/\/host\/a", which is no path of this host/],
  [new URL('file:///a%2Fb'), /^The root is "file:\/\/\/a%2Fb", which is no path of this host/],
];

test('PATH and requirePath() take a string or a file: URL, and nothing that is no path', (t) => {
  t.is(requirePath('root', 'a/b'), 'a/b');
  t.is(requirePath('root', new URL('file:///a%20b/')), '/a b/');
  t.is(absolutePath('root', '/a/./b/'), '/a/b');
  for (const [value, message] of NO_PATHS) {
    t.throws(() => requirePath('root', value), { instanceOf: TypeError, message });
    t.regex(`The root${refuses(PATH, value)?.slice('The option "x"'.length)}`, message);
  }
});

test('PATHS takes a path or a list of them, and says which item is none', (t) => {
  for (const value of ['a', new URL('file:///a'), ['a', new URL('file:///a')]]) t.true(PATHS.check(value));
  t.regex(refuses(PATHS, []) ?? '', /is an empty list/);
  t.is(refuses(PATHS, ['a', 5]), 'Item 2 of the option "x" is a non-empty path or a "file:" URL, not 5.');
});
