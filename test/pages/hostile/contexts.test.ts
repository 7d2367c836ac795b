import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import * as Sentry from '@sentry/node-core/light';
import test from 'ava';
import cls from 'cls-hooked';
import express, { type RequestHandler } from 'express';
import { pageCache } from '../../../src/express.ts';
import { answerOf, startSite } from './site.ts';

const storage = new AsyncLocalStorage<{ readonly user: string }>();
const contexts = cls.createNamespace('visitor');
// Nothing is sent: it needs a client to carry scopes from request to request.
Sentry.init({ dsn: 'http://key@127.0.0.1:9/1', transport: silentTransport, defaultIntegrations: false });

function silentTransport(): ReturnType<typeof Sentry.makeNodeTransport> {
  return { send: async () => ({}), flush: async () => true };
}

const userOf = (request: { readonly get: (name: string) => string | undefined }): string =>
  request.get('X-Who') ?? 'nobody';

/** How apps note who is there, each with how they ask later. */
const WAYS: Readonly<Record<string, { enter: RequestHandler; user: () => unknown }>> = {
  'AsyncLocalStorage.run()': {
    enter: (request, _response, next) => storage.run({ user: userOf(request) }, next),
    user: () => storage.getStore()?.user,
  },
  'AsyncLocalStorage.enterWith()': {
    enter(request, _response, next) {
      storage.enterWith({ user: userOf(request) });
      next();
    },
    user: () => storage.getStore()?.user,
  },
  // As express-http-context does it: the request and the response are bound too.
  'cls-hooked': {
    enter(request, response, next) {
      contexts.bindEmitter(request);
      contexts.bindEmitter(response);
      contexts.run(() => {
        contexts.set('user', userOf(request));
        next();
      });
    },
    user: () => contexts.get('user'),
  },
  "Sentry's scope": {
    enter(request, _response, next) {
      Sentry.withIsolationScope((scope) => {
        scope.setUser({ username: userOf(request) });
        next();
      });
    },
    user: () => Sentry.getIsolationScope().getUser()?.username,
  },
};

for (const [way, { enter, user }] of Object.entries(WAYS)) {
  test(`no user whom ${way} keeps reaches a stored page, nor a later one on the connection`, async (t) => {
    const { get, url, refused } = await startSite(t, (pages) => {
      const app = express().disable('x-powered-by');
      // Only a visitor's own request has a user; what a render finds is what came with it.
      app.use((request, response, next) =>
        request.get('X-Who') === undefined ? next() : enter(request, response, next),
      );
      app.use(pageCache(pages));
      app.get('/personal/:id', (_request, response) => {
        response.set('Cache-Control', 'private').send(`Hello ${String(user())}`);
      });
      app.get('/:id', async (_request, response) => {
        response.type('html');
        const seen = [user()];
        await pause(1);
        seen.push(user());
        response.write('<p>');
        await new Promise<void>((resolve) => setImmediate(resolve));
        seen.push(user());
        response.end(`Hello ${seen.map(String).join()}`);
      });
      return app;
    });
    const NOBODY = '<p>Hello undefined,undefined,undefined';
    t.is((await get('/personal/1', { 'X-Who': 'alice' })).text, 'Hello alice', 'the way works');
    t.like(await get('/a', { 'X-Who': 'alice' }), { said: 'fwd=uri-miss; stored', text: NOBODY });
    // On the same connection, by another visitor, and for several at once.
    const answers = await Promise.all(
      ['/b', '/c', '/c', '/d', '/e', '/f'].map(async (path, index) => {
        return (await answerOf(url, path, { 'X-Who': `bob${index}` })).text;
      }),
    );
    t.deepEqual(new Set(answers), new Set([NOBODY]));
    for (const path of ['/a', '/b', '/c', '/d', '/e', '/f']) {
      t.like(await get(path), { said: 'hit', text: NOBODY });
    }
    // What goes to the app after a wait has its own visitor still.
    t.is((await get('/personal/2', { 'X-Who': 'carol' })).text, 'Hello carol');
    t.deepEqual(
      refused.map(({ code }) => code),
      ['PRIVATE', 'PRIVATE'],
    );
  });
}

test('what an app carries on from a visitor after a miss is the visitor who asked', async (t) => {
  const { get } = await startSite(t, (pages) => {
    const app = express();
    app.use((request, _response, next) => storage.run({ user: userOf(request) }, next));
    app.use(pageCache(pages));
    app.get('/:id', (_request, response) => {
      response.set('Cache-Control', 'no-store').send(String(storage.getStore()?.user));
    });
    return app;
  });
  const names = Array.from({ length: 20 }, (_, index) => `user${index}`);
  const answers = await Promise.all(names.map(async (name) => (await get('/a', { 'X-Who': name })).text));
  t.deepEqual(answers, names);
});
