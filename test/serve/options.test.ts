import test from 'ava';
import { resolveHandlerOptions, type AssetsHandlerOptions } from '../../src/serve/options.ts';

test('resolveHandlerOptions() has defaults', (t) => {
  t.deepEqual(resolveHandlerOptions(), {
    memoryBudgetBytes: 67_108_864,
    unknownVersion: 'current-bytes',
    unversionedCacheControl: 'no-cache',
    deltas: false,
    headers: {},
    followSymlinks: false,
    fallthrough: false,
  });
});

const wrong: readonly (readonly [object, RegExp])[] = [
  [{ memoryBudget: 1 }, /handler\(\) has no option "memoryBudget"/],
  [{ memoryBudgetByte: 1 }, /Did you mean "memoryBudgetBytes"\?/],
  [{ memoryBudgetBytes: '1' }, /is a number of bytes from 0 on, not "1"/],
  [{ memoryBudgetBytes: -1 }, /from 0 on, not -1/],
  [{ memoryBudgetBytes: Number.NaN }, /from 0 on, not NaN/],
  [{ unknownVersion: 'refuse' }, /"current-bytes" or "not-found", not "refuse"/],
  [{ unversionedCacheControl: '' }, /unversionedCacheControl/],
  [{ unversionedCacheControl: 'a\r\nb' }, /a character that no header may have/],
  [{ symlinks: 'refuse' }, /"inside" or "follow", not "refuse"/],
  [{ deltas: 3 }, /"deltas" is true or false, not 3/],
  [
    { headers: { 'Use-As-Dictionary': 'match="/*"' } },
    /"Use-As-Dictionary" is decided by the handler itself/,
  ],
  [{ cors: 1 }, /"cors" is true or false, not 1/],
  [{ fallthrough: 'yes' }, /"fallthrough" is true or false/],
  [{ headers: { 'a b': 'c' } }, /header name "a b"/],
  [{ headers: { ETag: '"x"' } }, /"ETag" is decided by the handler itself/],
  [{ headers: { 'X-A': 'a\nb' } }, /a character that no header may have/],
  [{ headers: { 'X-A': 1 } }, /gives "X-A" the value 1/],
];

for (const [options, message] of wrong) {
  test(`resolveHandlerOptions() refuses ${JSON.stringify(options)}`, (t) => {
    const error = t.throws(() => resolveHandlerOptions(options as AssetsHandlerOptions), { message });
    t.true(error instanceof TypeError || error instanceof RangeError);
  });
}
