import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { inspect, isDeepStrictEqual } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { openRenderer, orderOf, EXPRESSES } from './ask.ts';

const SENT = ['host', 'x-forwarded-proto', 'user-agent', 'accept', 'connection'];

/** The names that an app reads, without those that every render sends. */
async function readBy(
  t: ExecutionContext,
  read: (headers: IncomingHttpHeaders, request: IncomingMessage) => unknown,
): Promise<readonly string[]> {
  const { body, readHeaders } = openRenderer(t).render(
    orderOf((request, response) => {
      read(request.headers, request);
      response.end();
    }),
  );
  await body;
  return [...readHeaders].filter((name) => !SENT.includes(name));
}

const NAMED: Record<string, (headers: IncomingHttpHeaders, request: IncomingMessage) => unknown> = {
  'by its name': (headers) => headers['accept-language'],
  'by taking it out': ({ 'accept-language': language }) => language,
  'by asking whether it is there': (headers) => 'accept-language' in headers,
  'by Object.hasOwn()': (headers) => Object.hasOwn(headers, 'accept-language'),
  'by hasOwnProperty()': (headers) => Object.prototype.hasOwnProperty.call(headers, 'accept-language'),
  'among all the values of each': (_headers, request) => request.headersDistinct['accept-language'],
};

for (const [how, read] of Object.entries(NAMED)) {
  test(`a render notes that a header was read ${how}, although it was not sent`, async (t) => {
    t.deepEqual(await readBy(t, read), ['accept-language']);
  });
}

const ALL: Record<string, (headers: IncomingHttpHeaders) => unknown> = {
  'by a copy': (headers) => ({ ...headers }),
  'by their names': (headers) => Object.keys(headers),
  'by their entries': (headers) => Object.entries(headers),
  'by a loop': (headers) => {
    for (const name in headers) void name;
  },
  'by JSON': (headers) => JSON.stringify(headers),
  'for the log': (headers) => inspect(headers),
  'as a string': String,
};

for (const [how, read] of Object.entries(ALL)) {
  test(`a render notes no header that is not there when all are read ${how}`, async (t) => {
    t.deepEqual(await readBy(t, read), []);
  });
}

test('a render notes the headers that it sent and the app read', async (t) => {
  const { body, readHeaders } = openRenderer(t).render(
    orderOf(({ headers }, response) => void response.end(headers.host)),
  );
  t.is(String(await body), 'www.example.com');
  t.deepEqual([...readHeaders], ['host']);
});

for (const { name, express } of EXPRESSES) {
  test(`a render notes what ${name} is asked about a visitor`, async (t) => {
    const app = express();
    app.get('/', (request, response) => {
      request.acceptsLanguages('en', 'de');
      request.get('Sec-CH-UA-Mobile');
      response.send('page');
    });
    const { body, readHeaders } = openRenderer(t).render(orderOf(app));
    await body;
    t.true(readHeaders.has('accept-language'));
    t.true(readHeaders.has('sec-ch-ua-mobile'));
    t.false(readHeaders.has('cookie'));
  });
}

test('the headers of a render are an object like any other', async (t) => {
  await readBy(t, (headers, request) => {
    t.deepEqual(Object.keys(headers), SENT);
    t.is(headers.host, 'www.example.com');
    t.true(isDeepStrictEqual(JSON.parse(JSON.stringify(headers)), { ...headers }));
    headers['x-user'] = 'none';
    t.is(request.headers['x-user'], 'none');
    delete headers['x-user'];
    t.false('x-user' in request.headers);
    t.deepEqual(request.headersDistinct['host'], ['www.example.com']);
    request.headers = { other: 'object' };
    t.deepEqual(request.headers, { other: 'object' });
  });
});
