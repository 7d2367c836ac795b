import { once } from 'node:events';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import { createGzip } from 'node:zlib';
import test from 'ava';
import { ask, EXPRESSES, openRenderer, orderOf } from './ask.ts';

const FILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

test('a head has its status and all values of each header in their order, by lower-case names', async (t) => {
  t.deepEqual(
    await ask(t, (_request, response) => {
      response.sendDate = false;
      response.writeHead(201, ['Link', '</a>', 'X-One', '1', 'LINK', '</b>', 'Content-Length', '0']).end();
    }),
    {
      status: 201,
      headers: { link: ['</a>', '</b>'], 'x-one': ['1'], 'content-length': ['0'] },
      text: '',
    },
  );
});

test('a head is without the headers of its connection', async (t) => {
  t.deepEqual(
    await ask(t, (_request, response) => {
      response.sendDate = false;
      response.setHeader('Connection', 'keep-alive, x');
      response.setHeader('Keep-Alive', 'timeout=5');
      response.setHeader('Proxy-Authenticate', 'Basic');
      response.setHeader('Upgrade', 'h2c');
      response.setHeader('TE', 'trailers');
      response.write('a');
      response.end();
    }),
    { status: 200, headers: {}, text: 'a' },
  );
});

test('a head is there before the body ends', async (t) => {
  let finish: (() => void) | undefined;
  const { head, body } = openRenderer(t).render(
    orderOf((_request, response) => {
      response.flushHeaders();
      finish = () => void response.end('late');
    }),
  );
  t.is((await head).status, 200);
  finish?.();
  t.is(String(await body), 'late');
});

test('answers that only announce another are passed over', async (t) => {
  const { status, headers, text } = await ask(t, (_request, response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: '</app.css>; rel=preload; as=style' }, () => response.end('page'));
  });
  t.like({ status, text, link: headers['link'] }, { status: 200, text: 'page', link: undefined });
});

test('trailers are dropped', async (t) => {
  const { headers, text } = await ask(t, (_request, response) => {
    response.setHeader('Trailer', 'X-Sum');
    response.write('page');
    response.addTrailers({ 'X-Sum': '1' });
    response.end();
  });
  t.deepEqual([text, headers['x-sum']], ['page', undefined]);
});

test('a body that is written with backpressure arrives whole', async (t) => {
  const piece = Buffer.alloc(100_000, 'a');
  let hasWaited = false;
  const { text } = await ask(t, async (_request, response) => {
    for (let count = 0; count < 80; count += 1) {
      if (response.write(piece)) continue;
      hasWaited = true;
      await once(response, 'drain');
    }
    response.end();
  });
  t.true(hasWaited);
  t.is(text.length, 8_000_000);
  t.is(text.replaceAll('a', ''), '');
});

test('a stream that is piped after one that had to wait arrives whole', async (t) => {
  const { text } = await ask(t, async (_request, response) => {
    if (!response.write('a'.repeat(1_000_000))) await once(response, 'drain');
    t.false(response.writableNeedDrain);
    Readable.from(['b', 'c']).pipe(response);
  });
  t.is(text.length, 1_000_002);
  t.true(text.endsWith('abc'));
});

test('a body of 8 MB in one write arrives whole', async (t) => {
  t.is((await ask(t, (_request, response) => void response.end(Buffer.alloc(8e6, 'a')))).text.length, 8e6);
});

test('a body arrives whole from an app that ends its response long after the last byte', async (t) => {
  let isFinished = false;
  t.is(
    (
      await ask(t, (_request, response) => {
        response.setHeader('Content-Length', 5);
        response.write('hello', () => {
          setTimeout(() => response.end(() => (isFinished = true)), 20);
        });
      })
    ).text,
    'hello',
  );
  t.true(isFinished);
});

test('a body without a length ends with the connection', async (t) => {
  const { text, headers } = await ask(t, (_request, response) => {
    response.useChunkedEncodingByDefault = false;
    response.write('one ');
    setImmediate(() => response.end('two'));
  });
  t.deepEqual([text, headers['content-length']], ['one two', undefined]);
});

for (const status of [204, 304]) {
  test(`an answer with ${status} has an empty body`, async (t) => {
    t.like(await ask(t, (_request, response) => void response.writeHead(status).end()), { status, text: '' });
  });
}

for (const { name, express } of EXPRESSES) {
  test(`files, streams, coded bodies and JSON of ${name} arrive as they are`, async (t) => {
    const app = express();
    app.get('/file', (_request, response) => response.sendFile(FILE));
    app.use('/static', express.static(fileURLToPath(new URL('../..', import.meta.url))));
    app.get('/stream', (_request, response) => void Readable.from(['a', 'b', 'c']).pipe(response));
    app.get('/json', (_request, response) => void response.json({ a: 1 }));
    app.get('/gzip', (_request, response) => {
      response.set('Content-Encoding', 'gzip');
      const gzip = createGzip();
      gzip.pipe(response);
      gzip.end('text');
    });
    const file = await readFile(FILE, 'utf8');
    t.is((await ask(t, app, { target: '/file' })).text, file);
    t.is((await ask(t, app, { target: '/static/package-lock.json' })).text, file);
    t.is((await ask(t, app, { target: '/stream' })).text, 'abc');
    t.is((await ask(t, app, { target: '/json' })).text, '{"a":1}');
    const { headers, text } = await ask(t, app, { target: '/gzip' });
    t.deepEqual(headers['content-encoding'], ['gzip']);
    t.is(text.charCodeAt(0), 0x1f);
    t.is((await ask(t, app, { target: '/missing' })).status, 404);
  });
}
