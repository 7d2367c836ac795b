import test from 'ava';
import { byteText, countText } from '../../src/cli/byte-text.ts';

test('byteText() rounds as people read', (t) => {
  const texts: readonly (readonly [bytes: number, text: string])[] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9949, '9.9 kB'],
    [9951, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1_234_567, '1.2 MB'],
    [5e15, '5000 TB'],
  ];
  for (const [bytes, text] of texts) t.is(byteText(bytes), text);
});

test('countText() knows one from many', (t) => {
  t.is(countText(1, 'file'), '1 file');
  t.is(countText(0, 'file'), '0 files');
  t.is(countText(2, 'file'), '2 files');
  t.is(countText(2, 'copy', 'copies'), '2 copies');
});
