import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import express, { type RequestHandler } from 'express';
import { pageCache } from '../../../src/express.ts';
import { isRender } from '../../../src/pages.ts';
import { gate, startSite } from './site.ts';

async function begin(url: string): Promise<IncomingMessage> {
  const visit = httpRequest(url);
  visit.end();
  const [response] = (await once(visit, 'response')) as [IncomingMessage];
  return response;
}

test("a personal stream's first byte is the visitor's at once, while the render goes on", async (t) => {
  const end = gate();
  let rendersClosed = 0;
  const { url, stored, refused } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', (request, response) => {
      if (isRender(request)) response.once('close', () => (rendersClosed += 1));
      response.type('html').set('Cache-Control', 'private').write('<p>first');
      void end.opened.then(() => response.end(' last'));
    });
    return app;
  });
  const response = await begin(url);
  // Neither answer can have ended: the end is ours to open.
  const [first] = (await once(response, 'data')) as [Buffer];
  t.is(String(first), '<p>first');
  t.is(response.headers['cache-status'], 'static-url; fwd=uri-miss; detail=PRIVATE');
  t.is(refused[0]?.code, 'PRIVATE');
  end.open();
  t.is(await text(response), ' last');
  t.is(rendersClosed, 1, 'what nobody wants is broken off');
  t.deepEqual(await stored(), []);
});

test("a shared page is stored whole, and its visitor's answer begins when the render ends", async (t) => {
  const end = gate();
  const started = gate();
  const { url } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', (_request, response) => {
      response.type('html').write('<p>first');
      started.open();
      void end.opened.then(() => response.end(' last'));
    });
    return app;
  });
  const answer = begin(url);
  await started.opened;
  end.open();
  t.is(await text(await answer), '<p>first last');
});

test('a visitor who leaves while he waits gets nothing more, and the page is stored all the same', async (t) => {
  const [started, end, answered] = [gate(), gate(), gate()];
  const asked: boolean[] = [];
  let isAnswered: boolean | undefined;
  const { port, get } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use((request, response, next) => {
      if (request.get('X-First') === undefined) return pageCache(pages)(request, response, next);
      void pages.answer(request, response).then((is) => {
        isAnswered = is;
        answered.open();
      });
    });
    app.get('/', async (request, response) => {
      asked.push(isRender(request));
      started.open();
      await end.opened;
      response.send('<p>page');
    });
    return app;
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-First: 1\r\n\r\n`);
  await started.opened;
  socket.destroy();
  await once(socket, 'close');
  // The server learns of it by its own socket, a turn later.
  while (!(await isGone(port))) await pause(1);
  end.open();
  await answered.opened;
  t.true(isAnswered, 'there is nobody to answer');
  t.deepEqual(asked, [true]);
  t.like(await get('/'), { text: '<p>page', said: 'hit' });
});

/** Whether the server has ended all connections but the one that asks. */
async function isGone(port: number): Promise<boolean> {
  return gone.has(port);
}
const gone = new Set<number>();
