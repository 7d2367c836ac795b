import { execFileSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { devStaticRouter, type DevStaticRouterOptions } from '../../src/express.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request, type Answer } from '../helpers/request.ts';

const TEXT = 'x'.repeat(1300);
const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';

/** An app that serves a file of 1,300 bytes, and shows its errors as Express does. */
async function serve(t: ExecutionContext, options: DevStaticRouterOptions = {}) {
  const root = await temporaryFolder(t, { 'app.txt': TEXT });
  const date = new Date(MODIFIED);
  utimesSync(join(root, 'app.txt'), date, date);
  const { url } = await listen(t, express().use(devStaticRouter('/static/', root, options)));
  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    request(url, `/static/${path}`, { headers });
  return { root, get };
}

for (const options of [{}, { redirect: true }, { extensions: ['html'] }])
  test(`devStaticRouter() finds nothing below a file, nor by a name that is too long: ${JSON.stringify(options)}`, async (t) => {
    const { get } = await serve(t, options);
    for (const path of ['app.txt/js', 'app.txt/js/', 'app.txt/a.css', 'x'.repeat(300)])
      t.is((await get(path)).status, 404, path);
  });

test('devStaticRouter() sends the whole body for a suffix that is longer (RFC 9110 §14.1.2)', async (t) => {
  const { get } = await serve(t);
  const whole = await get('app.txt', { range: 'bytes=-2000' });
  t.is(whole.status, 206);
  t.is(whole.headers['content-range'], 'bytes 0-1299/1300');
  t.is(whole.body.toString(), TEXT);
  const part = await get('app.txt', { range: 'bytes=-20' });
  t.deepEqual([part.status, part.headers['content-range']], [206, 'bytes 1280-1299/1300']);
});

test('devStaticRouter() ignores a range with acceptRanges: false, and one of a body that If-Range does not name', async (t) => {
  const { get } = await serve(t, { acceptRanges: false });
  t.is((await get('app.txt', { range: 'bytes=0-3' })).status, 200);
  const { get: ranged } = await serve(t);
  const { headers } = await ranged('app.txt');
  t.regex(String(headers.etag), /^W\//);
  for (const ifRange of [String(headers.etag), '"x"', 'Sun, 06 Nov 1994 08:49:36 GMT'])
    t.is((await ranged('app.txt', { range: 'bytes=0-3', 'if-range': ifRange })).status, 200, ifRange);
  t.is((await ranged('app.txt', { range: 'bytes=0-3', 'if-range': MODIFIED })).status, 206);
});

test('devStaticRouter() answers a condition that fails with an empty 412', async (t) => {
  const { get } = await serve(t);
  const since = 'Sun, 06 Nov 1994 08:49:36 GMT';
  for (const condition of [{ 'if-match': '"x"' }, { 'if-unmodified-since': since }]) {
    const { status, headers, body } = await get('app.txt', condition);
    t.deepEqual([status, body.toString()], [412, '']);
    t.deepEqual([headers['cache-control'], headers['content-length']], ['no-store', '0']);
    t.is(headers.etag, undefined);
  }
  t.is((await get('app.txt', { 'if-unmodified-since': MODIFIED })).status, 200);
});

test('devStaticRouter() answers 304 by its own ETag, by any, and by the date', async (t) => {
  const { get } = await serve(t);
  const { headers } = await get('app.txt');
  for (const condition of [
    { 'if-none-match': String(headers.etag) },
    { 'if-none-match': '*' },
    { 'if-modified-since': MODIFIED },
  ]) {
    const answer = await get('app.txt', condition);
    t.is(answer.status, 304);
    t.deepEqual(
      ['etag', 'cache-control', 'content-type'].map((name) => answer.headers[name]),
      [headers.etag, 'no-cache', undefined],
    );
  }
  t.is((await get('app.txt', { 'if-none-match': '"x"' })).status, 200);
  const { get: without } = await serve(t, { etag: false, lastModified: false });
  t.is((await without('app.txt', { 'if-modified-since': MODIFIED })).status, 200);
  t.is((await without('app.txt', { 'if-none-match': String(headers.etag) })).status, 200);
});

test('devStaticRouter() lets setHeaders decide about any header of a file', async (t) => {
  const { get } = await serve(t, {
    setHeaders(response, path, stats) {
      response.setHeader('Content-Type', 'text/markdown');
      response.setHeader('Cache-Control', 'private');
      response.setHeader('ETag', `"${path.split('/').at(-1)}-${stats.size}"`);
    },
  });
  const { headers } = await get('app.txt');
  t.deepEqual(
    ['content-type', 'cache-control', 'etag'].map((name) => headers[name]),
    ['text/markdown', 'private', '"app.txt-1300"'],
  );
  const { status, headers: kept } = await get('app.txt', { 'if-none-match': '"app.txt-1300"' });
  t.deepEqual([status, kept['content-type'], kept['cache-control']], [304, undefined, 'private']);
});

test('devStaticRouter() answers 404 for pipes, however many are asked for, and serves on', async (t) => {
  const { root, get } = await serve(t, { fallthrough: false, extensions: ['txt'], index: 'app.txt' });
  execFileSync('mkfifo', [join(root, 'pipe'), join(root, 'pipe.css'), join(root, 'pipe.txt')]);
  const names = ['pipe', 'pipe.css', 'pipe.txt', 'pipe', 'pipe.css', 'pipe.txt', 'pipe', 'pipe.css'];
  const answers = await Promise.all(names.map((name) => get(name)));
  t.deepEqual(
    answers.map(({ status }) => status),
    names.map(() => 404),
  );
  t.is((await get('app.txt')).body.toString(), TEXT);
});
