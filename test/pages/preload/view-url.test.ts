import test from 'ava';
import { viewUrl } from '../../../src/pages/preload/view-url.ts';
import { queryRule } from '../../../src/pages/rules/query-rule.ts';

const rule = queryRule(['a', 'b']);

test('the live URL of a view has all parameters, those of pages first, in their order', (t) => {
  t.is(viewUrl('/v', [], rule), '/v');
  t.is(viewUrl('/v?', [''], rule), '/v');
  t.is(viewUrl('/v?z=1&b=2#x', ['a=3'], rule), '/v?a=3&b=2&z=1');
  t.is(viewUrl('/v', ['fbclid=1', 'gclid=2'], rule), '/v');
  t.is(viewUrl('/v', ['a=1&a=2'], rule), '/v?a=1&a=2');
  t.is(viewUrl('/v?a=1', ['a=2', { a: 3n }, 'a=4&a=5'], rule), '/v?a=4&a=5');
});

test('what parsers of queries make of a visitor’s query is written as it was asked', (t) => {
  t.is(
    viewUrl('/v', [{ a: ['1', '2'], b: { c: ['3'], d: true } }], rule),
    '/v?a=1&a=2&b%5Bc%5D=3&b%5Bd%5D=true',
  );
  t.is(viewUrl('/v', [Object.assign(Object.create(null), { a: '1' })], rule), '/v?a=1');
  t.is(viewUrl('/v', [{ a: undefined, b: null }], rule), '/v');
});

test('every value that a query can have comes out as a canonical query has it', (t) => {
  for (const value of ["it's", 'ä ö', 'a+b', '50%', '(!*)~', 'a:b,c;d', '@.', '\ud800', '日本'])
    t.is(
      rule.pageQuery(viewUrl('/v', [{ a: value }], rule).slice(2)),
      viewUrl('/v', [{ a: value }], rule).slice(2),
    );
});
