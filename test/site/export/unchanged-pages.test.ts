import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openAssets } from '../../../src/assets.ts';
import { route, type RouteOptions } from '../../../src/site/index.ts';
import type { SiteOptions } from '../../../src/site/options.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { newApp, openSiteIn, pageText } from '../exported.ts';

const UNCHANGED = { fingerprint: () => 'the same' };

/** A page `/` that has not changed, exported once and then with other options; returns how often it was rendered the second time. */
async function renderedAgain(
  t: ExecutionContext,
  before: Partial<SiteOptions>,
  after: Partial<SiteOptions>,
): Promise<number> {
  const folder = await temporaryFolder(t);
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home')));
  const rendered: number[] = [];
  for (const options of [before, after]) {
    const { site } = openSiteIn(t, folder, { app, routes: [route('/', UNCHANGED)], ...options });
    rendered.push((await site.export()).pages.rendered);
  }
  t.is(rendered[0], 1);
  return rendered[1]!;
}

const OTHER_ROUTES: readonly (readonly [RouteOptions, RouteOptions])[] = [
  [{}, { statusCodes: [200, 404] }],
  [{ sitemap: true }, { sitemap: false }],
  [{}, { fingerprint: () => 'another' }],
  [{}, { lastModified: () => 0 }],
];

for (const [before, after] of OTHER_ROUTES)
  test(`A page is rendered again where its route now says ${String(Object.entries(after))}`, async (t) => {
    const [earlier, later] = [before, after].map((options) => route('/', { ...UNCHANGED, ...options }));
    t.is(await renderedAgain(t, { routes: [earlier!] }, { routes: [later!] }), 1);
  });

test('A page is rendered again where assets have another version, or another prefix', async (t) => {
  const folder = await temporaryFolder(t, { 'one/a.css': 'a {}', 'two/a.css': 'b {}' });
  const open = async (root: string, prefix = '/static/') => {
    const assets = await openAssets({ roots: join(folder, root), prefix });
    t.teardown(() => assets.close());
    return assets;
  };
  const assets = await open('one');
  t.is(await renderedAgain(t, { assets }, { assets }), 0);
  t.is(await renderedAgain(t, { assets }, { assets: await open('two') }), 1);
  t.is(await renderedAgain(t, { assets }, { assets: await open('one', '/files/') }), 1);
});

test('Bytes that are equal are not written again, however long they are', async (t) => {
  const folder = await temporaryFolder(t);
  const app = newApp();
  const text = pageText('Long').padEnd(1024 * 1024, ' ');
  app.get('/', (_request, response) => response.send(text));
  const { site, out } = openSiteIn(t, folder, { app, routes: [route('/')] });
  await site.export();
  const before = await stat(join(out, 'index.html'));
  const { files } = await site.export();
  t.is(files.written, 0);
  t.is((await stat(join(out, 'index.html'))).mtimeMs, before.mtimeMs);
});
