import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { devStaticRouter } from '../../src/express.ts';
import { LiveReload } from '../../src/dev/live-reload.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { readEvents } from './event-reader.ts';

async function serve(t: ExecutionContext) {
  const root = await temporaryFolder(t, { 'app.css': '' });
  const liveReload = new LiveReload({ roots: [root], watch: [], onError: (error) => t.fail(error.message) });
  t.teardown(() => liveReload.close());
  const { url } = await listen(t, (request, response) => {
    const [name = ''] = request.url?.slice(1).split('?') ?? [];
    if (!liveReload.handle(name, request, response)) response.writeHead(404).end();
  });
  return { url, liveReload };
}

test('handle() answers with one script that no cache keeps', async (t) => {
  const { url } = await serve(t);
  const response = await fetch(`${url}/client.js`);
  const script = await response.text();
  t.is(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
  t.is(response.headers.get('cache-control'), 'no-store');
  t.is(response.headers.get('x-content-type-options'), 'nosniff');
  t.is(response.headers.get('content-length'), String(Buffer.byteLength(script)));
  t.notRegex(script, /^(?:import|export) /m, 'nothing else to load');
  const head = await fetch(`${url}/client.js`, { method: 'HEAD' });
  t.is(head.headers.get('content-length'), response.headers.get('content-length'));
});

test('handle() gives the script the position from which the stream continues', async (t) => {
  const { url } = await serve(t);
  const script = await fetch(`${url}/client.js`).then((response) => response.text());
  const position = /^const servedPosition = "(.*)";/.exec(script)?.[1];
  const { message } = await readEvents(t, `${url}/events?since=${position}`);
  t.like(await message(), { kind: 'ready' }, 'nothing missed');
});

test('handle() leaves other names to the app, and all of them once closed', async (t) => {
  const { url, liveReload } = await serve(t);
  for (const name of ['', 'client.ts', 'events/', 'connection.js', 'constructor']) {
    t.is((await fetch(`${url}/${name}`)).status, 404, name);
  }
  const { block } = await readEvents(t, `${url}/events`);
  liveReload.close();
  liveReload.close();
  while ((await block()) !== undefined);
  t.is((await fetch(`${url}/client.js`)).status, 404);
});

test('server.close() of an Express app is not held by an open stream', async (t) => {
  const router = devStaticRouter('/static/', await temporaryFolder(t), { liveReload: true });
  t.teardown(() => router.close());
  const { url, server } = await listen(t, express().use(router));
  const { block, response } = await readEvents(t, `${url}/static/0123456789abcdef/@live-reload/events`);
  t.is(response.statusCode, 200);
  server.close();
  await once(server, 'close');
  while ((await block()) !== undefined);
});
