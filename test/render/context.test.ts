import {
  AsyncLocalStorage,
  AsyncResource,
  createHook,
  executionAsyncId,
  triggerAsyncId,
} from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import express from 'express';
import { listen } from '../helpers/listen.ts';
import {
  createRenderer,
  currentSubject,
  isRender,
  subjectOf,
  type AppFunction,
} from '../../src/render/index.ts';
import { openRenderer, orderOf } from './ask.ts';

const visitor = new AsyncLocalStorage<string>();

/** Runs what it is given in the context in which this file was loaded. */
const outside = AsyncLocalStorage.snapshot();

/** Answers with whom it sees, at once and later. */
const whoIsThere: AppFunction = async (_request, response) => {
  const seen = [visitor.getStore()];
  await pause(1);
  seen.push(visitor.getStore());
  response.write('[');
  await new Promise<void>((resolve) => setImmediate(resolve));
  seen.push(visitor.getStore());
  response.end(`${seen.map(String).join()}]`);
};
const NOBODY = '[undefined,undefined,undefined]';

for (const [how, enter] of [
  ['run()', <Value>(name: string, act: () => Value): Value => visitor.run(name, act)],
  [
    'enterWith()',
    <Value>(name: string, act: () => Value): Value => {
      visitor.enterWith(name);
      return act();
    },
  ],
] as const) {
  test(`nothing that a visitor's request set by ${how} reaches a render, nor a later one`, async (t) => {
    const renderer = openRenderer(t);
    const app = express();
    app.use((request, _response, next) => enter(request.path, next));
    app.get('/:name', async (_request, response) => {
      const first = await renderer.render(orderOf(whoIsThere)).body;
      const [second, third] = await Promise.all([
        renderer.render(orderOf(whoIsThere)).body,
        renderer.render(orderOf(whoIsThere)).body,
      ]);
      response.json([visitor.getStore(), String(first), String(second), String(third)]);
    });
    const { url } = await listen(t, app);
    const answers = await Promise.all(
      ['/alice', '/bob'].map(async (name) => (await fetch(url + name)).json()),
    );
    t.deepEqual(answers, [
      ['/alice', NOBODY, NOBODY, NOBODY],
      ['/bob', NOBODY, NOBODY, NOBODY],
    ]);
  });
}

test('a render that a visitor abandons is broken off outside of the visitor', async (t) => {
  const renderer = openRenderer(t);
  const closed = new Promise((resolve) => {
    const rendering = visitor.run('alice', () =>
      renderer.render(
        orderOf((request, response) => {
          request.once('close', () => resolve(visitor.getStore()));
          response.write('a');
        }),
      ),
    );
    visitor.run('bob', () => void rendering.head.then(() => rendering.abandon()));
  });
  t.is(await closed, undefined);
});

test('a render runs in the context of its renderer', async (t) => {
  const renderer = visitor.run('start', createRenderer);
  t.teardown(() => renderer.close());
  const { body } = visitor.run('alice', () => renderer.render(orderOf(whoIsThere)));
  t.is(String(await body), '[start,start,start]');
});

test('no asynchronous resource of a visitor is an ancestor of what a render does', async (t) => {
  const renderer = openRenderer(t);
  const parents = new Map<number, readonly number[]>();
  const hook = createHook({
    init(id, _type, triggerId) {
      parents.set(id, [executionAsyncId(), triggerId]);
    },
  }).enable();
  t.teardown(() => hook.disable());
  const ancestors = (...ids: readonly number[]): Set<number> => {
    const found = new Set(ids);
    for (const id of found) for (const parent of parents.get(id) ?? []) found.add(parent);
    return found;
  };
  const alice = new AsyncResource('ALICE');
  let ofRender = new Set<number>();
  let ofVisitor = new Set<number>();
  await alice.runInAsyncScope(async () => {
    await pause(1);
    await renderer.render(
      orderOf(async (_request, response) => {
        await pause(1);
        ofRender = ancestors(executionAsyncId(), triggerAsyncId());
        response.end();
      }),
    ).body;
    ofVisitor = ancestors(executionAsyncId());
  });
  t.true(ofVisitor.has(alice.asyncId()));
  t.true(ofRender.size > 2);
  t.false(ofRender.has(alice.asyncId()));
});

test('a tracer that listens on diagnostics channels is told of no request, and adds no header', async (t) => {
  const renderer = openRenderer(t);
  const told: string[] = [];
  const trace = (message: unknown, channel: string | symbol): void => {
    const { request } = message as { request: ClientRequest | IncomingMessage };
    const path = 'path' in request ? request.path : request.url;
    if (path !== '/traced') return;
    told.push(String(channel));
    if ('setHeader' in request) request.setHeader('traceparent', '1');
  };
  // The second is of newer Node.
  const channels = ['http.client.request.start', 'http.client.request.created', 'http.server.request.start'];
  for (const channel of channels) subscribe(channel, trace);
  t.teardown(() => {
    for (const channel of channels) unsubscribe(channel, trace);
  });
  const { body } = renderer.render(
    orderOf(({ rawHeaders }, response) => void response.end(rawHeaders.join()), { target: '/traced' }),
  );
  t.notRegex(String(await body), /traceparent/i);
  t.deepEqual(told, []);
});

test('a request of a render is known by its socket, whatever becomes of headers and contexts', async (t) => {
  const subject = {};
  let known: unknown[] = [];
  await openRenderer(t).render(
    orderOf(
      (request, response) => {
        request.headers = {};
        const ask = (): void => {
          known = [subjectOf(request) === subject, isRender(request), currentSubject()];
        };
        // As a callback of a pool of connections is called.
        outside(ask);
        response.end();
      },
      { subject },
    ),
  ).body;
  t.deepEqual(known, [true, true, undefined]);
});

test("a visitor's request is no render, whatever headers it sends", async (t) => {
  const renderer = openRenderer(t);
  const subject = {};
  let ofRender: readonly string[] = [];
  const app: AppFunction = (request, response) => {
    if (isRender(request)) ofRender = request.rawHeaders;
    response.end([isRender(request), subjectOf(request) === subject, currentSubject() === subject].join());
  };
  const { url } = await listen(t, app);
  t.is(String(await renderer.render(orderOf(app, { subject })).body), 'true,true,true');
  const request = new ClientRequest({ port: new URL(url).port, headers: ofRender });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  t.is(text, 'false,false,false');
});

test('currentSubject() is that of the render for which code runs, however many run at a time', async (t) => {
  const renderer = openRenderer(t);
  const bodies = await Promise.all(
    Array.from(
      { length: 50 },
      (_, number) =>
        renderer.render(
          orderOf(
            async (request, response) => {
              await pause(Math.random() * 3);
              response.end(String(currentSubject() === subjectOf(request)));
            },
            { subject: { number } },
          ),
        ).body,
    ),
  );
  t.true(bodies.every((body) => String(body) === 'true'));
  t.is(currentSubject(), undefined);
});
