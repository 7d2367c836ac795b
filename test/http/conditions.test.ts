import test from 'ava';
import { evaluateConditions, isRangeOfSameBody, parseHttpDate } from '../../src/http/conditions.ts';

const VALIDATORS = { etag: '"abc"', lastModified: 'Sun, 06 Nov 1994 08:49:37 GMT' };
const EARLIER = 'Sun, 06 Nov 1994 08:49:36 GMT';
const LATER = 'Sun, 06 Nov 1994 08:49:38 GMT';

const conditions: readonly (readonly [Record<string, string>, 'send' | 'not-modified' | 'failed'])[] = [
  [{}, 'send'],
  [{ 'if-none-match': '"abc"' }, 'not-modified'],
  [{ 'if-none-match': 'W/"abc"' }, 'not-modified'],
  [{ 'if-none-match': '*' }, 'not-modified'],
  [{ 'if-none-match': '"x", "abc"' }, 'not-modified'],
  [{ 'if-none-match': '"x","y,z",\tW/"abc" ' }, 'not-modified'],
  [{ 'if-none-match': '"x", "ab"' }, 'send'],
  [{ 'if-none-match': '"ABC"' }, 'send'],
  [{ 'if-none-match': 'abc' }, 'send'],
  [{ 'if-none-match': '"abc-br"' }, 'send'],
  [{ 'if-none-match': '' }, 'send'],
  [{ 'if-none-match': '"x", *' }, 'send'],
  [{ 'if-modified-since': VALIDATORS.lastModified }, 'not-modified'],
  [{ 'if-modified-since': LATER }, 'not-modified'],
  [{ 'if-modified-since': EARLIER }, 'send'],
  [{ 'if-modified-since': '2100' }, 'send'],
  [{ 'if-none-match': '"x"', 'if-modified-since': LATER }, 'send'],
  [{ 'if-none-match': '"abc"', 'if-modified-since': EARLIER }, 'not-modified'],
  [{ 'if-match': '"abc"' }, 'send'],
  [{ 'if-match': '*' }, 'send'],
  [{ 'if-match': '"x", "abc"' }, 'send'],
  [{ 'if-match': 'W/"abc"' }, 'failed'],
  [{ 'if-match': '"x"' }, 'failed'],
  [{ 'if-match': '"abc"', 'if-none-match': '"abc"' }, 'not-modified'],
  [{ 'if-unmodified-since': EARLIER }, 'failed'],
  [{ 'if-unmodified-since': VALIDATORS.lastModified }, 'send'],
  [{ 'if-unmodified-since': 'yesterday' }, 'send'],
  [{ 'if-match': '"abc"', 'if-unmodified-since': EARLIER }, 'send'],
];

for (const [headers, result] of conditions) {
  test(`evaluateConditions(${JSON.stringify(headers)}) is ${result}`, (t) =>
    t.is(evaluateConditions(headers, VALIDATORS), result));
}

const ranges: readonly (readonly [string | undefined, boolean])[] = [
  [undefined, true],
  ['"abc"', true],
  ['W/"abc"', false],
  ['"x"', false],
  ['"abc", "x"', false],
  [VALIDATORS.lastModified, true],
  [LATER, false],
  [EARLIER, false],
  ['abc', false],
];

for (const [ifRange, isSame] of ranges) {
  test(`isRangeOfSameBody(${JSON.stringify(ifRange)}) is ${isSame}`, (t) =>
    t.is(isRangeOfSameBody(ifRange, VALIDATORS), isSame));
}

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

test('evaluateConditions() compares a weak tag of its own weakly alone (RFC 9110 §8.8.3.2)', (t) => {
  const weak = { etag: 'W/"abc"' };
  for (const tag of ['"abc"', 'W/"abc"', '"x", "abc"', '*'])
    t.is(evaluateConditions({ 'if-none-match': tag }, weak), 'not-modified', tag);
  t.is(evaluateConditions({ 'if-none-match': '"x"' }, weak), 'send');
  for (const tag of ['"abc"', 'W/"abc"']) {
    t.is(evaluateConditions({ 'if-match': tag }, weak), 'failed', tag);
    t.false(isRangeOfSameBody(tag, weak), tag);
  }
});

test('evaluateConditions() of a body without validators knows only "*"', (t) => {
  t.is(evaluateConditions({ 'if-none-match': '*' }, {}), 'not-modified');
  t.is(evaluateConditions({ 'if-match': '*' }, {}), 'send');
  t.is(evaluateConditions({ 'if-none-match': '"abc"', 'if-modified-since': LATER }, {}), 'send');
  t.is(evaluateConditions({ 'if-modified-since': LATER, 'if-unmodified-since': EARLIER }, {}), 'send');
  t.is(evaluateConditions({ 'if-match': '"abc"' }, {}), 'failed');
  t.false(isRangeOfSameBody('"abc"', {}));
  t.false(isRangeOfSameBody(LATER, {}));
});
