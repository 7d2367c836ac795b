import test from 'ava';
import { acceptedEncodings } from '../../src/serve/encoding.ts';
import { DECODES_ZSTANDARD } from '../helpers/zstandard.ts';

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['gzip, deflate, br, zstd', ['br', 'zstd', 'gzip', 'identity']],
  ['', ['identity']],
  ['*', ['br', 'zstd', 'gzip', 'identity']],
  ['identity;q=0, br', ['br']],
  ['identity;q=0', []],
  ['*;q=0', []],
  ['br;q=0, *', ['zstd', 'gzip', 'identity']],
  ['gzip;q=0.5, br;q=0.4', ['gzip', 'br', 'identity']],
  ['identity, br;q=0.5', ['identity', 'br']],
  ['gzip, *;q=0', ['gzip']],
  ['GZIP', ['gzip', 'identity']],
  ['gzip;q=0', ['identity']],
  ['brotli', ['identity']],
];

for (const [header, codings] of cases) {
  const accepted = codings.filter((coding) => coding !== 'zstd' || DECODES_ZSTANDARD);
  test(`acceptedEncodings("${header}") is ${accepted.join() || 'none'}`, (t) => {
    t.deepEqual(acceptedEncodings(header), accepted);
    t.deepEqual(acceptedEncodings(header), accepted, 'the second time');
  });
}

test('acceptedEncodings() answers a thousand different headers alike', (t) => {
  for (let number = 0; number < 1000; number += 1) {
    t.deepEqual(acceptedEncodings(`x-${number}, gzip`), ['gzip', 'identity']);
  }
});
