import type { RequestListener } from 'node:http';
import test from 'ava';
import express, { type Express } from 'express';
import { pageCache } from '../../../src/express.ts';
import type { Pages } from '../../../src/pages.ts';
import { freePort } from '../../helpers/free-port.ts';
import { listen } from '../../helpers/listen.ts';
import { EXPRESSES } from '../../render/ask.ts';
import { answerOf, openPages, startSite } from './site.ts';

/** The pages of an app that shows them to whoever comes so far. */
function membersApp(pages: Pages): Express {
  const app = express().disable('x-powered-by');
  app.use(pageCache(pages));
  app.get('/{*path}', ({ originalUrl }, response) => void response.send(`for members: ${originalUrl}`));
  return app;
}

/** A member by a cookie that pages ignore, so that the gate alone decides. */
const MEMBER = { Cookie: 'member=1' };
const isMember = (cookie: string | undefined): boolean => cookie === 'member=1';

test("the pages of a sub-app below a parent's gate are not stored, though members come through", async (t) => {
  const { get, stored, refused } = await startSite(
    t,
    (pages) => {
      const parent = express().disable('x-powered-by');
      parent.use('/members', ({ headers }, response, next) => {
        if (isMember(headers.cookie)) next();
        else response.status(401).send('no');
      });
      parent.use('/members', membersApp(pages));
      return parent;
    },
    { ignoreCookies: ['member'] },
  );
  for (let visits = 0; visits < 2; visits += 1) {
    t.like(await get('/members/a', MEMBER), {
      status: 200,
      text: 'for members: /members/a',
      said: 'fwd=uri-miss; detail=DENIED',
    });
  }
  t.is((await get('/members/a')).status, 401);
  t.deepEqual(
    refused.map(({ url, code }) => [new URL(url).pathname, code]),
    [['/members/a', 'DENIED']],
  );
  t.deepEqual(await stored(), []);
});

test('a sub-app is stored by the URLs that visitors see', async (t) => {
  const { get, stored } = await startSite(t, (pages) => {
    const parent = express().disable('x-powered-by');
    parent.use('/blog', membersApp(pages));
    return parent;
  });
  t.like(await get('/blog/a'), { text: 'for members: /blog/a', said: 'fwd=uri-miss; stored' });
  t.like(await get('/blog/a'), { text: 'for members: /blog/a', said: 'hit' });
  t.deepEqual(await stored(), ['/blog/a']);
});

test('a request listener around the app that answers strangers with 401 keeps its pages from the store', async (t) => {
  const { get, stored } = await startSite(
    t,
    (pages): RequestListener => {
      const app = membersApp(pages);
      return (request, response) => {
        if (isMember(request.headers.cookie)) app(request, response);
        else response.writeHead(401).end('no');
      };
    },
    { ignoreCookies: ['member'] },
  );
  t.like(await get('/a', MEMBER), { text: 'for members: /a', said: 'fwd=uri-miss; detail=DENIED' });
  t.is((await get('/a')).status, 401);
  t.deepEqual(await stored(), []);
});

test('a gate that lets in those of the house by their address keeps its pages from the store', async (t) => {
  const { get, stored } = await startSite(t, (pages): RequestListener => {
    const app = membersApp(pages);
    return (request, response) => {
      if (request.socket.remoteAddress === '127.0.0.1') app(request, response);
      else response.writeHead(403).end('no');
    };
  });
  t.like(await get('/a'), { text: 'for members: /a', said: 'fwd=uri-miss; detail=DENIED' });
  t.deepEqual(await stored(), []);
});

test('virtual hosts by a wrapper are rendered each by its own app', async (t) => {
  const port = await freePort();
  const [one, other] = [`http://one.test:${port}`, `http://other.test:${port}`];
  const { pages, stored } = await openPages(t, [one, other]);
  const appOf = (name: string): Express => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/', (_request, response) => void response.send(name));
    return app;
  };
  const hosts: Readonly<Record<string, Express>> = {
    [`one.test:${port}`]: appOf('one'),
    [`other.test:${port}`]: appOf('other'),
  };
  const { url } = await listen(
    t,
    (request, response) => {
      const app = hosts[request.headers.host ?? ''];
      if (app === undefined) response.writeHead(404).end('nobody');
      else app(request, response);
    },
    port,
  );
  for (const said of ['fwd=uri-miss; stored', 'hit']) {
    for (const name of ['one', 'other']) {
      t.like(await answerOf(url, '/', { Host: `${name}.test:${port}` }), { text: name, said });
    }
  }
  t.is((await answerOf(url, '/', { Host: `third.test:${port}` })).text, 'nobody');
  t.deepEqual(await stored(), ['/', '/']);
});

for (const { name, express: create } of EXPRESSES) {
  for (const trust of [false, true, 'loopback'] as const) {
    test(`${name} with "trust proxy" ${trust} shows a stored page nothing that it shows to loopback`, async (t) => {
      const { get } = await startSite(t, (pages) => {
        const app = create().set('trust proxy', trust).disable('x-powered-by');
        app.use(pageCache(pages));
        app.get('/', ({ ip, ips, socket }, response) => {
          const isInside = [ip, socket.remoteAddress, ...ips].some((each) =>
            /^(::ffff:)?127\./.test(each ?? ''),
          );
          response.send(isInside ? 'debug bar' : `for all, ${String(ip)}`);
        });
        return app;
      });
      const asked = { 'X-Forwarded-For': '127.0.0.1' };
      t.like(await get('/', asked), { text: 'for all, 192.0.2.1', said: 'fwd=uri-miss; stored' });
      t.like(await get('/'), { text: 'for all, 192.0.2.1', said: 'hit' });
      t.is((await get('/', { ...asked, Cookie: 'session=1' })).text, 'debug bar', 'the test could fail');
    });

    test(`${name} with "trust proxy" ${trust} sees the scheme of the site in a render, whatever the visitor says`, async (t) => {
      const port = await freePort();
      const { pages } = await openPages(t, ['https://www.example.com', `http://127.0.0.1:${port}`]);
      const app = create().set('trust proxy', trust).disable('x-powered-by');
      app.use(pageCache(pages));
      app.get('/', ({ secure, protocol, hostname }, response) => {
        response.send([secure, protocol, hostname].join());
      });
      const { url } = await listen(t, app, port);
      const https = { Host: 'www.example.com', 'X-Forwarded-Proto': 'http' };
      const http = { 'X-Forwarded-Proto': 'https' };
      for (const said of ['fwd=uri-miss; stored', 'hit']) {
        t.like(await answerOf(url, '/', https), { text: 'true,https,www.example.com', said });
        t.like(await answerOf(url, '/', http), { text: 'false,http,127.0.0.1', said });
      }
    });
  }
}
