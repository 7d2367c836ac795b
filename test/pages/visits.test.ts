import test from 'ava';
import { startPages } from './pages-app.ts';

test('the first visitor has a page stored, and those after get it from the store', async (t) => {
  let renders = 0;
  const { get, status, asked } = await startPages(t, (app) => {
    app.get('/a', (_request, response) => response.send(`<p>${(renders += 1)}`));
  });
  const first = await get('/a');
  t.is(first.headers['cache-status'], 'static-url; fwd=uri-miss; stored');
  t.is(first.body.toString(), '<p>1');
  const second = await get('/a');
  t.is(second.headers['cache-status'], 'static-url; hit');
  t.is(second.body.toString(), '<p>1');
  t.is(second.headers['content-type'], 'text/html; charset=utf-8');
  t.is(second.headers['cache-control'], 'no-cache');
  t.is(await status('/a', { Cookie: 'session=1' }), 'static-url; fwd=bypass; detail=COOKIE');
  t.deepEqual(asked, ['/a', '/a']);
});
