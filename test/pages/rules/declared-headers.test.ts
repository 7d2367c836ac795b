import test from 'ava';
import { declaredHeaders, headersOf } from '../../../src/pages/rules/index.ts';

test('headersOf() gives each header by the first URLs that fit', (t) => {
  const declared = declaredHeaders([
    { urls: ['/posts/a', /^\/x$/], headers: { 'X-A': 'one', 'X-B': 'b' } },
    { urls: '/posts/:slug', headers: { 'x-a': 'many' } },
    { headers: { 'X-A': 'else', 'X-C': 'c' } },
    { urls: '/', headers: { 'X-C': 'never', 'X-D': 'd' } },
  ]);
  const of = (path: string): unknown => Object.fromEntries(headersOf(path, declared));
  t.deepEqual(of('/posts/a'), { 'X-A': 'one', 'X-B': 'b', 'X-C': 'c' });
  t.deepEqual(of('/x'), { 'X-A': 'one', 'X-B': 'b', 'X-C': 'c' });
  t.deepEqual(of('/posts/b'), { 'X-A': 'many', 'X-C': 'c' });
  t.deepEqual(of('/'), { 'X-A': 'else', 'X-C': 'c', 'X-D': 'd' });
  t.deepEqual(headersOf('/any', declaredHeaders({ 'X-Frame-Options': 'DENY' })), [
    ['X-Frame-Options', 'DENY'],
  ]);
  t.deepEqual(headersOf('/any', declaredHeaders({})), []);
});

test('declaredHeaders() refuses what is decided anew for each answer, and what is no header', (t) => {
  for (const name of ['ETag', 'date', 'Set-Cookie', 'Cache-Control', 'Content-Type', 'Vary'])
    t.throws(() => declaredHeaders({ [name]: 'x' }), {
      instanceOf: TypeError,
      message: /is decided anew for each answer/,
    });
  t.throws(() => declaredHeaders({ 'X A': 'x' }), { message: /"X A", which is no name of a header/ });
  t.throws(() => declaredHeaders({ 'X-A': 'a\nb' }), {
    message: /gives "X-A" the value "a\\nb", which no header can have/,
  });
  t.throws(() => declaredHeaders([{ urls: '/:', headers: {} }]), {
    message: /"headers" has the pattern "\/:"/,
  });
  t.notThrows(() => declaredHeaders({ 'X-Content-Type-Options': 'nosniff' }));
});
