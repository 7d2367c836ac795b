import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express, { type Express } from 'express';
import { openAssets, type Assets } from '../../../src/assets.ts';
import { readLocalSite, type LocalFile } from '../../../src/site/publishing/local-site.ts';
import { route } from '../../../src/site/index.ts';
import type { SiteOptions } from '../../../src/site/options.ts';
import { temporaryFolder, type Files } from '../../helpers/folder.ts';
import { openSite } from '../exported.ts';

const MD5_OF_HELLO = '5d41402abc4b2a76b9719d911017c592';

test('readLocalSite() orders an exported site by phases: assets, other files, pages, entry pages', async (t) => {
  const { out } = await exported(t);
  const files = await read(out);
  const phases = files.map(({ phase }) => phase);
  t.deepEqual(
    phases,
    phases.toSorted((one, other) => rank(one) - rank(other)),
  );
  t.deepEqual(keysOf(files, 'entry'), ['index.html', 'robots.txt', 'sitemap.xml']);
  t.deepEqual(keysOf(files, 'page'), ['about/index.html', 'old/index.html']);
  t.deepEqual(keysOf(files, 'file'), ['hello.txt']);
});

test('readLocalSite() knows which assets are under their fingerprints', async (t) => {
  const { out } = await exported(t);
  const assets = (await read(out)).filter(({ phase }) => phase === 'asset');
  t.deepEqual(
    assets.map(({ key, isFingerprinted }) => [key.replace(/[0-9a-f]{16}/, '<v>'), isFingerprinted]),
    [
      ['static/<v>/app.css', true],
      ['static/app.css', false],
    ],
  );
});

test('readLocalSite() gives each file its length, its MD5 and its bytes, whole or in part', async (t) => {
  const { out } = await exported(t);
  const file = (await read(out)).find(({ key }) => key === 'hello.txt');
  t.is(file?.size, 5);
  t.is(file?.md5, MD5_OF_HELLO);
  t.is(textOf(await file?.bytes()), 'hello');
  t.is(textOf(await file?.bytes(1, 3)), 'el');
  t.is(textOf(await file?.bytes(3, 99)), 'lo');
});

test('readLocalSite() remembers where redirects lead, also after an export that changed nothing', async (t) => {
  const { out, site } = await exported(t);
  const redirectOf = async (): Promise<unknown> =>
    (await read(out)).find(({ key }) => key === 'old/index.html')?.record?.redirect;
  t.deepEqual(await redirectOf(), { to: 'https://www.example.com/about', status: 301 });
  await site.export();
  t.deepEqual(await redirectOf(), { to: 'https://www.example.com/about', status: 301 });
});

test('readLocalSite() leaves out what is kept in the folder and is not the site’s', async (t) => {
  const { out } = await exported(t);
  await mkdir(join(out, '.git'));
  await writeFile(join(out, '.git', 'HEAD'), 'x');
  t.false((await read(out, { keep: ['.git'] })).some(({ key }) => key.startsWith('.git')));
});

test('readLocalSite() takes compressed copies along only where they are wanted', async (t) => {
  const { out } = await exported(t, { compress: true });
  t.is(copiesIn(await read(out)), 0);
  t.true(copiesIn(await read(out, { compressedCopies: true })) > 0);
});

test('readLocalSite() reads the folder that a link leads to', async (t) => {
  const { out } = await exported(t, { swap: 'link' });
  t.deepEqual(keysOf(await read(out), 'entry'), ['index.html', 'robots.txt', 'sitemap.xml']);
});

test('readLocalSite() reads a folder that another program wrote, and goes by names', async (t) => {
  const folder = await temporaryFolder(t, {
    'index.html': '',
    'sitemap.xml': '',
    'a/index.html': '',
    'a.png': 'x',
    'static/0123456789abcdef/app.css': '',
    'posts/0123456789abcdef/index.html': '',
  });
  const files = await read(folder, { assetsFolder: async () => 'static/' });
  t.deepEqual(
    files.map(({ key, phase, isFingerprinted }) => [key, phase, isFingerprinted]),
    [
      ['static/0123456789abcdef/app.css', 'asset', true],
      ['a.png', 'file', false],
      ['a/index.html', 'page', false],
      ['posts/0123456789abcdef/index.html', 'page', false],
      ['index.html', 'entry', false],
      ['sitemap.xml', 'entry', false],
    ],
  );
});

test('readLocalSite() takes no folder for a fingerprint where nobody says that there are assets', async (t) => {
  const folder = await temporaryFolder(t, { 'static/0123456789abcdef/app.css': '' });
  t.deepEqual(
    (await read(folder)).map(({ isFingerprinted }) => isFingerprinted),
    [false],
  );
});

test('readLocalSite() refuses a folder that is missing, empty, or has a file where the manifest goes', async (t) => {
  const folder = await temporaryFolder(t, { 'reserved/.static-url/x': '' });
  await mkdir(join(folder, 'empty'));
  await t.throwsAsync(read(join(folder, 'none')), { code: 'ROOT_NOT_FOUND', message: /static-url export/ });
  await t.throwsAsync(read(join(folder, 'empty')), { code: 'ROOT_EMPTY' });
  await t.throwsAsync(read(join(folder, 'reserved')), { code: 'PUBLISH_REFUSED', message: /\.static-url/ });
});

test('readLocalSite() names a link that leads nowhere', async (t) => {
  const folder = await temporaryFolder(t, { 'index.html': '' });
  await symlink('nowhere', join(folder, 'broken.html'));
  await t.throwsAsync(read(folder), { code: 'LINK_BROKEN', message: /broken\.html/ });
});

test('readLocalSite() still reads a folder whose state has been left behind', async (t) => {
  const { out, folder } = await exported(t);
  await rename(out, join(folder, 'moved'));
  const files = await read(join(folder, 'moved'));
  t.deepEqual(keysOf(files, 'entry'), ['index.html', 'robots.txt', 'sitemap.xml']);
});

const PHASES = ['asset', 'file', 'page', 'entry'];

function copiesIn(files: readonly LocalFile[]): number {
  return files.filter(({ key }) => /\.(?:br|gz)$/.test(key)).length;
}

function rank(phase: string): number {
  return PHASES.indexOf(phase);
}

function keysOf(files: readonly LocalFile[], phase: string): string[] {
  return files.filter((file) => file.phase === phase).map(({ key }) => key);
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}

async function read(
  folder: string,
  options: Partial<Parameters<typeof readLocalSite>[0]> = {},
): Promise<LocalFile[]> {
  return readLocalSite({
    folder,
    keep: [],
    compressedCopies: false,
    assetsFolder: async () => undefined,
    onProgress: () => {},
    ...options,
  });
}

/** A small site with one of each kind of file. */
async function exported(
  t: ExecutionContext,
  options: Partial<SiteOptions> = {},
): Promise<Awaited<ReturnType<typeof openSite>>> {
  const files: Files = { 'public/app.css': 'body { color: red }'.repeat(50), 'static/hello.txt': 'hello' };
  const folder = await temporaryFolder(t, files);
  const opened = await openSite(t, {
    app: appWith(folder),
    assets: async () => openedAssets(t, folder),
    routes: [route('/'), route('/about')],
    redirects: [{ from: '/old', to: '/about' }],
    passThrough: join(folder, 'static'),
    sitemap: true,
    robots: true,
    ...options,
  });
  await opened.site.export();
  return opened;
}

async function openedAssets(t: ExecutionContext, folder: string): Promise<Assets> {
  const assets = await openAssets({ prefix: '/static/', roots: join(folder, 'public') });
  t.teardown(() => assets.close());
  return assets;
}

function appWith(folder: string): Express {
  const app = express();
  app.get('/{:page}', async (_request, response) => {
    const assets = await openAssets({ prefix: '/static/', roots: join(folder, 'public') });
    const stylesheet = `<link rel="stylesheet" href="${assets.url('app.css')}">`;
    await assets.close();
    response.send(`<!doctype html><title>x</title>${stylesheet}<a href="/about">x</a>`);
  });
  return app;
}
