import { inspect } from 'node:util';
import test from 'ava';
import { headersKind, resolveHeaders } from '../../src/http/headers.ts';

const HANDLER = { name: 'handler', decides: ['vary'] };

test('resolveHeaders() gives the headers in their order, the one of "cors" first', (t) => {
  t.deepEqual(resolveHeaders(HANDLER, { 'X-A': '1', 'X-B': '\t2é' }, true), [
    ['Access-Control-Allow-Origin', '*'],
    ['X-A', '1'],
    ['X-B', '\t2é'],
  ]);
  t.deepEqual(resolveHeaders(HANDLER, {}, false), []);
});

const REFUSED: readonly [headers: unknown, message: RegExp][] = [
  ['X-A: 1', /is a plain object of names and values, not "X-A: 1"/],
  [['X-A'], /not an array/],
  [null, /not null/],
  [new Headers({ 'X-A': '1' }), /not an object of class Headers/],
  [new Map([['X-A', '1']]), /not an object of class Map/],
  [{ 'X A': '1' }, /name "X A" is not one by RFC 9110/],
  [{ '': '1' }, /name "" is not one/],
  [{ 'Content-Length': '1' }, /"Content-Length" is decided by the handler itself/],
  [{ 'transfer-encoding': 'chunked' }, /"transfer-encoding" is decided/],
  [{ VARY: 'Origin' }, /"VARY" is decided/],
  [{ 'X-A': 1 }, /gives "X-A" the value 1\. Give it a non-empty string/],
  [{ 'X-A': '' }, /Give it a non-empty string/],
  [{ 'X-A': '1\r\nX-B: 2' }, /a character that no header may have/],
  [{ 'X-A': 'snowman ☃' }, /a character that no header may have/],
  [{ 'X-A': '1', 'x-a': '2' }, /"x-a" is given twice\. Keep one/],
];

const KIND = headersKind(HANDLER);

for (const [headers, message] of REFUSED) {
  test(`headersKind() refuses ${inspect(headers)}`, (t) => {
    t.false(KIND.check(headers));
    t.regex(KIND.refusal(headers, 'headers').message, message);
    t.true(KIND.refusal(headers, 'headers') instanceof TypeError);
  });
}

test('resolveHeaders() refuses the header that "cors" adds', (t) => {
  t.throws(() => resolveHeaders(HANDLER, { 'access-control-allow-origin': 'https://a.example' }, true), {
    instanceOf: TypeError,
    message: /given twice, by the option "cors" too/,
  });
});

test('resolveHeaders() leaves to each sender what it does not decide', (t) => {
  t.deepEqual(resolveHeaders({ name: 'location', decides: [] }, { Vary: 'Origin' }, false), [
    ['Vary', 'Origin'],
  ]);
});
