import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import test from 'ava';
import { isOptionError } from '../../src/core/errors.ts';
import { requireApp } from '../../src/render/index.ts';
import { EXPRESSES } from './ask.ts';

test('requireApp() takes functions and servers that have a request listener', (t) => {
  const apps = [() => {}, createServer(() => {}), ...EXPRESSES.map(({ express }) => express())];
  for (const app of apps) t.is(requireApp(app, 'app'), app);
});

class Koa extends EventEmitter {
  readonly middleware = [];
  callback(): void {}
}

const FIXES: Record<string, readonly [value: unknown, fix: string]> = {
  'a Koa app': [new Koa(), 'Pass app.callback().'],
  'a Fastify app': [
    { server: createServer(), inject() {} },
    'Pass fastify.server after await fastify.ready().',
  ],
  'a Nest app': [{ getHttpServer() {} }, 'Pass app.getHttpServer() after await app.init().'],
  'a server that nothing listens to': [
    createServer(),
    'The server has no request listener. Add one before it is given.',
  ],
  'a promise': [
    Promise.resolve(),
    'Pass an Express app, a function of (request, response), or a server of node:http, node:https or node:http2.',
  ],
  undefined: [
    undefined,
    'Pass an Express app, a function of (request, response), or a server of node:http, node:https or node:http2.',
  ],
};
for (const { name, express } of EXPRESSES) {
  FIXES[`a router of ${name}`] = [
    express.Router(),
    'A router needs an app around it: pass express().use(router).',
  ];
}

for (const [what, [value, fix]] of Object.entries(FIXES)) {
  test(`requireApp() says what to pass in place of ${what}`, (t) => {
    const error = t.throws(() => requireApp(value, 'app'), { instanceOf: TypeError });
    t.true(error?.message.startsWith('The option "app" is no app: it is '));
    t.true(error?.message.endsWith(`. ${fix}`), error?.message);
    t.true(isOptionError(error));
  });
}
