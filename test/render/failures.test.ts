import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { RenderFailure, type App, type RenderOrder, type AppFunction } from '../../src/render/index.ts';
import { ask, openRenderer, orderOf } from './ask.ts';

/** How a render's body fails, with the status if a head came. */
async function failureOf(
  t: ExecutionContext,
  app: App,
  order: Partial<RenderOrder> = {},
): Promise<{ reason: string; message: string; cause: unknown; status: number | undefined }> {
  const { head, body } = openRenderer(t).render(orderOf(app, order));
  const failure: unknown = await body.catch((error: unknown) => error);
  if (!(failure instanceof RenderFailure)) throw new Error('The render has not failed.', { cause: failure });
  const { reason, message, cause } = failure;
  return { reason, message, cause, status: await head.then((each) => each.status).catch(() => undefined) };
}

/** Waits as an app does: `once()` would listen for errors too. */
function closeOf(stream: IncomingMessage | ServerResponse): Promise<void> {
  return new Promise((resolve) => void stream.once('close', resolve));
}

function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(10_000);
}

const streamForEver: AppFunction = (_request, response) => {
  pipeline(Readable.from(endless()), response, () => {});
};

const hello: AppFunction = (_request, response) => void response.end('hello');

const broken = new Error('broken');

const APP_FAILED: Record<string, { app: App; cause?: unknown }> = {
  throws: {
    app() {
      throw broken;
    },
    cause: broken,
  },
  'rejects its promise': { app: async () => Promise.reject(broken), cause: broken },
  'destroys its socket': { app: ({ socket }) => void socket.destroy() },
  'destroys its response': { app: (_request, response) => void response.destroy() },
  'ends its socket': { app: ({ socket }) => void socket.end() },
  'sends what is no HTTP': { app: ({ socket }) => void socket.write('Hello\r\n\r\n') },
  'changes the protocol': {
    app: ({ socket }) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
    },
  },
  'is a server that has lost its listeners': { app: createServer() },
};

for (const [what, { app, cause }] of Object.entries(APP_FAILED)) {
  test(`a render fails as APP_FAILED when the app ${what}`, async (t) => {
    const failure = await failureOf(t, app, { target: '/broken' });
    t.like(failure, { reason: 'APP_FAILED', status: undefined });
    t.regex(failure.message, /^"https:\/\/www\.example\.com\/broken" .+\.$/);
    if (cause !== undefined) t.is(failure.cause, cause);
  });
}

test('a render fails as APP_FAILED when the app throws after its head', async (t) => {
  t.like(
    await failureOf(t, async (_request, response) => {
      response.write('a');
      await new Promise<void>((resolve) => void response.write('b', () => resolve()));
      throw broken;
    }),
    { reason: 'APP_FAILED', cause: broken, status: 200 },
  );
});

test('a render fails as APP_FAILED when the app writes after the end', async (t) => {
  t.like(
    await failureOf(t, (_request, response) => {
      response.end('a');
      response.write('b');
    }),
    { reason: 'APP_FAILED', cause: { code: 'ERR_STREAM_WRITE_AFTER_END' } },
  );
});

test('a render fails as APP_FAILED when no request can be made of its order', async (t) => {
  t.like(await failureOf(t, hello, { target: '/a b' }), {
    reason: 'APP_FAILED',
    cause: { code: 'ERR_UNESCAPED_CHARACTERS' },
  });
  t.like(await failureOf(t, hello, { headers: { 'X-A': 'a\nb' } }), {
    reason: 'APP_FAILED',
    cause: { code: 'ERR_INVALID_CHAR' },
  });
});

const TRUNCATED: Record<string, AppFunction> = {
  'ends before its Content-Length': (_request, response) => {
    response.setHeader('Content-Length', 50);
    response.end('hello');
  },
  'sends more than its Content-Length': (_request, response) => {
    response.setHeader('Content-Length', 5);
    response.end('hello world');
  },
  'sends more than its Content-Length some time after it': (_request, response) => {
    response.setHeader('Content-Length', 5);
    response.write('hello', () => setTimeout(() => response.end(' world'), 20));
  },
  'closes its socket in place of ending its response': ({ socket }, response) => {
    response.setHeader('Content-Length', 5);
    response.write('hello', () => void socket.end());
  },
  'breaks off a body of chunks': ({ socket }, response) => {
    response.write('hello', () => setTimeout(() => socket.destroy(), 5));
  },
  'breaks off a body that ends with the connection': ({ socket }, response) => {
    response.useChunkedEncodingByDefault = false;
    response.write('hello', () => setTimeout(() => socket.destroy(), 5));
  },
};

for (const [what, app] of Object.entries(TRUNCATED)) {
  test(`a render fails as TRUNCATED when the app ${what}`, async (t) => {
    t.like(await failureOf(t, app), { reason: 'TRUNCATED', status: 200 });
  });
}

test('a render fails as TOO_LARGE as soon as its body is, and the app sees the connection close', async (t) => {
  let closed: Promise<unknown> | undefined;
  t.like(
    await failureOf(
      t,
      (_request, response) => {
        const stream = setInterval(() => response.write('12345'), 1);
        closed = closeOf(response).then(() => clearInterval(stream));
      },
      { maxBodyBytes: 12 },
    ),
    { reason: 'TOO_LARGE', status: 200 },
  );
  await closed;
  t.pass();
});

test('a render fails as TOO_LARGE when the app streams for ever and never waits', async (t) => {
  t.like(await failureOf(t, streamForEver, { maxBodyBytes: 100_000 }), { reason: 'TOO_LARGE', status: 200 });
});

test('a body of just the limit is not too large', async (t) => {
  t.is((await ask(t, hello, { maxBodyBytes: 5 })).text, 'hello');
  t.is((await failureOf(t, hello, { maxBodyBytes: 4 })).reason, 'TOO_LARGE');
});

test('a render fails as TIMEOUT when the app never answers, and the app sees the connection close', async (t) => {
  let closed: Promise<unknown> | undefined;
  t.like(
    await failureOf(
      t,
      (request, response) => {
        closed = Promise.all([closeOf(request), closeOf(response)]);
      },
      { deadlineMilliseconds: 30 },
    ),
    { reason: 'TIMEOUT', status: undefined },
  );
  await closed;
  t.pass();
});

test('a render fails as TIMEOUT when the app never ends', async (t) => {
  t.like(
    await failureOf(
      t,
      (_request, response) => {
        const stream = setInterval(() => response.write('a'), 1);
        response.once('close', () => clearInterval(stream));
      },
      { deadlineMilliseconds: 1000 },
    ),
    { reason: 'TIMEOUT', status: 200 },
  );
});

test('an app that has sent its Content-Length but never ends has not answered', async (t) => {
  t.like(
    await failureOf(
      t,
      (_request, response) => {
        response.setHeader('Content-Length', 5);
        response.write('hello');
      },
      { deadlineMilliseconds: 1000 },
    ),
    { reason: 'TIMEOUT', status: 200 },
  );
});

test('an abandoned render breaks off its connection', async (t) => {
  let closed: Promise<unknown> | undefined;
  const rendering = openRenderer(t).render(
    orderOf((request, response) => {
      closed = closeOf(request);
      response.write('a');
    }),
  );
  await rendering.head;
  rendering.abandon();
  await t.throwsAsync(rendering.body, { name: 'RenderFailure', message: /was abandoned/ });
  await closed;
});

test('a render that is abandoned at once never reaches the app', async (t) => {
  const renderer = openRenderer(t);
  const asked: string[] = [];
  const app: AppFunction = ({ url }, response) => {
    asked.push(String(url));
    response.end();
  };
  const first = renderer.render(orderOf(app, { target: '/first' }));
  first.abandon();
  await renderer.render(orderOf(app, { target: '/second' })).body;
  await t.throwsAsync(first.head, { instanceOf: RenderFailure });
  t.deepEqual(asked, ['/second']);
});

test('abandoning a render that is over changes nothing', async (t) => {
  const rendering = openRenderer(t).render(orderOf((_request, response) => void response.end('a')));
  await rendering.body;
  rendering.abandon();
  t.is(String(await rendering.body), 'a');
});

test('what fails leaves other renders of the renderer as they are', async (t) => {
  const renderer = openRenderer(t);
  const targets = ['/a', '/throw', '/b', '/destroy', '/c', '/a b'];
  const outcomes = await Promise.allSettled(
    targets.map(
      (target) =>
        renderer.render(
          orderOf(
            ({ url, socket }, response) => {
              if (url === '/throw') throw broken;
              if (url === '/destroy') return void socket.destroy();
              setTimeout(() => response.end(url), 20);
            },
            { target },
          ),
        ).body,
    ),
  );
  t.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? String(outcome.value) : 'failed')),
    ['/a', 'failed', '/b', 'failed', '/c', 'failed'],
  );
});
