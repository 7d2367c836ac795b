import test from 'ava';
import { EncodingNegotiator } from '../../src/http/negotiation.ts';

const negotiator = new EncodingNegotiator(['br', 'zstd', 'gzip']);

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

for (const [header, accepted] of cases) {
  test(`EncodingNegotiator.accepted("${header}") is ${accepted.join() || 'none'}`, (t) => {
    t.deepEqual(negotiator.accepted(header), accepted);
    t.deepEqual(negotiator.accepted(header), accepted, 'the second time');
  });
}

test('EncodingNegotiator.accepted() answers a thousand different headers alike', (t) => {
  for (let number = 0; number < 1000; number += 1) {
    t.deepEqual(negotiator.accepted(`x-${number}, gzip`), ['gzip', 'identity']);
  }
});

test('EncodingNegotiator.choose() gives the best copy of those that are there, and none where the body itself is better', (t) => {
  const [gzip, zstd] = [{ encoding: 'gzip' }, { encoding: 'zstd' }];
  t.is(negotiator.choose('br, gzip, zstd', [gzip, zstd]), zstd);
  t.is(negotiator.choose('br, gzip;q=0.5, zstd;q=0.4', [gzip, zstd]), gzip);
  t.is(negotiator.choose('br, identity, gzip;q=0.5', [gzip]), undefined);
  t.is(negotiator.choose('br', [gzip]), undefined);
  t.is(negotiator.choose('*;q=0', [gzip]), undefined);
  t.is(negotiator.choose('gzip', []), undefined);
  t.is(negotiator.choose(undefined, [gzip]), undefined);
});
