import test from 'ava';
import { getStaticUrlFile, getStaticUrlNow } from '../../src/index.ts';
import { versionOfTime, type ResolvedTimeOptions } from '../../src/version/time.ts';

/** Options with everything decided. */
function resolved(options: Partial<ResolvedTimeOptions>): ResolvedTimeOptions {
  return { hash: true, secret: undefined, ...options };
}

const MOMENT = 1_700_000_000_123_456_789n;

test('versionOfTime() is the SHA-256 of the nanoseconds as decimal text', (t) => {
  // printf 1700000000123456789 | sha256sum
  t.is(versionOfTime(MOMENT, resolved({})), '150068b7aa68056a');
  t.is(versionOfTime(MOMENT + 1n, resolved({})), '8973f3464f76ad28');
});

test('versionOfTime() with a secret is an HMAC-SHA-256, of equal value for text and bytes', (t) => {
  // printf 1700000000123456789 | openssl dgst -sha256 -hmac pepper
  t.is(versionOfTime(MOMENT, resolved({ secret: 'pepper' })), '9b3364ac73e18669');
  t.is(versionOfTime(MOMENT, resolved({ secret: new TextEncoder().encode('pepper') })), '9b3364ac73e18669');
  t.not(versionOfTime(MOMENT, resolved({ secret: 'peppes' })), '9b3364ac73e18669');
});

test('versionOfTime() with hash: false is the time as YYYYMMDDHHmmsscc in UTC', (t) => {
  const readable = resolved({ hash: false });
  t.is(versionOfTime(MOMENT, readable), '2023111422132012');
  t.is(versionOfTime(0n, readable), '1970010100000000');
  t.is(
    versionOfTime(BigInt(Date.UTC(1969, 11, 31, 23, 59, 59, 990)) * 1_000_000n, readable),
    '1969123123595999',
  );
  t.is(
    versionOfTime(BigInt(Date.UTC(9999, 11, 31, 23, 59, 59, 999)) * 1_000_000n, readable),
    '9999123123595999',
  );
});

test('versionOfTime() with hash: false refuses a year that four digits cannot hold', (t) => {
  for (const milliseconds of [Date.UTC(10_000, 0), 8.64e15 + 1, -8.64e15, Date.UTC(-1, 0)]) {
    const moment = BigInt(milliseconds) * 1_000_000n;
    t.throws(() => versionOfTime(moment, resolved({ hash: false })), { instanceOf: RangeError }, `${moment}`);
    t.regex(versionOfTime(moment, resolved({})), /^[0-9a-f]{16}$/);
  }
});

for (const [name, helper] of [
  ['getStaticUrlNow()', (options: object) => getStaticUrlNow('/static/', options)],
  ['getStaticUrlFile()', (options: object) => getStaticUrlFile('/static/', import.meta.filename, options)],
] as const) {
  test(`${name} refuses a secret that was passed empty, blank or undefined`, (t) => {
    for (const secret of ['', ' ', '\n', new Uint8Array(), undefined, null]) {
      t.throws(
        () => helper({ secret }),
        { instanceOf: TypeError, message: /^The option "secret" is/ },
        String(secret),
      );
    }
  });

  test(`${name} refuses a secret of another shape without repeating it`, (t) => {
    for (const secret of [271_828, ['271828'], { key: '271828' }, 271_828n, true]) {
      const error = t.throws(() => helper({ secret }), { instanceOf: TypeError });
      t.notRegex(error.message, /271828/);
    }
  });

  test(`${name} refuses a secret that "hash: false" would leave without effect`, (t) => {
    t.throws(() => helper({ hash: false, secret: 'pepper' }), {
      instanceOf: TypeError,
      message: /no effect/,
    });
  });

  test(`${name} refuses unknown options and wrong shapes, naming what is near`, (t) => {
    t.throws(() => helper({ hsah: false }), {
      instanceOf: TypeError,
      message: /"hsah".*Did you mean "hash"\?/,
    });
    t.throws(() => helper({ hash: 0 }), {
      instanceOf: TypeError,
      message: 'The option "hash" is true or false, not 0.',
    });
    t.throws(() => helper({ hash: 'false' }), { instanceOf: TypeError });
    t.throws(() => helper(null as never), {
      instanceOf: TypeError,
      message: /options as a plain object, not null/,
    });
    t.throws(() => helper('mtime' as never), { instanceOf: TypeError });
  });

  test(`${name} takes an option that is undefined for one that is not given`, (t) => {
    t.regex(helper({ hash: undefined }), /^\/static\/[0-9a-f]{16}\/$/);
  });
}
