import { writeFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import test from 'ava';
import express from 'express';
import { devStaticRouter } from '../../src/express.ts';
import { readEvents } from '../dev/event-reader.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request, type Answer } from '../helpers/request.ts';

const VERSION = '00112233445566aa';

test('devStaticRouter() with several roots serves the first file of each name', async (t) => {
  const folder = await temporaryFolder(t, {
    'built/app.css': 'built',
    'built/docs/only.txt': '',
    'public/app.css': 'public',
    'public/logo.svg': '<svg/>',
    'public/docs/index.html': 'docs',
    'public/docs.css/a.txt': '',
    'last/docs.css': 'last',
  });
  const roots = ['built', 'public', 'last'].map((name) => join(folder, name));
  const options = { index: 'index.html', redirect: true };
  const app = express()
    .use(devStaticRouter('/static/', roots, options))
    .use((_request, response) => void response.status(299).send('the app'));
  const { url } = await listen(t, app);
  const get = (path: string): Promise<Answer> => request(url, `/static/${VERSION}/${path}`);
  t.is((await get('app.css')).body.toString(), 'built');
  t.is((await get('logo.svg')).body.toString(), '<svg/>');
  t.is((await get('docs/')).body.toString(), 'docs');
  t.is((await get('docs.css')).body.toString(), 'last', 'a file comes before a folder');
  t.is((await get('docs')).status, 301);
  t.is((await get('missing.css')).status, 404);
  t.is((await request(url, '/static/missing.css')).status, 299);
  t.is((await request(url, `/static/${VERSION}/logo.svg`, { headers: { range: 'bytes=90-' } })).status, 416);
});

test("devStaticRouter() with several roots and symlinks: 'refuse' does not look behind a link for another file", async (t) => {
  const folder = await temporaryFolder(t, { 'a/own.css': 'own', 'b/linked.css': 'b', 'outside.css': 'o' });
  await symlink('../outside.css', join(folder, 'a/linked.css'));
  const roots = [join(folder, 'a'), new URL(`file://${folder}/b`)];
  const { url } = await listen(t, express().use(devStaticRouter('/static/', roots, { symlinks: 'refuse' })));
  t.is((await request(url, '/static/own.css')).body.toString(), 'own');
  t.is((await request(url, '/static/linked.css')).status, 404);
});

test('devStaticRouter() of several roots reloads for each of them', async (t) => {
  const folder = await temporaryFolder(t, { 'built/a.css': '', 'public/b.css': '' });
  const roots = ['built', 'public'].map((name) => join(folder, name));
  const router = devStaticRouter('/static/', roots, { liveReload: true });
  t.teardown(() => router.close());
  const { url } = await listen(t, express().use(router));
  const { message } = await readEvents(t, `${url}/static/@live-reload/events`);
  t.like(await message(), { kind: 'ready' });
  for (const name of ['built/a.css', 'public/b.css']) {
    writeFileSync(join(folder, name), 'a {}');
    t.like(await message(), { kind: 'css', assets: [basename(name)] });
  }
});
