import test from 'ava';
import { keptHeaders } from '../../src/http/kept-headers.ts';

test('keptHeaders() keeps what a stored page has to have too, and nothing that servers or requests add', (t) => {
  const headers = new Map([
    ['x-frame-options', ['DENY']],
    ['content-language', ['de', 'en']],
    ['link', ['</license>; rel=license']],
    ['date', ['Sun, 29 Nov 2026 00:00:00 GMT']],
    ['etag', ['"1"']],
    ['content-type', ['text/html']],
    ['x-request-id', ['7']],
    ['ratelimit-limit', ['10']],
    ['x-mine', ['1']],
  ]);
  t.deepEqual(
    [...keptHeaders(headers, ['x-mine'])],
    [
      ['x-frame-options', 'DENY'],
      ['content-language', 'de, en'],
      ['link', '</license>; rel=license'],
    ],
  );
  t.is(
    keptHeaders(new Map([['link', ['</a.css>; rel=preload; as=style, </b.js>; rel="modulepreload"']]])).size,
    0,
  );
});
