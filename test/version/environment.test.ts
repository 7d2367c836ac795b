import test, { type ExecutionContext } from 'ava';
import { getStaticUrlEnv } from '../../src/index.ts';
import { versionOfEnvironment } from '../../src/version/environment.ts';

const SHA1 = '0123456789ABCDEF0123456789abcdef01234567';
const SHA256 = 'FEDCBA98765432100123456789abcdef0123456789abcdef0123456789abcdef';

let count = 0;

/** Sets a variable of a name of its own until the test ends, and returns the name. */
function setVariable(t: ExecutionContext, value: string): string {
  count += 1;
  const name = `STATIC_URL_TEST_${count}`;
  process.env[name] = value;
  t.teardown(() => delete process.env[name]);
  return name;
}

test('getStaticUrlEnv() cuts a value of wholly 40 or 64 hexadecimal characters, in lower case', (t) => {
  t.is(getStaticUrlEnv('/static/', [setVariable(t, SHA1)]), '/static/0123456789abcdef/');
  t.is(getStaticUrlEnv('/static/', [setVariable(t, SHA256)]), '/static/fedcba9876543210/');
});

test('getStaticUrlEnv() hashes any other value whole', (t) => {
  // printf v42 | sha256sum
  t.is(getStaticUrlEnv('/static/', [setVariable(t, 'v42')]), '/static/aafa8c00753f1a92/');
  const near = [
    SHA1.slice(1),
    `${SHA1}0`,
    `${SHA1}\n`,
    ` ${SHA1}`,
    `${SHA1.slice(1)}g`,
    SHA256.slice(1),
    `${SHA256}0`,
    SHA1 + SHA1,
    SHA1.slice(0, 16),
    '0',
    'ä',
  ];
  const urls = near.map((value) => getStaticUrlEnv('/static/', [setVariable(t, value)]));
  for (const url of urls) {
    t.regex(url, /^\/static\/[0-9a-f]{16}\/$/);
    t.false(url.includes('0123456789abcdef') || url.includes('fedcba987654321'), url);
  }
  t.is(new Set(urls).size, near.length);
});

test('getStaticUrlEnv() takes the first variable that is set and neither empty nor blank', (t) => {
  const empty = setVariable(t, '');
  const blank = setVariable(t, ' \t\n');
  const first = setVariable(t, SHA1);
  const second = setVariable(t, SHA256);
  t.is(
    getStaticUrlEnv('/static/', ['STATIC_URL_TEST_UNSET', empty, blank, first, second]),
    '/static/0123456789abcdef/',
  );
  t.is(getStaticUrlEnv('/static/', [second, first]), '/static/fedcba9876543210/');
  t.is(getStaticUrlEnv('/static/', first), '/static/0123456789abcdef/');
});

test('getStaticUrlEnv() names the variables of which none is set', (t) => {
  const empty = setVariable(t, '');
  t.throws(() => getStaticUrlEnv('/static/', 'STATIC_URL_TEST_UNSET'), {
    code: 'ENVIRONMENT_UNSET',
    message: /^The environment variable "STATIC_URL_TEST_UNSET" is not set\./,
  });
  t.throws(() => getStaticUrlEnv('/static/', ['STATIC_URL_TEST_UNSET', empty]), {
    code: 'ENVIRONMENT_UNSET',
    message: `None of the environment variables "STATIC_URL_TEST_UNSET", "${empty}" is set. Set one per deploy, for example to the commit.`,
  });
});

test('getStaticUrlEnv() takes a variable of blanks for one that is not set', (t) => {
  for (const value of [' ', '   ', '\t', '\n', '\r\n', '\u00a0'])
    t.throws(() => getStaticUrlEnv('/static/', setVariable(t, value)), { code: 'ENVIRONMENT_UNSET' }, value);
});

test('getStaticUrlEnv() takes no variable from what every JavaScript object inherits', (t) => {
  for (const name of ['toString', 'constructor', '__proto__']) {
    t.throws(() => getStaticUrlEnv('/static/', name), { code: 'ENVIRONMENT_UNSET' }, name);
  }
});

test('getStaticUrlEnv() refuses names of the wrong shape', (t) => {
  for (const [index, names] of [
    '',
    [],
    [''],
    ['A', undefined],
    undefined,
    null,
    new Set(['A']),
    1,
    { 0: 'A' },
  ].entries()) {
    const error = t.throws(() => getStaticUrlEnv('/static/', names as never), { instanceOf: TypeError });
    t.regex(error.message, /environment variable/, `${index}`);
  }
});

test('getStaticUrlEnv() refuses a wrong prefix', (t) => {
  t.throws(() => getStaticUrlEnv('static', setVariable(t, 'v42')), { instanceOf: TypeError });
});

test('versionOfEnvironment() reads the environment it is given', (t) => {
  t.is(versionOfEnvironment(['A', 'B'], { A: '', B: 'v42' }), 'aafa8c00753f1a92');
  t.throws(() => versionOfEnvironment(['PATH'], {}), { code: 'ENVIRONMENT_UNSET' });
});
