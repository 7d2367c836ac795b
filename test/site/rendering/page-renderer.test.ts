import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import test from 'ava';
import { EXPRESSES } from '../../render/ask.ts';
import type { RenderedPage } from '../../../src/site/rendering/page-task.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { newApp, pageText } from '../exported.ts';
import { rendered } from './rendered.ts';

const PROJECT = { origin: 'https://user.github.io', path: '/project/', slash: 'never' } as const;

for (const { name, express } of EXPRESSES) {
  test(`${name}: a page is written as the app sent it, with what is known of it`, async (t) => {
    const app = express().disable('x-powered-by');
    app.get('/posts/:slug', ({ params }, response) => {
      response.set('X-Frame-Options', 'DENY').cookie('visit', '1').send(pageText(params['slug'], '/'));
    });
    const { outcome, text } = await rendered(t, app, { target: '/posts/hello' });
    t.is(text, pageText('hello', '/'));
    t.like(outcome, {
      kind: 'page',
      status: 200,
      contentType: 'text/html; charset=utf-8',
      headers: { 'x-frame-options': 'DENY' },
      setsCookie: true,
      size: text?.length,
      noindex: false,
      appRoute: '/posts/:slug',
      difference: undefined,
    });
  });

  test(`${name}: under an origin with a path the app sees itself mounted there`, async (t) => {
    const app = express();
    app.get('/about', (request, response) => {
      const { url, baseUrl, originalUrl, hostname, protocol } = request;
      response.json({ url, baseUrl, originalUrl, hostname, protocol });
    });
    const { text } = await rendered(t, app, { target: '/project/about' }, { base: PROJECT });
    t.deepEqual(JSON.parse(text!), {
      url: '/about',
      baseUrl: '/project',
      originalUrl: '/project/about',
      hostname: 'user.github.io',
      protocol: 'https',
    });
  });

  test(`${name}: an app that mounts itself is asked with the path of the origin`, async (t) => {
    const inner = express();
    inner.get('/about', ({ url, baseUrl, originalUrl }, response) => {
      response.json({ url, baseUrl, originalUrl });
    });
    const app = express();
    app.use('/project', inner);
    const settings = { base: PROJECT, stripOriginPath: false };
    const { text } = await rendered(t, app, { target: '/project/about' }, settings);
    t.deepEqual(JSON.parse(text!), {
      url: '/about',
      baseUrl: '/project',
      originalUrl: '/project/about',
    });
  });

  test(`${name}: redirects that the app makes of its place keep the path of the origin`, async (t) => {
    const app = express();
    app.get('/old', ({ baseUrl }, response) => response.redirect(308, `${baseUrl}/new`));
    const { outcome, text } = await rendered(t, app, { target: '/project/old' }, { base: PROJECT });
    t.deepEqual(outcome, { kind: 'redirect', status: 308, location: '/project/new', appRoute: '/old' });
    t.is(text, undefined);
  });

  test(`${name}: a failure brings the stack that the app shows`, async (t) => {
    const app = express();
    // Which shows the stack, and prints nothing.
    app.set('env', 'test');
    app.get('/', function brokenView() {
      throw new Error('no such column: "title" <b>');
    });
    const { outcome } = await rendered(t, app);
    t.like(outcome, { kind: 'failed', status: 500, reason: 'answers 500, and its route says 200' });
    const details = outcome.kind === 'failed' ? (outcome.details ?? '') : '';
    t.regex(details, /^Error: no such column: "title" <b>\n {4}at brokenView \(/);
  });
}

test('A failure of an app that hides its stack brings the beginning of what it says', async (t) => {
  const { outcome } = await rendered(t, (_request, response) => {
    response.statusCode = 503;
    response.setHeader('Content-Type', 'text/html');
    response.end(
      `<html><head><style>p { color: red }</style></head><body><h1>Out of order</h1><p>Come &amp; see later</p>${'x'.repeat(10_000)}</body></html>`,
    );
  });
  t.like(outcome, { kind: 'failed', status: 503 });
  const details = outcome.kind === 'failed' ? (outcome.details ?? '') : '';
  t.regex(details, /^Out of order\nCome & see later\nx+$/);
  t.true(details.length <= 2000);
});

test('What the app throws past its framework is told with its own stack', async (t) => {
  const { outcome } = await rendered(t, () => {
    throw new Error('thrown');
  });
  t.like(outcome, { kind: 'failed', status: undefined, reason: 'made the app throw' });
  t.regex(
    outcome.kind === 'failed' ? (outcome.details ?? '') : '',
    /^Error: thrown\n {4}at .*page-renderer\.test\.ts/,
  );
});

test('A page whose bytes are those that are known is not written', async (t) => {
  const app = newApp().get('/', (_request, response) => response.send(pageText('Same')));
  const { outcome } = await rendered(t, app);
  const { digest } = outcome as RenderedPage;
  const again = await rendered(t, app, { known: digest });
  t.like(again.outcome, { kind: 'page', digest, mtimeMs: undefined });
  t.is(again.text, undefined);
});

test('The language of a page is all that the app is told to accept', async (t) => {
  const app = newApp().get('/', ({ headers }, response) => response.json(headers['accept-language']));
  t.is((await rendered(t, app, { language: 'pt-BR' })).text, '"pt-BR"');
});

test('Nothing of a browser is asked for that a file cannot have', async (t) => {
  const app = newApp().get('/', ({ headers }, response) => response.json(headers));
  const headers: unknown = JSON.parse((await rendered(t, app)).text!);
  t.is(Reflect.get(Object(headers), 'host'), 'www.example.com');
  for (const name of ['cookie', 'if-none-match', 'range', 'accept-encoding', 'authorization'])
    t.false(name in Object(headers), name);
});

test('Two renders that differ are told by the first line that does', async (t) => {
  let count = 0;
  const app = newApp().get('/', (_request, response) => {
    count += 1;
    response.send(`<!doctype html>\n<p>the same</p>\n<p>render ${count}</p>\n`);
  });
  const { outcome } = await rendered(t, app, { isCompared: true });
  t.like(outcome, { difference: 'line 3 is once "<p>render 2</p>", then "<p>render 3</p>"' });
});

for (const [what, type] of [
  ['A page', 'html'],
  ['A file of another type', 'txt'],
] as const)
  test(`${what} of 16 MB goes to disk as it comes: the app is never far ahead of it`, async (t) => {
    const staged = join(await temporaryFolder(t), 'staged');
    const pieceBytes = 64 * 1024;
    let [made, furthest] = [0, 0];
    function* body(): Generator<Buffer> {
      for (; made < 256 * pieceBytes; made += pieceBytes) {
        furthest = Math.max(furthest, made - (statSync(staged, { throwIfNoEntry: false })?.size ?? 0));
        yield Buffer.alloc(pieceBytes, '<p>text</p>\n');
      }
    }
    const app = newApp().get('/', (_request, response) => {
      pipeline(Readable.from(body()), response.type(type), () => {});
    });
    const { outcome } = await rendered(t, app, { staged });
    t.like(outcome, { kind: 'page', size: 256 * pieceBytes });
    t.true(furthest < 4 * 1024 * 1024, `the app was ${furthest} bytes ahead`);
    t.is(statSync(staged).size, 256 * pieceBytes);
  });
