import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Express } from 'express';
import { createPages, fileStore, type Pages } from '../../../src/pages.ts';
import { until } from '../../helpers/descriptors.ts';
import { startPreload, usedAt, type PreloadApp } from './preload-app.ts';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const LONG_AGO = new Date(Date.now() - 40 * DAY_MILLISECONDS);

function viewAndPage(text: () => string): (app: Express, pages: Pages) => void {
  return (app, pages) => {
    app.get('/page', async (_request, response) => response.send(await pages.preload('/view/')));
    app.get('/:view/', ({ params }, response) => response.send(`${params.view} ${text()}`));
  };
}

/** Starts another process's sweeps, as it were, once all is as they shall find it. */
function startSweeps(t: ExecutionContext, { url, app, store, folder }: PreloadApp): void {
  const sweeping = createPages({
    sites: [url],
    urls: [/^/],
    store: fileStore({ folder: store.folder }),
    app: () => app,
    preload: { folder },
    sweepSeconds: 1,
  });
  t.teardown(() => sweeping.close());
}

async function isSwept(folder: string, apps = 1): Promise<boolean> {
  return (await readdir(folder)).filter((name) => name.endsWith('.swept')).length === apps;
}

test('a sweep removes files of views that nothing uses any more, and no others', async (t) => {
  const site = await startPreload(
    t,
    viewAndPage(() => 'text'),
  );
  const { pages, get, folder } = site;
  await get('/page');
  const inFolder = (url: string): string => join(folder, url.slice('/preloaded/'.length));
  const named = inFolder(await pages.preload('/view/'));
  const unused = inFolder(await pages.preload('/unused/'));
  await pages.delete('/unused/');
  const others = ['0123456789abcdef.txt.old', 'notes.html', '0123456789abcdef.exe', '.hidden'];
  const left = ['.0123456789abcdef.html.0123456789ab', '0123456789abcdef.html.gz'];
  for (const name of [...others, ...left]) await writeFile(join(folder, name), '');
  for (const name of await readdir(folder)) await utimes(join(folder, name), LONG_AGO, LONG_AGO);
  await writeFile(join(folder, '.fedcba9876543210.html.0123456789ab'), '');
  startSweeps(t, site);
  await until(() => isSwept(folder));
  const names = await readdir(folder);
  t.true(names.includes(named.slice(folder.length + 1)), 'a stored page names it');
  t.true(Date.now() - (await usedAt(named)).getTime() < DAY_MILLISECONDS);
  t.false(names.includes(unused.slice(folder.length + 1)));
  for (const name of others) t.true(names.includes(name), name);
  for (const name of left) t.false(names.includes(name), name);
  t.true(names.includes('.fedcba9876543210.html.0123456789ab'), 'another process may be writing it');
  t.is(names.filter((name) => name.endsWith('.view')).length, 1);
});

test('of two apps with one folder each takes note of the files that its own pages name', async (t) => {
  const routes = viewAndPage(() => 'text');
  const one = await startPreload(t, routes);
  const other = await startPreload(t, routes, { preload: { folder: one.folder } });
  const { folder } = one;
  const file = join(folder, (await one.get('/page')).body.toString().slice('/preloaded/'.length));
  startSweeps(t, { ...other, folder });
  await until(() => isSwept(folder));
  await utimes(file, LONG_AGO, LONG_AGO);
  startSweeps(t, one);
  await until(() => isSwept(folder, 2));
  t.true(Date.now() - (await usedAt(file)).getTime() < DAY_MILLISECONDS);
});

test('preload() notes at most once a day that a file is used', async (t) => {
  const { pages, folder } = await startPreload(
    t,
    viewAndPage(() => 'text'),
  );
  const file = join(folder, (await pages.preload('/view/')).slice('/preloaded/'.length));
  const hours = new Date(Date.now() - 5 * 60 * 60 * 1000);
  await utimes(file, hours, hours);
  await pages.preload('/view/');
  t.is((await usedAt(file)).getTime(), hours.getTime());
  await utimes(file, LONG_AGO, LONG_AGO);
  await pages.preload('/view/');
  t.true((await usedAt(file)).getTime() > hours.getTime());
});

test('a sweep renews a view that is due, and the pages that name its old file go', async (t) => {
  let text = 'one';
  const { pages, get } = await startPreload(
    t,
    viewAndPage(() => text),
    {
      sweepSeconds: 1,
      preload: { renew: 0.01 },
    },
  );
  const first = (await get('/page')).body.toString();
  text = 'two';
  await until(async () => (await get('/page')).body.toString() !== first);
  t.is((await get((await get('/page')).body.toString())).body.toString(), 'view two');
  t.truthy(pages);
});

for (const [what, lose] of [
  [
    'the store has lost',
    ({ store, url }: PreloadApp) =>
      rm(join(store.folder, 'current', 'pages', new URL(url).host.replace(':', '+'), 'view'), {
        recursive: true,
      }),
  ],
  ['has no file, since the folder was emptied', ({ folder }: PreloadApp) => rm(folder, { recursive: true })],
] as const)
  test(`pages that name a view which ${what} are rendered again`, async (t) => {
    const site = await startPreload(
      t,
      viewAndPage(() => 'text'),
    );
    const { get, status, folder } = site;
    await get('/page');
    t.is(await status('/page'), 'static-url; hit');
    await lose(site);
    startSweeps(t, site);
    await until(async () => (await status('/page')) !== 'static-url; hit');
    await until(() => isSwept(folder));
    t.is((await get((await get('/page')).body.toString())).status, 200);
  });
