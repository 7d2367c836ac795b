import test from 'ava';
import { parseByteRange, type ByteRange } from '../../src/http/byte-range.ts';

const WHOLE: ByteRange = { kind: 'whole' };
const UNSATISFIABLE: ByteRange = { kind: 'unsatisfiable' };
const part = (start: number, end: number): ByteRange => ({ kind: 'part', start, end });
const huge = 20 * 1024 ** 3;

const cases: readonly (readonly [string, number, ByteRange])[] = [
  ['bytes=0-3', 10, part(0, 4)],
  ['bytes=0-0', 10, part(0, 1)],
  ['bytes=9-', 10, part(9, 10)],
  ['bytes=5-99', 10, part(5, 10)],
  ['bytes=-3', 10, part(7, 10)],
  ['bytes=-10', 10, part(0, 10)],
  ['bytes=-11', 10, part(0, 10)],
  ['BYTES=0-3', 10, part(0, 4)],
  ['bytes= 0-3 ', 10, part(0, 4)],
  ['bytes=-99999999999999999999999', 10, part(0, 10)],
  [`bytes=${huge - 5}-`, huge, part(huge - 5, huge)],
  ['bytes=10-', 10, UNSATISFIABLE],
  ['bytes=99999999999999999999999-', 10, UNSATISFIABLE],
  ['bytes=-0', 10, UNSATISFIABLE],
  ['bytes=0-', 0, UNSATISFIABLE],
  ['bytes=-5', 0, WHOLE],
  ['bytes=0-1,4-5', 10, WHOLE],
  ['bytes=5-3', 10, WHOLE],
  ['bytes=-', 10, WHOLE],
  ['bytes=', 10, WHOLE],
  ['bytes=a-b', 10, WHOLE],
  ['bytes=1e3-', 10, WHOLE],
  ['bytes=0-3x', 10, WHOLE],
  ['bytes=+1-3', 10, WHOLE],
  ['items=0-3', 10, WHOLE],
  ['0-3', 10, WHOLE],
  ['', 10, WHOLE],
];

for (const [header, size, expected] of cases) {
  test(`parseByteRange() of "${header}" and ${size} bytes is ${JSON.stringify(expected)}`, (t) =>
    t.deepEqual(parseByteRange(header, size), expected));
}
