import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { duplexPair } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { EventStream } from '../../src/dev/event-stream.ts';
import { listen } from '../helpers/listen.ts';
import { readEvents } from './event-reader.ts';

async function serve(t: ExecutionContext, stream: EventStream) {
  t.teardown(() => stream.close());
  return listen(t, (request, response) => stream.open(request, response));
}

test('open() sends headers that keep proxies and compression from holding events back', async (t) => {
  const stream = new EventStream();
  const { url } = await serve(t, stream);
  const { response, block } = await readEvents(t, url);
  t.is(response.statusCode, 200);
  t.is(response.headers['content-type'], 'text/event-stream; charset=utf-8');
  t.is(response.headers['cache-control'], 'no-store, no-transform');
  t.is(response.headers['x-accel-buffering'], 'no');
  t.is(response.headers['x-content-type-options'], 'nosniff');
  t.is(await block(), 'retry: 1000', 'something comes at once, before any event');
});

test('open() answers HEAD with the headers alone', async (t) => {
  const { url } = await serve(t, new EventStream());
  const response = await fetch(url, { method: 'HEAD' });
  t.is(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  t.is(await response.text(), '');
});

test('an ended stream leaves no idle connection behind, which server.close() would wait for', async (t) => {
  const { url } = await serve(t, new EventStream());
  const response = await fetch(url);
  t.is(response.headers.get('connection'), 'close');
  await response.body?.cancel();
});

test('a connection gets heartbeats', async (t) => {
  const { url } = await serve(t, new EventStream(5));
  const { block } = await readEvents(t, url);
  t.is(await block(), 'retry: 1000');
  t.regex((await block()) ?? '', /"kind":"ready"/);
  t.is(await block(), ':');
  t.is(await block(), ':');
});

test('open() tells a browser that comes for the first time that it has missed nothing', async (t) => {
  const { url } = await serve(t, new EventStream());
  const { message } = await readEvents(t, url);
  t.like(await message(), { kind: 'ready', to: 0 });
});

test('publish() reaches every connection, with the position as its id', async (t) => {
  const stream = new EventStream();
  const { url } = await serve(t, stream);
  const readers = await Promise.all([readEvents(t, url), readEvents(t, url)]);
  for (const { message } of readers) t.like(await message(), { kind: 'ready' });
  stream.publish({ kind: 'css', assets: ['a\nb.css'] });
  for (const { block } of readers) {
    const [id, text, ...rest] = (await block())?.split('\n') ?? [];
    t.is(id, `id: ${stream.position}`);
    t.like(JSON.parse(text?.replace('data: ', '') ?? ''), {
      kind: 'css',
      assets: ['a\nb.css'],
      from: 0,
      to: 1,
    });
    t.deepEqual(rest, []);
  }
});

test('a browser that comes back gets what it missed, before it hears that it missed nothing', async (t) => {
  const stream = new EventStream();
  const { url } = await serve(t, stream);
  const { position } = stream;
  stream.publish({ kind: 'css', assets: ['a.css'] });
  stream.publish({ kind: 'css', assets: ['b.css'] });
  const asking = await readEvents(t, `${url}/?since=${position}`);
  t.like(await asking.message(), { kind: 'css', assets: ['a.css', 'b.css'], from: 0, to: 2 });
  t.like(await asking.message(), { kind: 'ready', from: 2 });
  const reconnecting = await readEvents(t, `${url}/?since=${position}`, { 'Last-Event-ID': stream.position });
  t.like(await reconnecting.message(), { kind: 'ready', from: 2 }, 'the last id is newer than the URL');
});

test('a browser that knows another start is told to reload at once', async (t) => {
  const { url } = await serve(t, new EventStream());
  const { message } = await readEvents(t, url, { 'Last-Event-ID': new EventStream().position });
  t.like(await message(), { kind: 'reload' });
});

test('server.close() ends open streams', async (t) => {
  const { url, server } = await serve(t, new EventStream());
  const readers = await Promise.all([readEvents(t, url), readEvents(t, url)]);
  for (const { message } of readers) t.like(await message(), { kind: 'ready' });
  server.close();
  await once(server, 'close');
  for (const { block } of readers) t.is(await block(), undefined);
});

test('close() ends open streams', async (t) => {
  const stream = new EventStream();
  const { url } = await serve(t, stream);
  const { block, message } = await readEvents(t, url);
  t.like(await message(), { kind: 'ready' });
  stream.close();
  stream.publish({ kind: 'reload' }); // an edit while it ends
  t.is(await block(), undefined);
});

test('a server that never listens keeps its streams', async (t) => {
  const stream = new EventStream(300); // longer than a closing server is let wait
  t.teardown(() => stream.close());
  const server = createServer((request, response) => stream.open(request, response));
  const [near, far] = duplexPair();
  server.emit('connection', far);
  const request = httpRequest({ createConnection: () => near }).end();
  const alive = setInterval(() => {}, 1_000); // without a socket nothing else is
  t.teardown(() => {
    clearInterval(alive);
    request.destroy();
  });
  const [response] = await once(request, 'response');
  t.regex(String((await once(response, 'data'))[0]), /^retry: 1000\n\n/);
  t.deepEqual(String((await once(response, 'data'))[0]), ':\n\n');
});
