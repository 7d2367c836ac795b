import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openAssets } from '../../../src/assets.ts';
import { route, type SiteCheckError } from '../../../src/site/index.ts';
import type { SiteOptions } from '../../../src/site/options.ts';
import { temporaryFolder, writeFiles, type Files } from '../../helpers/folder.ts';
import { filesOf, kindsOf, newApp, openSite, pageText, type OpenedSite } from '../exported.ts';

/** A site of one page, with what a test is about. */
async function smallSite(t: ExecutionContext, options: Partial<SiteOptions> = {}): Promise<OpenedSite> {
  const app = newApp().get('/', (_request, response) => response.send(pageText('Home')));
  return openSite(t, { app, routes: [route('/')], ...options });
}

test('"sitemap" lists the pages for visitors, with their dates', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home')));
  app.get('/hidden', (_request, response) =>
    response.send('<!doctype html><meta name="robots" content="noindex"><title>Hidden</title>'),
  );
  app.get('/feed.xml', (_request, response) => response.type('xml').send('<feed/>'));
  app.get('/it&s/:slug', ({ params }, response) => response.send(pageText(params.slug)));
  app.use((_request, response) => response.status(404).send(pageText('Not found')));
  const { site, files } = await openSite(t, {
    app,
    sitemap: true,
    robots: true,
    origin: 'https://user.github.io/project/',
    routes: [
      route('/'),
      route('/hidden'),
      route('/feed.xml'),
      route('/it&s/:slug', { params: ['ö'], lastModified: () => Date.UTC(2026, 0, 2) }),
      route('/it&s/:slug/draft', { params: [], sitemap: false }),
      route('/404', { file: '404.html', statusCodes: [404] }),
    ],
  });
  await site.export();
  const written = await files();
  t.is(
    written['sitemap.xml'],
    `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <url><loc>https://user.github.io/project/</loc></url>
  <url><loc>https://user.github.io/project/it&amp;s/%C3%B6</loc><lastmod>2026-01-02T00:00:00.000Z</lastmod></url>
</urlset>
`,
  );
  t.is(
    written['robots.txt'],
    'User-agent: *\nAllow: /\n\nSitemap: https://user.github.io/project/sitemap.xml\n',
  );
});

test('"sitemap" has a name, and "robots" a text, of their own', async (t) => {
  const { site, files } = await smallSite(t, {
    sitemap: 'maps/all.xml',
    robots: 'User-agent: *\nDisallow: /',
  });
  await site.export();
  const written = await files();
  t.true('maps/all.xml' in written);
  t.is(written['robots.txt'], 'User-agent: *\nDisallow: /\n');
});

test('"copies" takes folders and files, without what is hidden unless it is told to', async (t) => {
  const folder = await temporaryFolder(t, {
    'uploads/a.txt': 'a',
    'uploads/deep/b.txt': 'b',
    'uploads/.draft/c.txt': 'c',
    'one.pdf': 'one',
  });
  const { site, files } = await smallSite(t, {
    copies: [
      { from: join(folder, 'uploads'), to: '/media/' },
      { from: join(folder, 'uploads/.draft'), to: '/all', dotfiles: true },
      { from: join(folder, 'one.pdf'), to: '/files/' },
      { from: join(folder, 'one.pdf'), to: '/terms.pdf' },
    ],
  });
  await site.export();
  t.deepEqual(Object.keys(await files()), [
    'all/c.txt',
    'files/one.pdf',
    'index.html',
    'media/a.txt',
    'media/deep/b.txt',
    'terms.pdf',
  ]);
});

test('"copies" from what is not there: told with its path', async (t) => {
  const { site } = await smallSite(t, { copies: [{ from: '/nowhere/uploads', to: '/media/' }] });
  await t.throwsAsync(site.export(), { message: /\/nowhere\/uploads/ });
});

test('"passThrough" goes to the top of the site as it is, dotfiles too', async (t) => {
  const kept: Files = {
    CNAME: 'www.example.com\n',
    '.nojekyll': '',
    '.well-known/security.txt': 'Contact: a',
  };
  const { site, files } = await smallSite(t, { passThrough: await temporaryFolder(t, kept) });
  await site.export();
  t.deepEqual(await files(), { ...kept, 'index.html': pageText('Home') });
});

test('A copied file that is the file of a page: told with both', async (t) => {
  const folder = await temporaryFolder(t, { 'index.html': 'mine' });
  const { site, files } = await smallSite(t, { passThrough: folder });
  const { findings } = await t.throwsAsync<SiteCheckError>(site.export(), { code: 'SITE_CHECK_FAILED' });
  t.deepEqual(kindsOf(findings), ['FILE_SHARED index.html']);
  t.regex(findings[0]!.message, /"https:\/\/www\.example\.com\/" and ".*\/index\.html" are both/);
  await t.throwsAsync(files(), { code: 'ENOENT' });
});

test('"keep" names what is in the folder and stays', async (t) => {
  const { site, out, files } = await smallSite(t, { keep: ['.git', 'stats'] });
  await site.export();
  await writeFiles(out, { '.git/file': '', 'stats/file': '' });
  await site.export();
  t.deepEqual(Object.keys(await files()), ['.git/file', 'index.html', 'stats/file']);
});

test('"compress" lays .br and .gz beside what is worth it, and makes them once', async (t) => {
  const text = `<!doctype html>\n<title>Long</title>\n${'<p>text</p>\n'.repeat(500)}`;
  const app = newApp();
  app.get('/long', (_request, response) => response.send(text));
  app.get('/short', (_request, response) => response.send(pageText('Short')));
  const { site, out } = await openSite(t, { app, compress: true, routes: [route('/long'), route('/short')] });
  await site.export();
  t.deepEqual(Object.keys(await filesOf(out)), [
    'long/index.html',
    'long/index.html.br',
    'long/index.html.gz',
    'short/index.html',
  ]);
  t.is(brotliDecompressSync(await readFile(join(out, 'long/index.html.br'))).toString(), text);
  t.is(gunzipSync(await readFile(join(out, 'long/index.html.gz'))).toString(), text);
  t.is((await site.export()).files.written, 0);
});

test('Assets go in under their fingerprints, and those of the release before stay', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.css': 'a { color: red }\n' });
  const urls: string[] = [];
  const app = newApp();
  const assets = async () => {
    const opened = await openAssets({ roots: join(folder, 'public'), prefix: '/static/' });
    t.teardown(() => opened.close());
    urls.push(opened.url('app.css'));
    return opened;
  };
  app.get('/', (_request, response) =>
    response.send(`<!doctype html>\n<link rel="stylesheet" href="${urls.at(-1)}">\n`),
  );
  const { site, files } = await openSite(t, { app, assets, routes: [route('/')] });
  await site.export();
  await writeFile(join(folder, 'public/app.css'), 'a { color: blue }\n');
  await site.export();
  const [red = '', blue = ''] = urls;
  t.not(red, blue);
  const written = await files();
  t.is(written[red.slice(1)], 'a { color: red }\n');
  t.is(written[blue.slice(1)], 'a { color: blue }\n');
  t.is(written['static/app.css'], 'a { color: blue }\n');
});

for (const modules of ['group', 'importmap'] as const)
  test(`Assets from sources go in as they were opened: folders together, files that may lack what they name (modules: ${modules})`, async (t) => {
    const folder = await temporaryFolder(t, {
      'public/editor/main.js': 'load("plug" + "in.js")',
      'public/editor/plugin.js': 'import "./gone.js"',
    });
    for (const together of ['editor/', './']) {
      const assets = await openAssets({
        roots: join(folder, 'public'),
        prefix: '/static/',
        modules,
        together: [together],
        optional: ['editor/**'],
      });
      t.teardown(() => assets.close());
      const { site, files } = await smallSite(t, { assets });
      await site.export();
      const written = await files();
      const plugin = new URL('plugin.js', `http://localhost${assets.url('editor/main.js')}`).pathname;
      t.is(written[plugin.slice(1)], 'import "./gone.js"', together);
    }
  });

test('Assets whose prefix lies outside of the site: told with the one to open them with', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.css': '' });
  const assets = await openAssets({ roots: join(folder, 'public'), prefix: '/static/' });
  t.teardown(() => assets.close());
  const { site } = await smallSite(t, { assets, origin: 'https://user.github.io/project' });
  await t.throwsAsync(site.export(), { instanceOf: TypeError, message: /"\/project\/static\/"/ });
});

test('"excludeStatic" leaves what was copied before as it is', async (t) => {
  const folder = await temporaryFolder(t, { 'uploads/a.txt': 'a' });
  const { site, files } = await smallSite(t, { copies: [{ from: join(folder, 'uploads'), to: '/media/' }] });
  await site.export({ excludeStatic: true });
  t.deepEqual(Object.keys(await files()), ['index.html']);
  await site.export();
  await writeFile(join(folder, 'uploads/a.txt'), 'changed');
  await site.export({ excludeStatic: true });
  t.is((await files())['media/a.txt'], 'a');
});

test('"checkDeterminism" tells of pages whose two renders differ, and where', async (t) => {
  let count = 0;
  const app = newApp();
  app.get('/counts', (_request, response) => response.send(pageText(`Visit ${(count += 1)}`)));
  app.get('/same', (_request, response) => response.send(pageText('Same')));
  const { site } = await openSite(t, { app, routes: [route('/counts'), route('/same')] });
  const { findings } = await site.export({ checkDeterminism: true });
  const [finding, ...others] = findings.filter(({ kind }) => kind === 'NOT_DETERMINISTIC');
  t.like(finding, { severity: 'warning', file: 'counts/index.html' });
  t.regex(finding!.message, /line 2 is once "<title>Visit \d<\/title>", then "<title>Visit \d<\/title>"/);
  t.deepEqual(others, []);
});

test('With "strict" off a site with faults is exported, and they are told', async (t) => {
  const app = newApp().get('/', (_request, response) => response.send(pageText('Home', '/gone')));
  const { site, files } = await openSite(t, { app, strict: false, routes: [route('/')] });
  const { findings } = await site.export();
  t.like(findings, [{ kind: 'LINK_BROKEN', severity: 'error', file: 'index.html', line: 3 }]);
  t.deepEqual(Object.keys(await files()), ['index.html']);
});

test('"onProgress" is told of each stage and of all pages', async (t) => {
  const seen: string[] = [];
  let last = '';
  const { site } = await smallSite(t);
  await site.export({
    onProgress: ({ stage, done, total }) => {
      if (seen.at(-1) !== stage) seen.push(stage);
      if (stage === 'rendering') last = `${done} of ${total}`;
    },
  });
  t.true(
    ['rendering', 'checking', 'landing'].every((stage) => seen.includes(stage)),
    String(seen),
  );
  t.is(last, '1 of 1');
});
