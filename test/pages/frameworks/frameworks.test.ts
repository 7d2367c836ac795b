import {
  connect,
  createServer,
  type ClientHttp2Stream,
  type Http2SecureServer,
  type Http2Server,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'ava';
import fastify from 'fastify';
import Koa from 'koa';
import { pageCache, type PageLocals } from '../../../src/express.ts';
import { EXPRESSES } from '../../render/ask.ts';
import {
  AppAnswers,
  provePages,
  servedAt,
  serveByHttp,
  type Framework,
  type Served,
} from './framework-site.ts';

const FRAMEWORKS: readonly Framework[] = [
  ...EXPRESSES.map(({ name, express }): Framework => ({
    name,
    serve(pages, port) {
      const answers = new AppAnswers(pages);
      const app = express().disable('x-powered-by');
      app.use(pageCache(pages));
      app.use((request, response, next) => {
        const { tag } = response.locals['pages'] as PageLocals;
        answers.of(request.path, tag).then(({ status, headers, text: body }) => {
          response.status(status).set(headers).send(body);
        }, next);
      });
      return serveByHttp(app, port);
    },
  })),
  {
    name: 'node:http',
    serve(pages, port) {
      const answers = new AppAnswers(pages);
      return serveByHttp(async (request, response) => {
        if (await pages.answer(request, response)) return;
        const { status, headers, text: body } = await answers.of(String(request.url));
        response.writeHead(status, headers).end(body);
      }, port);
    },
  },
  {
    name: 'Koa',
    serve(pages, port) {
      const answers = new AppAnswers(pages);
      const app = new Koa();
      app.use(async (context, next) => {
        if (await pages.answer(context.req, context.res)) context.respond = false;
        else await next();
      });
      app.use(async (context) => {
        const { status, headers, text: body } = await answers.of(context.path);
        context.status = status;
        context.set(headers);
        context.body = body;
      });
      return serveByHttp(app.callback(), port);
    },
  },
  {
    name: 'Fastify',
    async serve(pages, port) {
      const answers = new AppAnswers(pages);
      const app = fastify();
      app.addHook('onRequest', async (request, reply) => {
        if (!(await pages.answer(request.raw, reply.raw))) return;
        reply.hijack();
      });
      app.get('/*', async (request, reply) => {
        const { status, headers, text: body } = await answers.of(request.url);
        return reply.status(status).headers(headers).send(body);
      });
      await app.listen({ port, host: '127.0.0.1' });
      return servedAt(port, async () => {
        app.server.closeAllConnections();
        await app.close();
      });
    },
  },
  {
    name: 'HTTP/2',
    async serve(pages, port) {
      const answers = new AppAnswers(pages);
      const server = createServer((request, response) => {
        void (async () => {
          if (await pages.answer(request, response)) return;
          const { status, headers, text: body } = await answers.of(request.url);
          response.writeHead(status, headers).end(body);
        })();
      });
      return serveByHttp2(server, port);
    },
  },
];

/** Connects to an HTTP/2 server, which listens from now on. */
async function serveByHttp2(server: Http2Server | Http2SecureServer, port: number): Promise<Served> {
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    async get(path, headers = {}) {
      const stream: ClientHttp2Stream = session.request({ ':path': path, ...headers });
      const head = new Promise<Record<string, unknown>>((resolve) => void stream.on('response', resolve));
      const [answered, body] = await Promise.all([head, text(stream)]);
      return { status: Number(answered[':status']), text: body, said: answered['cache-status']?.toString() };
    },
    close() {
      session.destroy();
      return new Promise((resolve) => void server.close(resolve));
    },
  };
}

for (const framework of FRAMEWORKS) {
  test(`pages are stored, answered, tagged and invalidated in ${framework.name}`, async (t) => {
    await provePages(t, framework);
  });
}
