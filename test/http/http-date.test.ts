import test from 'ava';
import { parseHttpDate } from '../../src/http/http-date.ts';

const WHEN = Date.UTC(1994, 10, 6, 8, 49, 37);

for (const text of [
  'Sun, 06 Nov 1994 08:49:37 GMT',
  'Sunday, 06-Nov-94 08:49:37 GMT',
  'Sun Nov  6 08:49:37 1994',
]) {
  test(`parseHttpDate() reads "${text}"`, (t) => t.is(parseHttpDate(text), WHEN));
}

for (const text of [
  '2100',
  '1994-11-06T08:49:37Z',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 06 Nov 1994 08:49:37 +0100',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 99 Nov 1994 08:49:37 GMT',
  '',
]) {
  test(`parseHttpDate() takes "${text}" for no date`, (t) => t.is(parseHttpDate(text), undefined));
}
