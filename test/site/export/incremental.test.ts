import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { route, type RouteOptions, type SiteCheckError } from '../../../src/site/index.ts';
import type { SiteOptions } from '../../../src/site/options.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { newApp, openSiteIn, pageText, type OpenedSite } from '../exported.ts';

/** A blog whose posts change when a test says so. */
interface Blog {
  readonly posts: Map<string, { title: string; changed: string | undefined; links: readonly string[] }>;
  /** The paths that the app was asked for since this was last called. */
  readonly asked: () => string[];
  readonly open: (route?: RouteOptions, site?: Partial<SiteOptions>) => OpenedSite;
}

async function startBlog(t: ExecutionContext): Promise<Blog> {
  const folder = await temporaryFolder(t);
  const posts: Blog['posts'] = new Map(
    ['a', 'b', 'c'].map((slug) => [slug, { title: slug, changed: '2026-01-01', links: [] }]),
  );
  const asked: string[] = [];
  const app = newApp();
  app.get('/:slug', ({ path, params }, response) => {
    asked.push(path);
    const { title, links } = posts.get(params.slug)!;
    response.send(pageText(title, ...links));
  });
  const byDate: RouteOptions = { lastModified: (slug: string) => posts.get(slug)?.changed };
  return {
    posts,
    asked: () => asked.splice(0).toSorted(),
    open: (options = byDate, site = {}) =>
      openSiteIn(t, folder, {
        app,
        routes: [route('/:slug', { params: () => posts.keys(), ...options })],
        ...site,
      }),
  };
}

test('export() asks only for the pages whose "lastModified" has moved', async (t) => {
  const { posts, asked, open } = await startBlog(t);
  t.like(await open().site.export(), { pages: { count: 3, rendered: 3 }, files: { written: 3 } });
  t.deepEqual(asked(), ['/a', '/b', '/c']);
  posts.set('b', { title: 'b 2', changed: '2026-01-02', links: [] });
  const { site, files } = open();
  t.like(await site.export(), { pages: { count: 3, rendered: 1 }, files: { written: 1, deleted: 0 } });
  t.deepEqual(asked(), ['/b']);
  t.deepEqual(await files(), {
    'a/index.html': pageText('a'),
    'b/index.html': pageText('b 2'),
    'c/index.html': pageText('c'),
  });
});

test('export() asks only for the pages whose "fingerprint" has moved', async (t) => {
  const { posts, asked, open } = await startBlog(t);
  const byTitle: RouteOptions = { fingerprint: async (slug: string) => posts.get(slug)?.title ?? '' };
  await open(byTitle).site.export();
  asked();
  posts.set('c', { title: 'c 2', changed: undefined, links: [] });
  await open(byTitle).site.export();
  t.deepEqual(asked(), ['/c']);
});

test('export() asks for a page of which its route cannot tell when it changed', async (t) => {
  const { posts, asked, open } = await startBlog(t);
  posts.set('a', { title: 'a', changed: undefined, links: [] });
  await open().site.export();
  asked();
  t.is((await open().site.export()).files.written, 0);
  t.deepEqual(asked(), ['/a']);
});

for (const [what, site, options] of [
  ['with "all"', {}, { all: true }],
  ['for another "revision"', { revision: 'templates-2' }, {}],
  ['for another form of the paths', { trailingSlash: 'always' }, {}],
  ['for another origin', { origin: 'https://example.org' }, {}],
] as const)
  test(`export() asks for every page ${what}`, async (t) => {
    const { asked, open } = await startBlog(t);
    await open().site.export();
    asked();
    await open(undefined, site).site.export(options);
    t.deepEqual(asked(), ['/a', '/b', '/c']);
  });

test('export() renders anew what somebody has changed or deleted in the folder', async (t) => {
  const { asked, open } = await startBlog(t);
  const { site, out, files } = open();
  await site.export();
  const before = await files();
  asked();
  await writeFile(join(out, 'a/index.html'), 'by hand');
  await rm(join(out, 'b/index.html'));
  await site.export({ force: true });
  t.deepEqual(asked(), ['/a', '/b']);
  t.deepEqual(await files(), before);
});

test('export() does not write bytes that are equal again', async (t) => {
  const { open } = await startBlog(t);
  const { site, out } = open({});
  await site.export();
  const { ino, mtimeMs } = await stat(join(out, 'a/index.html'));
  t.like(await site.export(), { pages: { rendered: 3 }, files: { count: 3, written: 0, deleted: 0 } });
  t.like(await stat(join(out, 'a/index.html')), { ino, mtimeMs });
});

test('export() deletes the pages that are gone, with their folders', async (t) => {
  const { posts, open } = await startBlog(t);
  const { site, out, files } = open();
  await site.export();
  posts.delete('b');
  t.like(await site.export(), { pages: { count: 2, rendered: 0 }, files: { deleted: 1 } });
  t.deepEqual(Object.keys(await files()), ['a/index.html', 'c/index.html']);
  await t.throwsAsync(stat(join(out, 'b')), { code: 'ENOENT' });
});

test('export() checks the links of pages that it did not render, too', async (t) => {
  const { posts, asked, open } = await startBlog(t);
  posts.set('a', { title: 'a', changed: '2026-01-01', links: ['/b'] });
  const { site, files } = open();
  await site.export();
  const before = await files();
  asked();
  posts.delete('b');
  const { findings } = await t.throwsAsync<SiteCheckError>(site.export(), { code: 'SITE_CHECK_FAILED' });
  t.deepEqual(asked(), []);
  t.like(findings[0], { kind: 'LINK_BROKEN', file: 'a/index.html', line: 3 });
  t.deepEqual(await files(), before);
});

test('"lastModified" that is no date: told with the parameters', async (t) => {
  const { open } = await startBlog(t);
  await t.throwsAsync(open({ lastModified: () => 'yesterday' }).site.export(), {
    code: 'SITE_URLS',
    message:
      /"\/:slug" with the parameters "a" cannot be a page: "lastModified" gave "yesterday", which is no date/,
  });
});
