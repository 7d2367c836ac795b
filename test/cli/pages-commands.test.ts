import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { main } from '../../src/cli/main.ts';
import {
  createPages,
  fileStore,
  type PagesReport,
  type Verdict,
  type Verification,
} from '../../src/pages.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { createSite, SITE, type SiteSource } from './pages-site.ts';
import { runMain, type Run } from './run-main.ts';

const nowhere = (): void => {};

type RunPages = (...argv: string[]) => Promise<Run>;

/** Runs commands of pages in the folder of a site. */
async function site(t: ExecutionContext, source?: SiteSource): Promise<{ cwd: string; run: RunPages }> {
  const cwd = await createSite(t, 'source', source);
  return { cwd, run: (...argv) => runMain(['pages', ...argv], { cwd }) };
}

const HOME = "app.get('/', (request, response) => response.send('<p>home'));";
const ABOUT = "app.get('/about', (request, response) => response.send('<p>about'));";

test('pages publish renders the pages of the URLs and stores them', async (t) => {
  const { run } = await site(t, { routes: HOME + ABOUT });
  t.deepEqual(await run('publish', '/', `${SITE}/about`), {
    code: 0,
    out: '2 pages published.\n',
    error: '',
  });
  t.regex((await run('list')).out, /\/about\n(?:.*\n)?2 pages, 15 B\.\n$/);
});

test('pages publish names each page that was not stored, and ends with 1', async (t) => {
  const { run } = await site(t, {
    routes: `${HOME} app.get('/fails', () => { throw new Error('no'); });`,
  });
  const { code, out, error } = await run('publish', '/', '/fails', '/gone', '/a/b');
  t.is(code, 1);
  t.deepEqual(out.split('\n').toSorted(), [
    '',
    '1 page published, 1 deleted, 2 not stored.',
    `deleted "${SITE}/gone": GONE: The app answers 404.`,
    'kept "/a/b": URL: no pattern of urls has the path. Add a pattern to "urls" that has it.',
    `kept "${SITE}/fails": STATUS: The app answers 500.`,
  ]);
  t.regex(error, /^error: 2 pages of 4 were not stored; .*"static-url pages why <url>".*\n$/);
});

test('pages publish ends with 0 where pages are deleted by the word of the app', async (t) => {
  const { run } = await site(t);
  t.is((await run('publish', '/gone')).code, 0);
});

test('pages publish, refresh, delete and invalidate print their reports with --json', async (t) => {
  const { run } = await site(t, {
    routes: "app.get('/', (request, response) => { response.send('a'); });",
  });
  const results = async (...argv: string[]): Promise<PagesReport['results']> =>
    (JSON.parse((await run(...argv, '--json')).out) as PagesReport).results;
  const url = `${SITE}/`;
  t.deepEqual(await results('publish', '/'), [{ url, result: 'published' }]);
  t.deepEqual(await results('refresh', '/'), [{ url, result: 'published' }]);
  t.deepEqual(await results('delete', '/'), [{ url, result: 'deleted' }]);
  t.deepEqual(await results('delete', '/'), [{ url, result: 'missing' }]);
  t.deepEqual(await results('invalidate', 'post:1'), []);
  await run('publish', '/');
  t.deepEqual(await results('clear'), [{ url, result: 'deleted' }]);
});

test('pages publish --sitemap takes a path of the site, and a file of the working folder', async (t) => {
  const sitemap = `<urlset><url><loc>${SITE}/about</loc></url></urlset>`;
  const { cwd, run } = await site(t, {
    routes: `${ABOUT} app.get('/sitemap.xml', (request, response) => response.type('xml').send('${sitemap}'));`,
    files: { 'map.xml': sitemap },
  });
  for (const given of ['/sitemap.xml', 'map.xml', `file://${join(cwd, 'map.xml')}`])
    t.is((await run('publish', '--sitemap', given)).out, '1 page published.\n', given);
});

test('pages publish draws a progress bar on a terminal, takes it away again, and draws none with --json', async (t) => {
  const { cwd } = await site(t, { routes: HOME + ABOUT });
  const drawn = async (...more: string[]): Promise<string> => {
    const progress = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const argv = ['pages', 'publish', '/', '/about', ...more];
    t.is(await main(argv, { write: nowhere, writeError: nowhere, progress, cwd, env: {} }), 0);
    progress.end();
    return text(progress);
  };
  const bar = await drawn();
  t.regex(bar, /publishing \[.*\] \d\/2/);
  t.true(bar.endsWith('\u001B[2K'), JSON.stringify(bar.slice(-40)));
  t.is(await drawn('--json'), '');
});

test('pages publish needs a URL or a sitemap', async (t) => {
  const { run } = await site(t);
  t.deepEqual(await run('publish'), {
    code: 2,
    out: '',
    error: 'error: No page is named. Give URLs, or --sitemap.\n',
  });
  t.is((await run('publish', '')).code, 2);
});

test('pages publish stops before it deletes most of a site, unless --force is given', async (t) => {
  const names = Array.from({ length: 12 }, (_, index) => `/p${index}`);
  const { run } = await site(t, {
    routes:
      "let isDown = false; app.get('/down', (request, response) => { isDown = true; response.send('down'); });" +
      "app.get('/:name', (request, response) => isDown ? response.sendStatus(404) : response.send('a'));",
  });
  t.is((await run('publish', ...names, '/down')).out, '13 pages published.\n');
  const { code, error } = await run('publish', ...names);
  t.is(code, 1);
  t.regex(
    error,
    /^error: The app says of 11 pages of 12 .* None was deleted\. Set --force if they should go\.\n$/,
  );
  t.regex((await run('list')).out, /\n13 pages, /);
  t.regex((await run('publish', ...names, '--force')).out, /\n12 pages deleted\.\n$/);
});

test('pages delete --recursive takes what is below', async (t) => {
  const { run } = await site(t, {
    routes: "app.get('/{*path}', (request, response) => response.send('a'));",
    pages: 'urls: [/^/]',
  });
  await run('publish', '/blog', '/blog/a', '/blog/a/b', '/other');
  t.regex((await run('delete', '/blog', '--recursive')).out, /\n3 pages deleted\.\n$/);
  t.regex((await run('list')).out, /\/other\n1 page, /);
});

test('pages invalidate takes the pages that have one of the tags', async (t) => {
  const { run } = await site(t, {
    routes:
      "app.get('/:name', (request, response) => { pages.tag('all', `post:${request.params.name}`); response.send('a'); });",
  });
  await run('publish', '/a', '/b');
  t.regex((await run('list')).out, /text\/html {2}https:\/\/www\.example\.com\/a {2}"all" "post:a"\n/);
  t.is((await run('invalidate', 'post:a', 'other')).out, `deleted "${SITE}/a"\n1 page deleted.\n`);
  t.is((await run('invalidate', 'post:a')).out, 'No page was affected.\n');
});

test('pages clear takes all pages', async (t) => {
  const { run } = await site(t, { routes: HOME });
  await run('publish', '/');
  t.is((await run('clear')).out, 'All stored pages are removed.\n');
  t.is((await run('list')).out, 'No page is stored.\n');
});

test('pages list --json prints one array', async (t) => {
  const { run } = await site(t, { routes: HOME + ABOUT });
  t.is((await run('list', '--json')).out, '[]\n');
  await run('publish', '/', '/about');
  const listed = JSON.parse((await run('list', '--json')).out) as { url: string; storedAt: string }[];
  t.deepEqual(listed.map(({ url }) => url).toSorted(), [`${SITE}/`, `${SITE}/about`]);
  for (const { storedAt, ...page } of listed) {
    t.false(Number.isNaN(Date.parse(storedAt)));
    t.deepEqual(page, {
      url: page.url,
      mediaType: 'text/html',
      size: page.url === `${SITE}/` ? 7 : 8,
      tags: [],
    } as object);
  }
});

test('pages list --bypassed names the cookies that sent most requests to the app', async (t) => {
  const { cwd, run } = await site(t);
  t.is(
    (await run('list', '--bypassed')).out,
    'No request is known to have gone to the app for a cookie. A running app writes its counts every ten seconds.\n',
  );
  const store = fileStore({ folder: join(cwd, 'store') });
  const pages = createPages({ sites: [SITE], urls: ['/'], store, sweepSeconds: 0 });
  await pages.bypassed();
  await store.saveCounts({ language: 3, session: 12 });
  await pages.close();
  t.is(
    (await run('list', '--bypassed')).out,
    '12  "session"\n 3  "language"\nName those that only scripts read in "ignoreCookies", or the only ones that matter in "bypassCookies".\n',
  );
  t.deepEqual(JSON.parse((await run('list', '--bypassed', '--json')).out), [
    { cookie: 'session', requests: 12 },
    { cookie: 'language', requests: 3 },
  ]);
});

test('pages why renders afresh, stores nothing, and tells what gate and rule decide', async (t) => {
  const { run } = await site(t, {
    routes: `${HOME} app.get('/hello', (request, response) => response.send('<p>' + request.get('accept-language')));`,
  });
  t.regex(
    (await run('why', '/')).out,
    /^"https:\/\/www\.example\.com\/"\n {2}gate {6}a request for it may be answered from the store\n {2}rendered {2}just now, in \d+ ms, with the status 200\n {2}rule {6}it may be stored\n {2}store {5}it is not stored\n$/,
  );
  t.is((await run('list')).out, 'No page is stored.\n');
  await run('publish', '/');
  t.regex((await run('why', '/')).out, /\n {2}store {5}it has been stored since \d{4}-/);
  t.regex((await run('why', '/hello')).out, /\n {2}rule {6}it may not be stored: READS_ACCEPT_LANGUAGE: /);
  const verdict = JSON.parse((await run('why', '/hello', '--json')).out) as Verdict;
  t.like(verdict, { url: `${SITE}/hello`, isListed: true, isStorable: false, status: 200 });
});

test('pages why renders nothing that the gate refuses, and tells what to change', async (t) => {
  const { run } = await site(t, {
    pages: "exclude: ['/admin']",
    app: "() => { throw new Error('The app was loaded.'); }",
  });
  for (const [url, reason] of [
    ['/a/b', /gate {6}URL: .*\. Add a pattern to "urls" that has it\.\n/],
    ['/admin', /gate {6}EXCLUDED: .*\. Take it out of "exclude"\.\n/],
    ['/?page=2', /gate {6}QUERY: .*\. Name its parameters in "query", /],
    ['/%61', /gate {6}PATH: .*\. Link to the page by its canonical path\.\n/],
    ['https://other.example/', /gate {6}SITE: .*, name it in "sites"\.\n/],
  ] as const) {
    const { code, out, error } = await run('why', url);
    t.is(code, 0, error);
    t.regex(out, reason);
    t.regex(out, /\n {2}rendered {2}not at all: /);
  }
});

test("pages verify shows in what another visitor's page differs, and ends with 1", async (t) => {
  const { run } = await site(t, {
    routes: `${HOME} app.get('/user', (request, response) =>
      response.send(['<h1>Hello', request.headers.cookie?.includes('user=ann') ? '<b>Ann' : '<a>Log in'].join('\\n')));`,
  });
  t.deepEqual(await run('verify', '/'), {
    code: 0,
    out: `"${SITE}/": the same for 6 other visitors.\n`,
    error: '',
  });
  t.is((await run('verify', '/user')).code, 0);
  const { code, out, error } = await run('verify', '/user', '--cookie', 'user=ann');
  t.is(code, 1);
  t.is(
    out,
    `a visitor with a cookie, line 2:\n  - "<a>Log in"\n  + "<b>Ann"\n"${SITE}/user": 1 difference for 6 other visitors.\n`,
  );
  t.regex(error, /^error: The page differs in 1 place\. /);
  const verification = JSON.parse(
    (await run('verify', '/user', '--cookie', 'user=ann', '--json')).out,
  ) as Verification;
  t.is(verification.differences.length, 1);
});

test('pages verify ends with 1 where the app gives no page, or no answer', async (t) => {
  const { run } = await site(t, {
    routes: "app.get('/', (request) => request.socket.destroy());",
  });
  const missing = await run('verify', '/missing');
  t.is(missing.code, 1);
  t.regex(missing.error, /^error: The app answers with the status 404, so there is no page to compare\. /);
  const { code, error } = await run('verify', '/');
  t.is(code, 1, error);
  t.regex(error, /^error: [^\n]+\n$/);
});

test('pages headers prints what stands in the configuration afterwards, and then the page is stored', async (t) => {
  const routes = `
    app.use((request, response, next) => { response.set({ 'X-Frame-Options': 'DENY', 'X-Quote': 'a "b"' }); next(); });
    ${HOME}`;
  const { run } = await site(t, { routes });
  const { out } = await run('headers', '/');
  t.is(out, 'headers: {\n  "x-frame-options": "DENY",\n  "x-quote": "a \\"b\\"",\n},\n');
  t.is((await run('publish', '/')).code, 1);
  const declared = await site(t, { routes, pages: out });
  t.is((await declared.run('publish', '/')).code, 0);
  t.deepEqual(JSON.parse((await run('headers', '/', '--json')).out), {
    'x-frame-options': 'DENY',
    'x-quote': 'a "b"',
  });
});

test('pages headers says when the headers are not all that is wrong', async (t) => {
  const { run } = await site(t, {
    routes: "app.get('/', (request, response) => { response.cookie('a', 'b').send('a'); });",
  });
  t.regex(
    (await run('headers', '/')).error,
    /^warning: The page would not be stored with them either: SET_COOKIE: /,
  );
  t.is((await run('headers', '/a/b')).code, 2);
});

test('commands of pages load the app only when a page is rendered', async (t) => {
  const { run } = await site(t, { app: "() => { throw new Error('The app was loaded.'); }" });
  for (const argv of [['delete', '/'], ['invalidate', 'a'], ['clear'], ['list'], ['list', '--bypassed']])
    t.is((await run(...argv)).code, 0, argv.join(' '));
  for (const argv of [
    ['publish', '/'],
    ['refresh', '/'],
    ['why', '/'],
    ['verify', '/'],
    ['headers', '/'],
  ]) {
    const { code, error } = await run(...argv);
    t.is(code, 1);
    t.regex(
      error,
      /^error: Cannot load the app of static-url\.config\.mjs in .*config\.mjs:\d+:\d+: The app was loaded\.\n$/,
    );
  }
});

test('commands of pages work on the store that the app has open', async (t) => {
  const { cwd, run } = await site(t, { routes: HOME });
  const store = fileStore({ folder: join(cwd, 'store') });
  const pages = createPages({
    sites: [SITE],
    urls: ['/'],
    store,
    app: (_, response) => response.setHeader('Content-Type', 'text/html').end('<p>old'),
    sweepSeconds: 0,
  });
  t.teardown(() => pages.close());
  await pages.publish('/');
  const key = { site: SITE, target: '/' };
  t.is((await run('publish', '/')).code, 0);
  t.is(String((await store.read(key))?.body), '<p>home');
  t.is((await run('delete', '/')).code, 0);
  t.is(await store.read(key), undefined);
});

test('commands of pages say what to write where the configuration does not tell', async (t) => {
  const none = await temporaryFolder(t);
  const empty = await temporaryFolder(t, { 'static-url.config.mjs': "export default { prefix: '/s/' };" });
  const appless = await createSite(t, 'source', { app: 'undefined' });
  const message = async (cwd: string): Promise<string> => {
    const { code, error } = await runMain(['pages', 'publish', '/'], { cwd });
    t.not(code, 0);
    return error;
  };
  t.regex(
    await message(none),
    /^error: There is no static-url\.config\.js .* Write which pages .* pages: \{ sites: /,
  );
  t.regex(
    await message(empty),
    /^error: static-url\.config\.mjs has no "pages"\. Write .* pages: \{ sites: /,
  );
  t.regex(await message(appless), /^error: static-url\.config\.mjs names no app .* Add app: async \(\) => /);
});

test('errors of the pages of the configuration name its file and the option', async (t) => {
  const mistakes: readonly (readonly [pages: string, message: string])[] = [
    ["url: ['/']", '"pages" has no option "url". Did you mean "urls"?'],
    [
      "urls: ['posts']",
      '"urls" in "pages" is a list of path patterns such as "/posts/:slug", or of regular expressions, not an array.',
    ],
    [
      "sites: ['www.example.com']",
      '"sites" in "pages" has "www.example.com", which is no origin such as "https://www.example.com".',
    ],
    ['sites: undefined', '"pages" needs the option "sites".'],
    ['store: {}', '"store" in "pages" is a store such as fileStore() gives, not an object.'],
    [
      "headers: { Date: 'x' }",
      '"headers" in "pages" has "Date", which is decided anew for each answer. Leave it out.',
    ],
  ];
  for (const [pages, message] of mistakes) {
    const { run } = await site(t, { pages });
    t.deepEqual(await run('list'), { code: 2, out: '', error: `error: static-url.config.mjs: ${message}\n` });
  }
});

test('an app of another kind is refused with what to pass', async (t) => {
  const { cwd, run } = await site(t, { app: "() => import('./app.mjs')" });
  t.deepEqual(await run('publish', '/'), {
    code: 2,
    out: '',
    error:
      'error: "app" in static-url.config.mjs gives a whole module. Take the app out of it: async () => (await import(\'./app.js\')).default.\n',
  });
  await writeFiles(cwd, {
    'koa.config.mjs': `import config from './static-url.config.mjs';
      export default { ...config, app: () => ({ callback() {}, middleware: [] }) };`,
  });
  t.is(
    (await run('publish', '/', '--config', 'koa.config.mjs')).error,
    'error: "app" in koa.config.mjs is no app: it is an object. Pass app.callback().\n',
  );
});
