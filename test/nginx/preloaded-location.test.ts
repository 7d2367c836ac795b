import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { pagesHttp, pagesLocation, type PagesLocationOptions } from '../../src/nginx.ts';
import { contentType, STORED_TYPES, type StoredType } from '../../src/pages/rules/index.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx, type Nginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';

const HASH = '0123456789abcdef';
const OPTIONS = { sites: ['http://www.example.com'], urls: ['/*rest'], folder: '/nonexistent' };

/** Nginx with a folder of preloaded views before an app. */
async function startSite(
  t: ExecutionContext,
  files: Files,
  { prefix, server = '' }: { prefix?: string; server?: string } = {},
): Promise<Nginx & { folder: string }> {
  const folder = await temporaryFolder(t, files);
  const { url: upstream } = await listen(t, ({ url }, response) => void response.end(`app ${url}`));
  const all: PagesLocationOptions = {
    ...OPTIONS,
    upstream,
    preload: { folder, ...(prefix === undefined ? {} : { prefix }) },
  };
  return { ...(await startNginx(t, pagesLocation(all) + server, pagesHttp(all))), folder };
}

test('pagesLocation() serves preloaded views for a year, with their types, and asks the app for all else', async (t) => {
  const types = Object.entries(STORED_TYPES) as [StoredType, string][];
  const { url } = await startSite(t, Object.fromEntries(types.map(([, end]) => [`${HASH}.${end}`, end])), {
    server: 'add_header X-Server 1; expires 1d; charset koi8-r; charset_types application/json;',
  });
  for (const [type, end] of types) {
    const { status, headers, body } = await request(url, `/preloaded/${HASH}.${end}`);
    t.deepEqual([status, body.toString()], [200, end]);
    t.like(headers, {
      'content-type': contentType(type),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    t.is(headers.expires, undefined);
  }
  t.is((await request(url, '/preloaded')).body.toString(), 'app /preloaded');
});

test('pagesLocation() finds a preloaded view that was asked for before it was there', async (t) => {
  const { url, folder } = await startSite(
    t,
    {},
    {
      server: 'open_file_cache max=10; open_file_cache_errors on; open_file_cache_valid 1h;',
    },
  );
  t.is((await request(url, `/preloaded/${HASH}.html`)).status, 404);
  await writeFile(join(folder, `${HASH}.html`), 'stored');
  t.is((await request(url, `/preloaded/${HASH}.html`)).body.toString(), 'stored');
});

test('pagesLocation() sends the compressed copy of a preloaded view to who accepts it', async (t) => {
  const page = 'stored '.repeat(100);
  const { url } = await startSite(t, { [`${HASH}.html`]: page, [`${HASH}.html.gz`]: gzipSync(page) });
  const zipped = await request(url, `/preloaded/${HASH}.html`, { headers: { 'accept-encoding': 'gzip' } });
  t.is(gunzipSync(zipped.body).toString(), page);
  t.like(zipped.headers, {
    'content-encoding': 'gzip',
    vary: 'Accept-Encoding',
    'content-type': 'text/html; charset=utf-8',
  });
  const plain = await request(url, `/preloaded/${HASH}.html`);
  t.is(plain.body.toString(), page);
  t.is(plain.headers.vary, 'Accept-Encoding');
});

test('pagesLocation() answers all else below the prefix with a 404 that nobody stores', async (t) => {
  const outside = await temporaryFolder(t, { secret: 'secret' });
  const { url, folder } = await startSite(t, {
    [`${HASH}.view`]: 'note',
    [`${HASH}.html.gz`]: 'zipped',
    [`.${HASH}.html.0123456789ab`]: 'half',
    'other.html': 'other',
    [`below/${HASH}.html`]: 'below',
  });
  const linked = '1111111111111111.html';
  await symlink(join(outside, 'secret'), join(folder, linked));
  await mkdir(join(folder, '2222222222222222.html'));
  const names = [
    '',
    `${HASH}.html`,
    `${HASH}.view`,
    `${HASH}.html.gz`,
    `.${HASH}.html.0123456789ab`,
    'other.html',
    'below/',
    'below',
    `below/${HASH}.html`,
    linked,
    '2222222222222222.html',
    '2222222222222222.html/',
    `${HASH}.html%00`,
    `${HASH}.html%0A`,
    `${HASH.toUpperCase()}.html`,
  ];
  for (const name of names) {
    const { status, headers } = await request(url, `/preloaded/${name}`);
    // Nginx refuses NUL itself.
    t.is(status, name.endsWith('%00') ? 400 : 404, name);
    if (status === 404) t.like(headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  }
  const posted = await request(url, `/preloaded/${HASH}.html`, { method: 'POST' });
  t.is(posted.status, 404);
});

test('pagesLocation() answers 405 where a preloaded view is written to', async (t) => {
  const { url } = await startSite(t, { [`${HASH}.html`]: 'stored' });
  const { status, headers } = await request(url, `/preloaded/${HASH}.html`, { method: 'POST' });
  t.is(status, 405);
  t.like(headers, { allow: 'GET, HEAD', 'cache-control': 'no-store' });
});

test('pagesLocation() takes the prefix of preloaded views, of a URL its path, and a folder as a URL', async (t) => {
  const { url } = await startSite(
    t,
    { [`${HASH}.html`]: 'stored' },
    { prefix: 'https://cdn.example.com/parts' },
  );
  t.is((await request(url, `/parts/${HASH}.html`)).body.toString(), 'stored');
  t.regex((await request(url, `/preloaded/${HASH}.html`)).body.toString(), /^app /);
  const options = { ...OPTIONS, upstream: 'app' };
  t.true(
    pagesLocation({ ...options, preload: { folder: pathToFileURL('/srv/parts') } }).includes(
      'from=/srv/parts;',
    ),
  );
});

test('pagesLocation() says what is wrong with the option "preload"', (t) => {
  const wrong: readonly (readonly [preload: unknown, message: RegExp])[] = [
    ['/srv', /^The option "preload" is what createPages\(\) is given, such as .*, not "\/srv"/],
    [{}, /^The option "preload\.folder" is a non-empty string, not undefined/],
    [{ folder: 'parts' }, /^The option "preload\.folder" is "parts", a relative path/],
    [{ folder: '/srv', prefix: '/' }, /^Nginx cannot take the prefix "\/"/],
  ];
  for (const [preload, message] of wrong)
    t.throws(() => pagesLocation({ ...OPTIONS, upstream: 'app', preload: preload as { folder: string } }), {
      message,
    });
});
