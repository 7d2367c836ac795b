import { join } from 'node:path';
import { mkdir, symlink } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { StaticUrlError } from '../../src/index.ts';
import { devStaticRouter, type DevStaticRouterOptions } from '../../src/express.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request, type Answer } from '../helpers/request.ts';
import { collectWarnings } from '../helpers/warnings.ts';

const VERSION = '00112233445566aa';
const FILES: Files = {
  'app.css': 'a{}',
  'docs/index.html': '<h1>docs</h1>',
  'docs/page.html': '<h1>page</h1>',
  '.env': 'secret',
  '.well-known/x.txt': 'known',
};

async function serve(
  t: ExecutionContext,
  {
    prefix = '/static/',
    files = FILES,
    ...options
  }: DevStaticRouterOptions & { prefix?: string; files?: Files } = {},
): Promise<(path: string, init?: Parameters<typeof request>[2]) => Promise<Answer>> {
  const root = await temporaryFolder(t, files);
  const app = express()
    .use(devStaticRouter(prefix, root, options))
    .use((_request, response) => void response.status(299).send('the app'));
  const { url } = await listen(t, app);
  return (path, init) => request(url, path, init);
}

test('devStaticRouter() with the prefix / serves versioned and plain URLs, and leaves all else to the app', async (t) => {
  const get = await serve(t, { prefix: '/' });
  t.is((await get(`/${VERSION}/app.css`)).body.toString(), 'a{}');
  t.is((await get('/app.css')).body.toString(), 'a{}');
  for (const path of ['/', '/about', '//double', '/.well-known/acme', '/%2fx', `/${VERSION}`]) {
    t.is((await get(path)).status, 299, path);
  }
  t.is((await get(`/${VERSION}/.env`)).status, 404);
  t.is((await get(`/${VERSION}/missing.js`)).status, 404);
});

test('devStaticRouter() of an absolute prefix takes its path', async (t) => {
  const get = await serve(t, { prefix: 'https://cdn.example.com/assets' });
  t.is((await get(`/assets/${VERSION}/app.css`)).status, 200);
  t.is((await get('/assets')).status, 299);
});

test('devStaticRouter() works on a mount path, and gives the URL back untouched', async (t) => {
  const root = await temporaryFolder(t, FILES);
  const app = express()
    .use('/shop', devStaticRouter('/static/', root))
    .use((incoming, response) => void response.send(`${incoming.originalUrl} ${incoming.url}`));
  const { url } = await listen(t, app);
  t.is((await request(url, `/shop/static/${VERSION}/app.css`)).body.toString(), 'a{}');
  const missing = '/shop/static/missing.css?x=1';
  t.is((await request(url, missing)).body.toString(), `${missing} ${missing}`);
});

test('devStaticRouter() answers a target in absolute form as the same path', async (t) => {
  const get = await serve(t);
  t.is((await get(`http://example.com/static/${VERSION}/app.css`)).status, 200);
});

test('devStaticRouter() with fallthrough: false answers everything under the prefix itself', async (t) => {
  const get = await serve(t, { fallthrough: false });
  const missing = await get('/static/missing.css');
  t.is(missing.status, 404);
  t.is(missing.headers['cache-control'], 'no-store');
  t.is((await get('/static/docs')).status, 404);
  const post = await get('/static/app.css', { method: 'POST' });
  t.is(post.status, 405);
  t.is(post.headers.allow, 'GET, HEAD');
  t.is((await get('/elsewhere')).status, 299);
});

test('devStaticRouter() with the prefix / and fallthrough: false answers what cannot be decoded itself', async (t) => {
  const get = await serve(t, { prefix: '/', fallthrough: false });
  t.is((await get('/%ff')).status, 400);
  t.is((await get('/%00')).status, 400);
  t.is((await get('/a//b')).status, 404);
  t.is((await get('/about')).status, 404);
});

test('devStaticRouter() with fallthrough: true leaves missing files to the app, also under a version', async (t) => {
  const get = await serve(t, { fallthrough: true });
  t.is((await get(`/static/${VERSION}/missing.css`)).status, 299);
  t.is((await get(`/static/${VERSION}/docs/`)).status, 299);
});

test('devStaticRouter() takes the options of serve-static', async (t) => {
  const get = await serve(t, {
    index: 'index.html',
    redirect: true,
    extensions: ['html'],
    etag: false,
    lastModified: false,
    acceptRanges: false,
    setHeaders: (response) => void response.setHeader('X-Own', 'yes'),
  });
  const index = await get(`/static/${VERSION}/docs/`);
  t.is(index.body.toString(), '<h1>docs</h1>');
  t.is(index.headers['x-own'], 'yes');
  t.is(index.headers.etag, undefined);
  t.is(index.headers['last-modified'], undefined);
  t.is(index.headers['accept-ranges'], undefined);
  t.is((await get(`/static/${VERSION}/docs/page`)).body.toString(), '<h1>page</h1>');
  const redirect = await get(`/static/${VERSION}/docs`);
  t.is(redirect.status, 301);
  t.is(redirect.headers.location, `/static/${VERSION}/docs/`);
  t.is(redirect.headers['cache-control'], 'no-store', 'a browser may keep a 301 for ever');
  t.is((await get(`/static/${VERSION}/.well-known/`)).status, 404);
});

test('devStaticRouter() keeps to a maxAge, immutable or cacheControl that it is given', async (t) => {
  const aged = await serve(t, { maxAge: '1h', immutable: true });
  t.is(
    (await aged(`/static/${VERSION}/app.css`)).headers['cache-control'],
    'public, max-age=3600, immutable',
  );
  for (const [maxAge, seconds] of [
    ['1d', 86_400],
    ['2 hours', 7200],
    ['.5m', 30],
    ['1500', 1],
    ['1500ms', 1],
    ['2 Weeks', 1_209_600],
    ['10y', 31_536_000],
    [2500, 2],
    [0, 0],
  ] as const) {
    const get = await serve(t, { maxAge });
    const { headers } = await get(`/static/${VERSION}/app.css`);
    t.is(headers['cache-control'], `public, max-age=${seconds}`, String(maxAge));
  }
  const bare = await serve(t, { cacheControl: false });
  t.is((await bare(`/static/${VERSION}/app.css`)).headers['cache-control'], undefined);
});

test('devStaticRouter() serves dotfiles by option: all, none with 403, or .well-known alone', async (t) => {
  const all = await serve(t, { dotfiles: 'allow' });
  t.is((await all('/static/.env')).body.toString(), 'secret');
  const denied = await serve(t, { dotfiles: 'deny' });
  t.is((await denied('/static/.env')).status, 403);
  const known = await serve(t, { wellKnown: true });
  t.is((await known(`/static/${VERSION}/.well-known/x.txt`)).body.toString(), 'known');
  t.is((await known('/static/.env')).status, 404);
});

test('devStaticRouter() with cors lets any origin read', async (t) => {
  const get = await serve(t, { cors: true });
  t.is((await get(`/static/${VERSION}/app.css`)).headers['access-control-allow-origin'], '*');
});

test("devStaticRouter() with symlinks: 'refuse' answers 404 for links below the root, not for a root behind one", async (t) => {
  const folder = await temporaryFolder(t, { 'public/a/x.css': 'x', 'outside.css': 'o' });
  await symlink(join(folder, 'outside.css'), join(folder, 'public/outside.css'));
  await symlink('a', join(folder, 'public/b'));
  await symlink('public', join(folder, 'linked-root'));
  const app = express().use(devStaticRouter('/static/', join(folder, 'linked-root'), { symlinks: 'refuse' }));
  const { url } = await listen(t, app);
  t.is((await request(url, `/static/${VERSION}/a/x.css`)).body.toString(), 'x');
  t.is((await request(url, `/static/${VERSION}/b/x.css`)).status, 404);
  t.is((await request(url, `/static/${VERSION}/outside.css`)).status, 404);
  t.is((await request(url, `/static/${VERSION}/missing.css`)).status, 404);
});

test("devStaticRouter() with symlinks: 'refuse' looks at what extensions and index choose", async (t) => {
  const folder = await temporaryFolder(t, {
    'secret.html': 'secret',
    'public/page.html': 'page',
    'public/docs/index.html': 'docs',
    'public/bad/x.txt': '',
  });
  await symlink(join(folder, 'secret.html'), join(folder, 'public/evil.html'));
  await symlink(join(folder, 'secret.html'), join(folder, 'public/bad/index.html'));
  const app = express().use(
    devStaticRouter('/static/', new URL(`file://${folder}/public/`), {
      symlinks: 'refuse',
      extensions: ['html'],
      index: 'index.html',
    }),
  );
  const { url } = await listen(t, app);
  t.is((await request(url, `/static/${VERSION}/page`)).body.toString(), 'page');
  t.is((await request(url, `/static/${VERSION}/docs/`)).body.toString(), 'docs');
  t.is((await request(url, `/static/${VERSION}/evil`)).status, 404);
  t.is((await request(url, '/static/evil')).status, 404);
  t.is((await request(url, `/static/${VERSION}/bad/`)).status, 404);
});

test('devStaticRouter() finds wrong options of serve-static when it is made', async (t) => {
  const root = await temporaryFolder(t);
  const wrong: readonly Record<string, unknown>[] = [
    { setHeaders: 1 },
    { maxAge: -5 },
    { maxAge: 'soon' },
    { maxAge: '' },
    { maxAge: '1 constructor' },
    { etag: 'no' },
    { redirect: 'no' },
    { index: 7 },
    { extensions: 5 },
    { extensions: [5] },
    { fallthrough: 'yes' },
  ];
  for (const options of wrong) {
    t.throws(
      () => devStaticRouter('/static/', root, options),
      { instanceOf: TypeError },
      JSON.stringify(options),
    );
  }
  for (const maxAge of [0, 1000, '1d', '2 hours', '10'])
    t.notThrows(() => devStaticRouter('/static/', root, { maxAge }));
});

test('devStaticRouter() with redirect keeps the mount path and the query', async (t) => {
  const root = await temporaryFolder(t, FILES);
  const app = express().use('/shop', devStaticRouter('/static/', root, { redirect: true }));
  const { url } = await listen(t, app);
  for (const target of ['/shop/static/docs?a=/docs?', 'http://example.com/shop/static/docs?a=/docs?']) {
    const { status, headers } = await request(url, target);
    t.deepEqual([status, headers.location], [301, '/shop/static/docs/?a=/docs?'], target);
  }
  t.is((await request(url, '/shop/static/app.css/')).status, 404);
});

test('devStaticRouter() with redirect leaves a URL that has its slash to the app', async (t) => {
  const root = await temporaryFolder(t, { 'docs/page.html': '' });
  for (const options of [{ redirect: true }, { redirect: true, index: 'index.html' }]) {
    const app = express()
      .use(devStaticRouter('/static/', root, options))
      .use(devStaticRouter('/', root, options))
      .use((_request, response) => void response.status(299).send('the app'));
    const { url } = await listen(t, app);
    for (const target of ['/', '/static/', '/static/docs/', '/docs/'])
      t.is((await request(url, target)).status, 299, target);
    t.is((await request(url, `/static/${VERSION}/docs/`)).status, 404);
    t.is((await request(url, '/docs')).headers.location, '/docs/');
  }
});

test('devStaticRouter() warns once at start of a folder that looks like a version, and the version wins', async (t) => {
  const root = await temporaryFolder(t, {
    [`${VERSION}/app.css`]: 'folder',
    'app.css': 'root',
    'sub/x.css': '',
  });
  await symlink('sub', join(root, 'ffeeddccbbaa9988'));
  const second = await temporaryFolder(t, { 'aaaabbbbccccdddd/x.css': '' });
  const warnings = collectWarnings(t, 'looks like a version');
  const app = express().use(devStaticRouter('/static/', [root, second]));
  const { url } = await listen(t, app);
  t.is((await request(url, `/static/${VERSION}/app.css`)).body.toString(), 'root');
  t.is((await request(url, `/static/${VERSION}/app.css`)).body.toString(), 'root');
  t.is(warnings.length, 3);
  t.regex(warnings[0] ?? '', new RegExp(`${VERSION}.*the version wins`));
  t.regex(warnings[2] ?? '', /aaaabbbbccccdddd/);
});

test('devStaticRouter() refuses a root that is missing or a file', async (t) => {
  const root = await temporaryFolder(t, FILES);
  t.throws(() => devStaticRouter('/static/', join(root, 'nope')), {
    instanceOf: StaticUrlError,
    code: 'ROOT_NOT_FOUND',
  });
  t.throws(() => devStaticRouter('/static/', join(root, 'app.css')), {
    instanceOf: StaticUrlError,
    code: 'ROOT_NOT_A_FOLDER',
  });
  t.throws(() => devStaticRouter('/static/', [root, join(root, 'nope')]), { code: 'ROOT_NOT_FOUND' });
  t.throws(() => devStaticRouter('/static/', []), {
    instanceOf: TypeError,
    message: /list of roots is empty/,
  });
});

test('devStaticRouter() names an unknown option with the one that is meant', async (t) => {
  const root = await temporaryFolder(t);
  t.throws(() => devStaticRouter('/static/', root, { livereload: true } as DevStaticRouterOptions), {
    instanceOf: TypeError,
    message: 'devStaticRouter() has no option "livereload". Did you mean "liveReload"?',
  });
  t.throws(() => devStaticRouter('/static/', root, { liveReload: { wach: [] } } as DevStaticRouterOptions), {
    instanceOf: TypeError,
    message: /Did you mean "watch"/,
  });
  t.throws(() => devStaticRouter('static', root), {
    instanceOf: TypeError,
    message: /Did you mean "\/static"/,
  });
});

test.serial('devStaticRouter() refuses live reload in production', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'css'));
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  t.teardown(() => {
    process.env['NODE_ENV'] = before;
  });
  t.throws(() => devStaticRouter('/static/', root, { liveReload: true }), {
    instanceOf: StaticUrlError,
    code: 'LIVE_RELOAD_IN_PRODUCTION',
  });
  const { liveReloadTag, liveReloadUrl } = devStaticRouter('/static/', root);
  t.deepEqual([liveReloadTag, liveReloadUrl], ['', '']);
});
