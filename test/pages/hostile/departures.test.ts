import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'ava';
import express, { type ErrorRequestHandler, type Response } from 'express';
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
  const [started, left, end] = [gate(), gate(), gate()];
  const asked: boolean[] = [];
  let first: Promise<boolean> | undefined;
  const { port, get } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use((request, response, next) => {
      if (request.get('X-First') === undefined) return void pageCache(pages)(request, response, next);
      request.socket.once('close', left.open);
      first = pages.answer(request, response);
    });
    app.get('/', async (asking, response) => {
      asked.push(isRender(asking));
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
  await left.opened;
  end.open();
  t.true(await first, 'there is nobody to answer');
  t.deepEqual(asked, [true]);
  t.like(await get('/'), { text: '<p>page', said: 'hit' });
});

for (const [outcome, headers] of [
  ['stored', {}],
  ['refused', { 'Cache-Control': 'private' }],
] as const) {
  test(`whom a timeout answers while he waits gets nothing more when the page is ${outcome}, and the app is not asked`, async (t) => {
    const [started, end] = [gate(), gate()];
    const asked: boolean[] = [];
    const failures: unknown[] = [];
    let first: Promise<boolean> | undefined;
    let waiting: Response | undefined;
    const { get, url, stored } = await startSite(t, (pages) => {
      const app = express().disable('x-powered-by');
      app.use((request, response, next) => {
        if (!isRender(request)) waiting = response;
        next();
      });
      app.use(async (asking, response, next) => {
        const answered = pages.answer(asking, response);
        if (!isRender(asking)) first ??= answered;
        if (!(await answered)) next();
      });
      app.get('/', async (asking, response) => {
        asked.push(isRender(asking));
        started.open();
        await end.opened;
        response.set(headers).send('<p>page');
      });
      app.use(((error, _request, _response, next) => {
        failures.push(error);
        next(error);
      }) satisfies ErrorRequestHandler);
      return app;
    });
    const answer = begin(url);
    await started.opened;
    // As connect-timeout does.
    waiting?.status(503).send('too late');
    const response = await answer;
    t.is(response.statusCode, 503);
    end.open();
    t.true(await first);
    t.is(await text(response), 'too late');
    t.deepEqual(asked, [true]);
    t.deepEqual(failures, []);
    t.deepEqual(await stored(), outcome === 'stored' ? ['/'] : []);
    t.is((await get('/')).text, '<p>page');
  });
}

test('an answer that has begun before it is asked for the page is left to whoever began it', async (t) => {
  const { get } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use((request, response, next) => {
      if (!isRender(request)) response.type('html').write('<header>');
      pageCache(pages)(request, response, next);
    });
    app.get('/', (_request, response) => void response.end('<p>page'));
    return app;
  });
  for (const headers of [{}, {}, { Cookie: 'session=1' }]) {
    t.is((await get('/', headers)).text, '<header><p>page');
  }
});
