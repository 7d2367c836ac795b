import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { openAssets, writeRelease } from '../../src/assets.ts';
import { encodeAssetName } from '../../src/assets/index.ts';
import { holdsDelta } from '../../src/compression/delta.ts';
import { useAsDictionary } from '../../src/http/dictionaries.ts';
import { StaticUrlError } from '../../src/index.ts';
import { releasesLocation, type ReleasesLocationOptions } from '../../src/nginx.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { dictionaryCodec, placeDelta, type PlacedDelta } from '../helpers/place-delta.ts';
import { request, type Answer } from '../helpers/request.ts';
import { CURRENT, RETAINED, UNKNOWN } from '../helpers/site.ts';

const YEAR = 'public, max-age=31536000, immutable';
const VARY = 'Accept-Encoding, Available-Dictionary';
const GZIP = { 'accept-encoding': 'gzip' };

/** Longer than nginx's least length for compression. */
const OLDER = Array.from({ length: 200 }, (_, line) => `.card-${line} { margin: ${line}px }\n`).join('');
const NEWER = `${OLDER}.added { color: red }\n`;

interface Deltas {
  readonly folder: string;
  readonly root: string;
  readonly releases: string;
  /** Of `app.css`. */
  readonly delta: PlacedDelta;
  /** Starts nginx with the option, and others. */
  readonly start: (
    options?: Partial<ReleasesLocationOptions>,
    server?: string,
    http?: string,
  ) => Promise<Asking>;
}

type RequestHeaders = Readonly<Record<string, string | string[]>>;

interface Asking {
  readonly port: number;
  /** Asks for what follows the prefix, as a client that has the older `app.css`. */
  readonly ask: (path: string, headers?: RequestHeaders, method?: string) => Promise<Answer>;
  /** The same, as one that has nothing. */
  readonly askPlainly: (path: string, headers?: RequestHeaders) => Promise<Answer>;
}

/** Two releases of `app.css`, and the delta of the newer. */
async function createDeltas(t: ExecutionContext, files: Files = {}): Promise<Deltas> {
  const folder = await temporaryFolder(t, {
    'public/app.css': NEWER,
    [`releases/${RETAINED}/app.css`]: OLDER,
    [`releases/${CURRENT}/app.css`]: NEWER,
    ...files,
  });
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  const delta = await placeDelta(join(releases, CURRENT), 'app.css', OLDER, NEWER);
  return {
    folder,
    root,
    releases,
    delta,
    async start({ prefix = '/static/', ...options } = {}, server = '', http = '') {
      const text = releasesLocation({ prefix, root, releases, deltas: true, ...options });
      const { url, port } = await startNginx(t, `${server}\n${text}`, http);
      return {
        port,
        ask: (path, headers = {}, method = 'GET') =>
          request(url, prefix + path, { method, headers: { ...delta.asking, ...headers } }),
        askPlainly: (path, headers = {}) => request(url, prefix + path, { headers }),
      };
    },
  };
}

/** Which body came: the delta or the file. */
function bodyOf({ delta }: Deltas, { body, headers }: Answer): string {
  if (body.equals(delta.bytes) && headers['content-encoding'] === 'dcz') return 'delta';
  return body.toString() === NEWER && headers['content-encoding'] === undefined ? 'file' : 'neither';
}

test('releasesLocation() with deltas sends the difference to a client that has an older version, with the headers of the file', async (t) => {
  const deltas = await createDeltas(t);
  const { ask, askPlainly } = await deltas.start();
  const answer = await ask(`${CURRENT}/app.css`);
  t.is(bodyOf(deltas, answer), 'delta');
  const file = await askPlainly(`${CURRENT}/app.css`);
  t.is(bodyOf(deltas, file), 'file');
  t.like(answer.headers, {
    'content-length': String(deltas.delta.bytes.length),
    'content-type': 'text/css; charset=utf-8',
    'cache-control': YEAR,
    'x-content-type-options': 'nosniff',
    'use-as-dictionary': 'match="/static/:version/app.css"',
    vary: VARY,
  });
  const own = { date: '', etag: '', 'last-modified': '', 'content-length': '', 'content-encoding': '' };
  t.deepEqual({ ...answer.headers, ...own }, { ...file.headers, ...own });
  t.is(typeof answer.headers.etag, 'string');
  t.not(answer.headers.etag, file.headers.etag);
});

test('releasesLocation() with deltas sends the one that writeRelease() made, and it makes the new file of the old one', async (t) => {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  // Longer than 2 KB when compressed.
  const older = Array.from({ length: 400 }, (_, line) =>
    createHash('sha256').update(`${line}`).digest('base64'),
  ).join('\n');
  const newer = `added\n${older}`;
  for (const text of [older, newer]) {
    await writeFiles(root, { 'app.txt': text });
    await writeRelease({ roots: root, releases, deltas: true });
  }
  const assets = await openAssets({ prefix: '/static/', roots: root });
  const { url } = await startNginx(t, releasesLocation({ prefix: '/static/', root, releases, deltas: true }));
  const dictionary = createHash('sha256').update(older).digest('base64');
  const { headers, body } = await request(url, assets.url('app.txt'), {
    headers: { 'accept-encoding': 'dcz', 'available-dictionary': `:${dictionary}:` },
  });
  t.is(headers['content-encoding'], 'dcz');
  t.true(body.length < 200, String(body.length));
  t.true(holdsDelta(body, Buffer.from(older), Buffer.from(newer), await dictionaryCodec()));
});

const HASH = 'A'.repeat(43);
const bodies: readonly (readonly [
  title: string,
  expected: 'delta' | 'file',
  headers: (hash: string) => RequestHeaders,
])[] = [
  ['a dictionary that nobody knows', 'file', () => ({ 'available-dictionary': `:${HASH}=:` })],
  ['a dictionary without colons', 'file', (hash) => ({ 'available-dictionary': hash })],
  ['a quoted dictionary', 'file', (hash) => ({ 'available-dictionary': `"${hash}"` })],
  ['spaces in a dictionary', 'file', (hash) => ({ 'available-dictionary': `: ${hash} :` })],
  ['spaces around a dictionary', 'delta', (hash) => ({ 'available-dictionary': `  :${hash}:  ` })],
  ['a list of dictionaries', 'file', (hash) => ({ 'available-dictionary': `:${hash}:, :${hash}:` })],
  ['a parameter of a dictionary', 'file', (hash) => ({ 'available-dictionary': `:${hash}:;a=1` })],
  ['a hash that is too short', 'file', (hash) => ({ 'available-dictionary': `:${hash.slice(1)}:` })],
  ['a hash that is too long', 'file', (hash) => ({ 'available-dictionary': `:A${hash}:` })],
  ['a hash that climbs', 'file', () => ({ 'available-dictionary': `:${'../'.repeat(14)}A=:` })],
  ['a hash of slashes', 'file', () => ({ 'available-dictionary': `:${'/'.repeat(43)}=:` })],
  ['an empty hash', 'file', () => ({ 'available-dictionary': '::' })],
  ['an empty dictionary', 'file', () => ({ 'available-dictionary': '' })],
  ['0 for a dictionary', 'file', () => ({ 'available-dictionary': '0' })],
  ['no Accept-Encoding', 'file', () => ({ 'accept-encoding': [] })],
  ['no dcz', 'file', () => ({ 'accept-encoding': 'br, dcb' })],
  ['any coding', 'file', () => ({ 'accept-encoding': '*' })],
  ['dcz of weight 0', 'file', () => ({ 'accept-encoding': 'br, dcz;q=0' })],
  ['dcz of weight 0.000', 'file', () => ({ 'accept-encoding': 'dcz ; q=0.000, br' })],
  ['dcz of a small weight', 'delta', () => ({ 'accept-encoding': 'br, dcz;q=0.001' })],
  ['dcz of weight 0.5', 'delta', () => ({ 'accept-encoding': 'dcz;q=0.5' })],
  ['dcz of weight 1', 'delta', () => ({ 'accept-encoding': 'br;q=0, dcz; Q=1.000, *;q=0' })],
  ['DCZ', 'delta', () => ({ 'accept-encoding': 'DCZ' })],
  ['dcz behind another', 'delta', () => ({ 'accept-encoding': 'br, dcz' })],
  ['a coding that ends in dcz', 'file', () => ({ 'accept-encoding': 'xdcz, br-dcz' })],
  ['a coding that starts with dcz', 'file', () => ({ 'accept-encoding': 'dcz-x, dczx' })],
  ['dcz as a parameter', 'file', () => ({ 'accept-encoding': 'br;dcz, br;q=dcz' })],
];
test('releasesLocation() with deltas sends the file wherever the dictionary or the coding is not just right', async (t) => {
  const deltas = await createDeltas(t);
  const { ask } = await deltas.start();
  const hash = deltas.delta.asking['available-dictionary']?.slice(1, -1) ?? '';
  for (const [title, expected, headers] of bodies) {
    const answer = await ask(`${CURRENT}/app.css`, headers(hash));
    t.is(bodyOf(deltas, answer), expected, title);
    t.is(answer.headers['cache-control'], YEAR, title);
    t.is(answer.headers.vary, VARY, title);
    t.is(answer.headers['use-as-dictionary'], 'match="/static/:version/app.css"', title);
  }
});

test('releasesLocation() with deltas answers a client that asks about a body that it has, or for a part, as if there were no deltas', async (t) => {
  const deltas = await createDeltas(t);
  const { ask, askPlainly } = await deltas.start();
  const path = `${CURRENT}/app.css`;
  const { headers: file } = await askPlainly(path);
  const { headers: delta } = await ask(path);
  const [tag = '', date = '', deltaTag = ''] = [file.etag, file['last-modified'], delta.etag];
  for (const [status, headers] of [
    [206, { range: 'bytes=0-3' }],
    [206, { range: 'bytes=0-3', 'if-range': tag }],
    [200, { range: 'bytes=0-3', 'if-range': deltaTag }],
    [416, { range: 'bytes=99999-' }],
    [200, { range: '0' }],
    [200, { 'if-range': tag }],
    [304, { 'if-none-match': tag }],
    [200, { 'if-none-match': deltaTag }],
    [304, { 'if-modified-since': date }],
    [200, { 'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' }],
    [412, { 'if-match': deltaTag }],
    [200, { 'if-match': tag }],
    [200, { 'if-unmodified-since': date }],
  ] as const) {
    const title = JSON.stringify(headers);
    // Behind a 412 nginx closes a connection without a word.
    const closing = { connection: 'close' };
    const answer = await ask(path, { ...headers, ...closing });
    t.is(answer.status, status, title);
    const expected = await askPlainly(path, { ...headers, ...closing });
    const volatile = { date: '' };
    t.deepEqual(
      [{ ...answer.headers, ...volatile }, answer.body],
      [{ ...expected.headers, ...volatile }, expected.body],
      title,
    );
    if (status !== 416 && status !== 412) t.is(answer.headers.vary, VARY, title);
  }
});

test('releasesLocation() with deltas answers HEAD like GET, and other methods with 405', async (t) => {
  const deltas = await createDeltas(t);
  const { ask } = await deltas.start();
  const get = await ask(`${CURRENT}/app.css`);
  const head = await ask(`${CURRENT}/app.css`, {}, 'HEAD');
  t.deepEqual({ ...head.headers, date: '' }, { ...get.headers, date: '' });
  t.is(head.body.length, 0);
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status, headers } = await ask(`${CURRENT}/app.css`, {}, method);
    t.deepEqual([status, headers['content-encoding'], headers.vary], [405, undefined, undefined], method);
  }
});

test('releasesLocation() with deltas sends none without a version, under an unknown one or by name, nor of another asset', async (t) => {
  const deltas = await createDeltas(t, {
    [`releases/${CURRENT}/other.css`]: 'other',
    'releases/.static-url/names/app.css': NEWER,
    'releases/.static-url/names/gone.css': NEWER,
  });
  // Where somebody might look for deltas by mistake.
  for (const folder of [deltas.root, join(deltas.releases, '.static-url/names')])
    for (const asset of ['app.css', 'gone.css']) await placeDelta(folder, asset, OLDER, NEWER);
  await placeDelta(deltas.releases, 'app.css', OLDER, NEWER);
  const { ask } = await deltas.start();
  for (const [path, status, cacheControl] of [
    ['app.css', 200, 'no-cache'],
    [`${UNKNOWN}/app.css`, 200, 'no-store'],
    ['gone.css', 200, 'no-store'],
    [`${UNKNOWN}/gone.css`, 200, 'no-store'],
    [`${RETAINED}/app.css`, 200, YEAR],
    [`${CURRENT}/other.css`, 200, YEAR],
    [`${CURRENT}/nope.css`, 404, 'no-store'],
    [`${CURRENT}/app.css.dcz`, 404, 'no-store'],
    [`.static-url-deltas/app.css`, 404, 'no-store'],
  ] as const) {
    const answer = await ask(path);
    t.is(answer.status, status, path);
    t.is(answer.headers['cache-control'], cacheControl, path);
    t.is(answer.headers['content-encoding'], undefined, path);
    const released = cacheControl === YEAR;
    t.is(answer.headers.vary, released ? VARY : undefined, path);
    t.is('use-as-dictionary' in answer.headers, released, path);
  }
});

test('releasesLocation() with deltas sends the file where the delta was removed or is no file, and 404 where the file is gone', async (t) => {
  const deltas = await createDeltas(t);
  const { file, bytes } = deltas.delta;
  const path = `${CURRENT}/app.css`;
  await rm(file);
  for (const maxOpenFiles of [200, 0]) {
    const { ask } = await deltas.start({ maxOpenFiles });
    t.is(bodyOf(deltas, await ask(path)), 'file');
    await writeFile(file, bytes);
    t.is(bodyOf(deltas, await ask(path)), 'delta', 'without a reload');
    await rm(file);
  }
  for (const make of [() => mkdir(file), () => promisify(execFile)('mkfifo', [file])]) {
    await make();
    t.is(bodyOf(deltas, await (await deltas.start()).ask(path)), 'file');
    await rm(file, { recursive: true });
  }
  await writeFile(file, bytes);
  await rm(join(deltas.root, 'app.css'));
  await rm(join(deltas.releases, CURRENT, 'app.css'));
  t.is((await (await deltas.start()).ask(path)).status, 404);
});

test('releasesLocation() with deltas compresses no delta, sends compressed copies to others, and says Vary once', async (t) => {
  const deltas = await createDeltas(t);
  await writeFile(join(deltas.releases, CURRENT, 'app.css.gz'), gzipSync(NEWER));
  const site =
    'gzip on; gzip_min_length 1; gzip_types *; gzip_vary on; charset koi8-r; add_header Vary Cookie; etag off;';
  for (const gzipStatic of [true, false]) {
    const { ask, askPlainly } = await deltas.start({ gzipStatic }, '', site);
    const answer = await ask(`${CURRENT}/app.css`);
    t.is(bodyOf(deltas, answer), 'delta');
    t.is(answer.headers['content-length'], String(deltas.delta.bytes.length));
    t.is(answer.headers['content-type'], 'text/css; charset=utf-8');
    t.is(answer.headers.vary, VARY);
    const other = await askPlainly(`${CURRENT}/app.css`, GZIP);
    t.is(other.headers['content-encoding'], 'gzip');
    t.is(gunzipSync(other.body).toString(), NEWER);
    t.is(other.headers.vary, VARY);
    t.is('content-length' in other.headers, gzipStatic);
    t.is((await askPlainly('app.css', GZIP)).headers.vary, 'Accept-Encoding');
  }
});

const LITERAL = ['js/app.js', "a-b_c.~!$&',;=@.css", 'a[b]|c.css'];
const NOT_LITERAL = ['a b.css', 'ü.css', 'a+b.css', 'a*.css', 'a:b.css', 'a(b).css', '{a}.css', 'a"b.css'];
const TREACHEROUS = ['break.css\n', 'a\nb.css', 'a?b.css', 'a#b.css', 'a%b.css'];

test('releasesLocation() with deltas has dictionaries and deltas of names that it need not escape, and of no others', async (t) => {
  const deltas = await createDeltas(t);
  const folder = join(deltas.releases, CURRENT);
  for (const prefix of ['/static/', '/assets/of-app/', '/(st+at.ic)[1]{2}/%C3%BC;/']) {
    const { ask, askPlainly } = await deltas.start({ prefix });
    for (const name of [...LITERAL, ...NOT_LITERAL, ...TREACHEROUS]) {
      await writeFiles(folder, { [name]: NEWER });
      await placeDelta(folder, name, OLDER, NEWER);
      const path = `${CURRENT}/${name.split('/').map(encodeURIComponent).join('/')}`;
      const answer = await ask(path);
      t.is(answer.status, 200, name);
      t.is(bodyOf(deltas, answer), LITERAL.includes(name) ? 'delta' : 'file', name);
      const { pathname } = new URL(prefix, 'http://localhost');
      const expected = LITERAL.includes(name) ? useAsDictionary(pathname, encodeAssetName(name)) : undefined;
      t.is(LITERAL.includes(name), expected !== undefined);
      t.is(answer.headers['use-as-dictionary'], expected, name);
      t.is((await askPlainly(path)).headers['use-as-dictionary'], expected, name);
    }
  }
});

test('releasesLocation() with deltas heeds its other options', async (t) => {
  const deltas = await createDeltas(t, { [`releases/${CURRENT}/.a.css`]: NEWER });
  await placeDelta(join(deltas.releases, CURRENT), '.a.css', OLDER, NEWER);
  const { ask } = await deltas.start({
    cors: true,
    headers: { 'X-Frame-Options': 'DENY' },
    maxAgeSeconds: 60,
    maxOpenFiles: 0,
    mediaTypes: { css: 'text/x-css' },
    unknownVersion: 'not-found',
    dotfiles: true,
  });
  for (const name of ['app.css', '.a.css']) {
    const answer = await ask(`${CURRENT}/${name}`);
    t.is(bodyOf(deltas, answer), 'delta', name);
    t.like(answer.headers, {
      'access-control-allow-origin': '*',
      'x-frame-options': 'DENY',
      'cache-control': 'public, max-age=60, immutable',
      'content-type': 'text/x-css; charset=utf-8',
    });
  }
  t.is((await ask(`${UNKNOWN}/app.css`)).status, 404);
});

test("releasesLocation() with deltas and symlinks: 'refuse' sends none from behind a link", async (t) => {
  const deltas = await createDeltas(t);
  const { ask } = await deltas.start({ symlinks: 'refuse', maxOpenFiles: 0 });
  t.is(bodyOf(deltas, await ask(`${CURRENT}/app.css`)), 'delta');
  const folder = join(deltas.releases, CURRENT, 'app.css.dcz');
  await rename(folder, join(deltas.folder, 'moved'));
  await symlink(join(deltas.folder, 'moved'), folder);
  t.is(bodyOf(deltas, await ask(`${CURRENT}/app.css`)), 'file');
  t.is(bodyOf(deltas, await (await deltas.start()).ask(`${CURRENT}/app.css`)), 'delta');
});

test('releasesLocation() with deltas takes folders and a prefix that need quotes', async (t) => {
  const deltas = await createDeltas(t);
  const releases = join(deltas.folder, 'rel "eases" \\ ; {d} ü#');
  await rename(deltas.releases, releases);
  const { ask } = await deltas.start({ releases });
  t.is(bodyOf(deltas, await ask(`${CURRENT}/app.css`)), 'delta');
});

/** Sends a request that no client of ours would, and waits for the end of the answer. */
async function answerTo(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${[...lines, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n`);
  return Buffer.concat(await socket.toArray()).toString('latin1');
}

test('releasesLocation() with deltas goes by the first of two dictionaries, and by none with a NUL', async (t) => {
  const deltas = await createDeltas(t);
  const { ask, port } = await deltas.start();
  const available = deltas.delta.asking['available-dictionary'] ?? '';
  const other = `:${HASH}=:`;
  const both = async (...lines: string[]): Promise<string> =>
    bodyOf(deltas, await ask(`${CURRENT}/app.css`, { 'available-dictionary': lines }));
  // Later versions of nginx join the lines, and find that no dictionary.
  t.is(await both(available, other), 'delta');
  t.is(await both(other, available), 'file');
  const line = `GET /static/${CURRENT}/app.css HTTP/1.1`;
  t.regex(await answerTo(port, [line, `Available-Dictionary: ${available}\0`]), /^HTTP\/1\.1 400 /);
});

test('what releasesLocation() writes of deltas makes nginx neither warn nor use what it has not set', async (t) => {
  const deltas = await createDeltas(t, { [`releases/${CURRENT}/a b.css`]: NEWER });
  const log = join(deltas.folder, 'error.log');
  const { ask, askPlainly } = await deltas.start({ gzipStatic: true }, `error_log ${log} warn;`);
  const released = ['app.css', 'a%20b.css', 'nope'].map((name) => `${CURRENT}/${name}`);
  for (const path of [...released, `${RETAINED}/app.css`, `${UNKNOWN}/app.css`, 'app.css']) {
    await ask(path);
    await ask(path, { 'available-dictionary': 'none' });
    await ask(path, { 'accept-encoding': 'gzip' });
    await ask(path, { range: 'bytes=0-3' });
    await askPlainly(path);
  }
  t.is(await readFile(log, 'utf8'), '');
  const conf = join(deltas.folder, 'nginx.conf');
  const { root, releases } = deltas;
  const server = releasesLocation({ prefix: '/static/', root, releases, deltas: true, gzipStatic: true });
  await writeFile(conf, `pid nginx.pid; events {} http { access_log off; server { ${server} } }`);
  const argv = ['-t', '-q', '-e', 'stderr', '-p', deltas.folder, '-c', conf];
  const path = `${process.env['PATH']}:/usr/sbin`;
  const { stderr } = await promisify(execFile)('nginx', argv, { env: { ...process.env, PATH: path } });
  t.is(stderr, '');
});

for (const prefix of ['/a:b/', 'https://cdn.example.com/a:b/']) {
  test(`releasesLocation() with deltas refuses the prefix ${prefix}, of which browsers take no dictionaries`, (t) => {
    const options = { prefix, root: '/srv/public', releases: '/srv/releases' };
    t.notThrows(() => releasesLocation(options));
    const error = t.throws(() => releasesLocation({ ...options, deltas: true }), {
      instanceOf: StaticUrlError,
      code: 'NGINX_INEXPRESSIBLE',
    });
    t.true(error.message.includes(prefix));
  });
}

const LOCATION = { prefix: '/static/', root: '/srv/public', releases: '/srv/releases', deltas: true };

test('releasesLocation() with deltas lets no module compress them again', (t) => {
  t.regex(releasesLocation(LOCATION), /set \$static_url_coding dcz;[^}]*gzip off;\n\s*\}/);
  const text = releasesLocation({ ...LOCATION, compressionModules: ['brotli', 'zstd'] });
  t.regex(text, /set \$static_url_coding dcz;[^}]*gzip off;\s+brotli off;\s+zstd off;\n\s*\}/);
  t.notRegex(
    releasesLocation({ ...LOCATION, deltas: false, compressionModules: ['brotli'] }),
    /brotli/,
    'nobody else needs it',
  );
  const wrong = { ...LOCATION, compressionModules: ['gzip'] as never[] };
  t.throws(() => releasesLocation(wrong), {
    instanceOf: TypeError,
    message: /is a list of "brotli" and "zstd"/,
  });
});

test('releasesLocation() with deltas refuses a second Use-As-Dictionary, of which browsers would take neither', (t) => {
  const headers = { 'use-as-dictionary': 'match="/static/*"' };
  t.throws(() => releasesLocation({ ...LOCATION, headers }), {
    instanceOf: TypeError,
    message: /"headers" has "Use-As-Dictionary".*Leave it out/,
  });
  t.notThrows(() => releasesLocation({ ...LOCATION, deltas: false, headers }));
});
