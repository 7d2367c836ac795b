import { once } from 'node:events';
import { get as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import test from 'ava';
import express from 'express';
import { pageCache } from '../../../src/express.ts';
import { isRender } from '../../../src/pages.ts';
import type { PagesOptions } from '../../../src/pages.ts';
import { EXPRESSES } from '../../render/ask.ts';
import { sendRaw, startSite } from './site.ts';

type Page = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A page that is broken for who comes first, by what is wrong with it, with the reason that it is refused for. */
const BROKEN: Readonly<Record<string, { reason: string; page: Page; options?: Partial<PagesOptions> }>> = {
  'never answers': { reason: 'TIMEOUT', page: () => {}, options: { deadlineSeconds: 1 } },
  'sends its head and then nothing': {
    reason: 'TIMEOUT',
    page: (_request, response) => void response.write('<p>'),
    options: { deadlineSeconds: 1 },
  },
  'streams for ever': {
    reason: 'TOO_LARGE',
    page(_request, response) {
      const stream = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.once('close', () => clearInterval(stream));
    },
    options: { maxPageBytes: 5000 },
  },
  'is shorter than its Content-Length': {
    reason: 'TRUNCATED',
    page: (_request, response) => void response.setHeader('Content-Length', 50).end('<p>'),
  },
  'is longer than its Content-Length': {
    reason: 'TRUNCATED',
    page: (_request, response) => void response.setHeader('Content-Length', 2).end('<p>long'),
  },
  'ends early': {
    reason: 'TRUNCATED',
    page: ({ socket }, response) => void response.write('<p>', () => socket.destroy()),
  },
  'destroys its socket': { reason: 'APP_FAILED', page: ({ socket }) => void socket.destroy() },
  'destroys its response': { reason: 'APP_FAILED', page: (_request, response) => void response.destroy() },
  'ends its socket': { reason: 'APP_FAILED', page: ({ socket }) => void socket.end() },
  'sends what is no HTTP': { reason: 'APP_FAILED', page: ({ socket }) => void socket.write('Hello\r\n\r\n') },
  'writes after its end': {
    reason: 'APP_FAILED',
    page(_request, response) {
      response.end('<p>');
      response.write('more');
    },
  },
  throws: {
    reason: 'STATUS',
    page() {
      throw new Error('thrown');
    },
  },
  'throws after its first byte': {
    reason: 'APP_FAILED',
    page(_request, response) {
      response.write('<p>');
      throw new Error('thrown');
    },
  },
  'is empty': { reason: 'EMPTY', page: (_request, response) => void response.end() },
  'sends a 204': { reason: 'STATUS', page: (_request, response) => void response.writeHead(204).end() },
  'sends a 304': { reason: 'STATUS', page: (_request, response) => void response.writeHead(304).end() },
  'is no UTF-8': {
    reason: 'CONTENT_TYPE',
    page: (_request, response) => void response.end(Buffer.from([0x3c, 0xff, 0xfe])),
  },
};

for (const [what, { reason, page, options = {} }] of Object.entries(BROKEN)) {
  for (const { name, express: create } of EXPRESSES) {
    test(`a page of ${name} that ${what} is refused as ${reason}, and the visitor gets the app's next one`, async (t) => {
      const { get, stored, refused } = await startSite(
        t,
        (pages) => {
          const app = create().disable('x-powered-by');
          app.use(pageCache(pages));
          app.get('/', (request, response) => {
            response.type('html');
            if (isRender(request)) page(request, response);
            else response.end('<p>whole');
          });
          app.use(quiet);
          return app;
        },
        options,
      );
      t.like(await get('/'), { status: 200, text: '<p>whole', said: `fwd=uri-miss; detail=${reason}` });
      t.deepEqual(
        refused.map(({ code }) => code),
        [reason],
      );
      t.deepEqual(await stored(), []);
    });
  }
}

/** Express's own error handler prints what is thrown. */
function quiet(_error: unknown, _request: unknown, response: express.Response, _next: unknown): void {
  if (response.headersSent) response.socket?.destroy();
  else response.status(500).send('failed');
}

test('a promise of Express 5 that rejects is refused as the 500 that it becomes', async (t) => {
  const { get, stored } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', async () => {
      throw new Error('thrown');
    });
    app.use(quiet);
    return app;
  });
  t.like(await get('/'), { status: 500, text: 'failed', said: 'fwd=uri-miss; detail=STATUS' });
  t.deepEqual(await stored(), []);
});

test('a page with a Trailer is stored without it, and is sent whole', async (t) => {
  const { get } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', (_request, response) => {
      response.type('html').setHeader('Trailer', 'Server-Timing');
      response.write('<p>');
      response.addTrailers({ 'Server-Timing': 'db;dur=1' });
      response.end('trailed');
    });
    return app;
  });
  for (const said of ['fwd=uri-miss; stored', 'hit']) {
    const answer = await get('/');
    t.like(answer, { status: 200, text: '<p>trailed', said });
    t.is(answer.headers.trailer, undefined);
  }
  t.like(await get('/', { Cookie: 'session=1' }), { text: '<p>trailed' });
});

test('early hints of a page are no part of it', async (t) => {
  const { get, url } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', (_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' });
      response.send('<p>hinted');
    });
    return app;
  });
  t.like(await get('/'), { status: 200, text: '<p>hinted', said: 'fwd=uri-miss; stored' });
  t.like(await get('/'), { status: 200, text: '<p>hinted', said: 'hit' });
  const visit = ask(url, { headers: { Cookie: 'session=1' } });
  const [[{ statusCode }], [response]] = await Promise.all([
    once(visit, 'information'),
    once(visit, 'response'),
  ]);
  t.is(statusCode, 103, 'whom the app answers gets them');
  response.resume();
});

test('a target in absolute form, a Host given twice and a Host with another port reach the app, and store nothing', async (t) => {
  const { port, stored } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', ({ url, headers }, response) => response.send(`<p>${url} ${headers.host}`));
    return app;
  });
  const host = `Host: 127.0.0.1:${port}`;
  const absolute = await sendRaw(port, `GET http://127.0.0.1:${port}/ HTTP/1.1`, host);
  t.regex(absolute, /detail=PATH[^]+<p>http:\/\/127\.0\.0\.1/i);
  const evil = await sendRaw(port, 'GET http://evil.example/ HTTP/1.1', host);
  t.regex(evil, /detail=PATH[^]+evil\.example/i);
  t.regex(await sendRaw(port, 'GET / HTTP/1.1', 'Host: 127.0.0.1:1'), /detail=SITE/);
  t.regex(await sendRaw(port, 'GET / HTTP/1.1', 'Host: evil.example', host), /detail=SITE|400 Bad Request/);
  t.deepEqual(await stored(), []);
});

test('who comes first by HEAD has the page stored whole', async (t) => {
  const { get } = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', ({ method }, response) => response.send(`<p>${method}`));
    return app;
  });
  const head = await get('/', {}, 'HEAD');
  t.like(head, { status: 200, text: '', said: 'fwd=uri-miss; stored' });
  t.is(head.headers['content-length'], '6');
  t.like(await get('/'), { text: '<p>GET', said: 'hit' });
});
