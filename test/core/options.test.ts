import test from 'ava';
import { isOptionError, optionError } from '../../src/core/errors.ts';
import { BOOLEAN, choice, wholeNumber } from '../../src/core/option-kinds.ts';
import { checkNames, resolveOptions, type Table } from '../../src/core/options.ts';

test('checkNames() names the function, the unknown option and what is known', (t) => {
  t.notThrows(() => checkNames('f()', {}, ['hash']));
  t.notThrows(() => checkNames('f()', { hash: undefined }, ['hash']));
  t.throws(() => checkNames('f()', { hasch: 1 }, ['hash']), {
    instanceOf: TypeError,
    message: 'f() has no option "hasch". Did you mean "hash"?',
  });
  t.throws(() => checkNames('f()', { colour: 1 }, ['hash', 'time']), {
    instanceOf: TypeError,
    message: 'f() has no option "colour". It has "hash", "time".',
  });
  const known = ['time', 'hash', 'secret'];
  t.throws(() => checkNames('f()', { secert: 1 }, known), { message: /Did you mean "secret"\?$/ });
  t.throws(() => checkNames('f()', { HASH: 1 }, known), { message: /Did you mean "hash"\?$/ });
  t.throws(() => checkNames('f()', { '': 1 }, []), { instanceOf: TypeError });
  t.throws(() => checkNames('f()', JSON.parse('{"__proto__": 1}'), ['hash']), { instanceOf: TypeError });
});

test('checkNames() refuses what is no plain object', (t) => {
  for (const options of [null, 'hash', 1, true, [], ['hash'], () => ({}), new Map([['hash', 1]])]) {
    t.throws(() => checkNames('f()', options, ['hash']), {
      instanceOf: TypeError,
      message: /^f\(\) takes its options/,
    });
  }
});

interface Options {
  readonly mode: 'a' | 'b';
  readonly keep?: number;
  readonly dry?: boolean;
}

const TABLE: Table<Options, 'dry'> = {
  mode: { ...choice('a', 'b'), required: true, help: '' },
  keep: { ...wholeNumber('releases', 1), default: 5, help: '' },
  dry: { ...BOOLEAN, help: '' },
};

test('resolveOptions() takes what is given and the default of what is not', (t) => {
  t.deepEqual(resolveOptions('f()', { mode: 'b' }, TABLE), { mode: 'b', keep: 5, dry: undefined });
  t.deepEqual(resolveOptions('f()', { mode: 'a', keep: undefined, dry: false }, TABLE), {
    mode: 'a',
    keep: 5,
    dry: false,
  });
});

test('resolveOptions() names what is missing', (t) => {
  for (const options of [undefined, {}, { mode: undefined }])
    t.throws(() => resolveOptions('f()', options, TABLE), {
      instanceOf: TypeError,
      message: 'f() needs the option "mode".',
    });
});

test('resolveOptions() reads each option once', (t) => {
  let reads = 0;
  const options = {
    get mode() {
      reads += 1;
      return 'a';
    },
  };
  resolveOptions('f()', options, TABLE);
  t.is(reads, 1);
});

test('resolveOptions() refuses a wrong shape with TypeError, and a wrong range with RangeError', (t) => {
  t.throws(() => resolveOptions('f()', { mode: 'c' }, TABLE), {
    instanceOf: TypeError,
    message: 'The option "mode" is "a" or "b", not "c".',
  });
  t.throws(() => resolveOptions('f()', { mode: 'a', keep: '3' }, TABLE), {
    instanceOf: TypeError,
    message: 'The option "keep" is a whole number of releases from 1 on, not "3".',
  });
  t.throws(() => resolveOptions('f()', { mode: 'a', keep: 0 }, TABLE), {
    instanceOf: RangeError,
    message: 'The option "keep" is a whole number of releases from 1 on, not 0.',
  });
});

test('an error about an option says it in the words of its reader', (t) => {
  const error = t.throws(() => resolveOptions('f()', { mode: 'a', keep: 0 }, TABLE));
  t.true(isOptionError(error));
  if (!isOptionError(error)) return;
  t.is(error.option, 'keep');
  t.is(
    error.inWords((option) => `--${option}`),
    '--keep is a whole number of releases from 1 on, not 0.',
  );
  const made = optionError('secret', (name) => `${name('secret')} needs ${name('hash')}.`);
  t.is(made.message, 'The option "secret" needs the option "hash".');
  t.false(isOptionError(new Error('the option "secret"')));
});
