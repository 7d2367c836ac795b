import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { openAssets, type AssetsChange } from '../../src/assets.ts';
import { devStaticRouter } from '../../src/express.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { readEvents } from './event-reader.ts';

/**
 * Edits a file as a host does whose folder is mounted into a virtual machine: through another hard link, of which the
 * system sends the watched folder no event (inotify(7)).
 */
async function editUnseen(
  t: ExecutionContext,
  options: { readonly pollMilliseconds?: number },
): Promise<void> {
  const folder = await temporaryFolder(t, { 'public/app.css': 'a {}' });
  const root = join(folder, 'public');
  mkdirSync(join(folder, 'host'));
  linkSync(join(root, 'app.css'), join(folder, 'host/app.css'));
  const assets = await openAssets({ prefix: '/static/', roots: root, watch: true, ...options });
  t.teardown(() => assets.close());
  const router = devStaticRouter('/static/', root, { liveReload: options });
  t.teardown(() => router.close());
  const { url } = await listen(t, express().use(router));
  const events = await readEvents(t, `${url}/static/@live-reload/events`);
  t.like(await events.message(), { kind: 'ready' });
  const before = assets.url('app.css');

  const changed = new Promise<AssetsChange>((resolve) => {
    assets.on('change', resolve);
  });
  writeFileSync(join(folder, 'host/app.css'), 'b {}');
  t.deepEqual(await changed, { changed: ['app.css'] });
  t.not(assets.url('app.css'), before);
  t.like(await events.message(), { kind: 'css', assets: ['app.css'] });
}

test.serial('pollMilliseconds finds what sends no event, for assets and live reload alike', async (t) => {
  await editUnseen(t, { pollMilliseconds: 20 });
});

test.serial('CHOKIDAR_USEPOLLING finds the same without an option', async (t) => {
  process.env['CHOKIDAR_USEPOLLING'] = '1';
  process.env['CHOKIDAR_INTERVAL'] = '20';
  t.teardown(() => {
    delete process.env['CHOKIDAR_USEPOLLING'];
    delete process.env['CHOKIDAR_INTERVAL'];
  });
  await editUnseen(t, {});
});
