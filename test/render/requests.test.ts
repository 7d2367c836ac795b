import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import test from 'ava';
import express from 'express';
import { listen } from '../helpers/listen.ts';
import { isRender, type RenderOrder, type AppFunction } from '../../src/render/index.ts';
import { ask, EXPRESSES, orderOf, openRenderer } from './ask.ts';

const echo: AppFunction = ({ method, url, rawHeaders, httpVersion }, response) => {
  response.end(JSON.stringify({ method, url, rawHeaders, httpVersion }));
};

test('a render carries what a browser without a past sends, and nothing else', async (t) => {
  const { text } = await ask(t, echo, { target: '/blog?page=2' });
  t.deepEqual(JSON.parse(text), {
    method: 'GET',
    url: '/blog?page=2',
    httpVersion: '1.1',
    rawHeaders: [
      'Host',
      'www.example.com',
      'X-Forwarded-Proto',
      'https',
      'User-Agent',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Accept',
      'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'Connection',
      'close',
    ],
  });
});

for (const [origin, host, scheme] of [
  ['http://localhost:3000', 'localhost:3000', 'http'],
  ['http://www.example.com:80', 'www.example.com', 'http'],
  ['https://www.example.com:8443', 'www.example.com:8443', 'https'],
  ['https://[2001:db8::1]', '[2001:db8::1]', 'https'],
] as const) {
  test(`a render for ${origin} has the Host ${host} and the scheme ${scheme}`, async (t) => {
    t.is(
      (
        await ask(
          t,
          ({ headers }, response) => {
            response.end([headers.host, headers['x-forwarded-proto']].join(' '));
          },
          { origin },
        )
      ).text,
      `${host} ${scheme}`,
    );
  });
}

test('headers of the order stand in place of the usual ones, whatever their case, and an empty one takes its name away', async (t) => {
  const headers = { accept: 'text/html', 'User-Agent': '', 'X-Site': 'a' };
  t.deepEqual(
    JSON.parse(
      (
        await ask(
          t,
          (request, response) => {
            response.end(JSON.stringify(request.rawHeaders));
          },
          { headers },
        )
      ).text,
    ),
    [
      'Host',
      'www.example.com',
      'X-Forwarded-Proto',
      'https',
      'accept',
      'text/html',
      'X-Site',
      'a',
      'Connection',
      'close',
    ],
  );
});

for (const { name, express: create } of EXPRESSES) {
  for (const trust of [false, true]) {
    test(`${name} ${trust ? 'with' : 'without'} trust proxy sees the scheme of the origin and the address of the order`, async (t) => {
      const app = create();
      app.set('trust proxy', trust);
      app.get('/', ({ ip, secure, protocol, hostname }, response) => {
        response.json({ ip, secure, protocol, hostname });
      });
      const seen = async (order: Partial<RenderOrder>): Promise<unknown> =>
        JSON.parse((await ask(t, app, order)).text);
      const hostname = 'www.example.com';
      t.deepEqual(await seen({}), { ip: '192.0.2.1', secure: true, protocol: 'https', hostname });
      t.deepEqual(await seen({ origin: 'http://www.example.com', address: '2001:db8::7' }), {
        ip: '2001:db8::7',
        secure: false,
        protocol: 'http',
        hostname,
      });
    });
  }
}

const describeSocket: AppFunction = ({ socket }, response) => {
  socket.setTimeout(1).setNoDelay().setKeepAlive().ref().unref();
  const { remoteAddress, remoteFamily, remotePort, localAddress, localPort, bytesRead } = socket;
  const seen = { remoteAddress, remoteFamily, remotePort, localAddress, localPort };
  response.write(' ', () => {
    const hasCounted = [bytesRead > 100, socket.bytesWritten > 50];
    const tls = 'encrypted' in socket && 'authorized' in socket && [socket.encrypted, socket.authorized];
    response.end(JSON.stringify({ ...seen, address: socket.address(), hasCounted, tls }));
  });
};

test('the socket of a render has what apps ask of one', async (t) => {
  const usual = {
    remoteFamily: 'IPv4',
    remotePort: 49_152,
    localAddress: '198.51.100.1',
    hasCounted: [true, true],
  };
  t.deepEqual(JSON.parse((await ask(t, describeSocket, { address: '192.0.2.9' })).text), {
    ...usual,
    remoteAddress: '192.0.2.9',
    localPort: 443,
    address: { address: '198.51.100.1', family: 'IPv4', port: 443 },
    tls: [true, false],
  });
  t.deepEqual(JSON.parse((await ask(t, describeSocket, { origin: 'http://localhost:3000' })).text), {
    ...usual,
    remoteAddress: '192.0.2.1',
    localPort: 3000,
    address: { address: '198.51.100.1', family: 'IPv4', port: 3000 },
    tls: false,
  });
});

for (const [name, create] of [
  ['node:http', () => createServer()],
  ['node:https', () => createSecureServer()],
  ['node:http2', () => createHttp2Server()],
] as const) {
  test(`all request listeners of a server of ${name} are asked in their order, as those of that server`, async (t) => {
    const server = create();
    const seen: unknown[] = [];
    EventEmitter.prototype.on
      .call(server, 'request', function (this: unknown, { socket }, response) {
        seen.push(this === server, 'server' in socket && socket.server === server);
        response.setHeader('X-First', '1');
      })
      .on('request', (_request, response) => {
        response.end(`after ${String(response.getHeader('X-First'))}`);
      });
    const { text, headers } = await ask(t, server);
    t.is(text, 'after 1');
    t.deepEqual(headers['x-first'], ['1']);
    t.deepEqual(seen, [true, true]);
  });
}

test('what wraps an app is asked too', async (t) => {
  const gate = createServer((request, response) => {
    if (request.headers.cookie === 'member=1') return void response.end('members only');
    response.writeHead(401).end('no');
  });
  t.like(await ask(t, gate), { status: 401, text: 'no' });
});

const callback: AppFunction = async (request, response) => {
  response.statusCode = 404;
  await Promise.resolve();
  if (request.url !== '/') return response.end('Not Found');
  response.statusCode = 200;
  return response.end('Hello');
};

test("a callback like Koa's is asked, which answers 404 until it knows better", async (t) => {
  t.like(await ask(t, callback), { status: 200, text: 'Hello' });
  t.like(await ask(t, callback, { target: '/no' }), { status: 404, text: 'Not Found' });
});

test('an app that asks itself by HTTP during a render is answered as a visitor', async (t) => {
  const app = express();
  app.get('/menu', (request, response) => void response.send(`render: ${isRender(request)}`));
  app.get('/', (request, response, next) => {
    fetch(`${url}/menu`)
      .then((menu) => menu.text())
      .then((menu) => response.send(`page: ${isRender(request)}, ${menu}`), next);
  });
  const { url, server } = await listen(t, app);
  t.is((await ask(t, server)).text, 'page: true, render: false');
});

test('a render can be ordered during a render', async (t) => {
  const renderer = openRenderer(t);
  const nested: AppFunction = async (request, response) => {
    const depth = Number(request.url?.slice(1));
    if (depth > 0) response.write(await renderer.render(orderOf(nested, { target: `/${depth - 1}` })).body);
    response.end(`${depth}`);
  };
  t.is(String(await renderer.render(orderOf(nested, { target: '/9' })).body), '0123456789');
});
