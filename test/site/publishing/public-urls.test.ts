import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import {
  checkPublicUrls,
  type PublicCheck,
  type PublicFile,
} from '../../../src/site/publishing/public-urls.ts';
import { listen } from '../../helpers/listen.ts';

const BODY = '<!doctype html><title>x</title>';
const HEADERS = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' };

test('checkPublicUrls() takes what is as it was uploaded', async (t) => {
  const { check, asked } = await served(t, (request, response) => {
    t.is(request.headers['accept-encoding'], 'identity');
    t.is(request.headers['cache-control'], undefined);
    response
      .writeHead(200, { 'content-type': 'Text/HTML;charset=UTF-8', 'cache-control': 'no-cache' })
      .end(BODY);
  });
  t.deepEqual(await check(), { asked: 1, failures: [], warnings: [] });
  t.deepEqual(asked, ['/a%20b/index.html']);
});

test('checkPublicUrls() says what is wrong, at once where waiting would not help', async (t) => {
  const cases: readonly [status: number, headers: Record<string, string>, body: string, reason: RegExp][] = [
    [403, {}, '', /403.*Make the bucket public/],
    [401, {}, '', /401/],
    [410, {}, '', /410/],
    [
      200,
      { ...HEADERS, 'content-type': 'text/plain' },
      BODY,
      /Content-Type is "text\/plain".*"text\/html; charset=utf-8"/,
    ],
    [200, { 'cache-control': 'no-cache' }, BODY, /Content-Type is undefined/],
    [
      302,
      { location: 'https://elsewhere.example/' },
      '',
      /redirects to "https:\/\/elsewhere\.example\/", another host/,
    ],
  ];
  for (const [status, headers, body, reason] of cases) {
    const { check, asked } = await served(t, (_request, response) => {
      response.writeHead(status, headers).end(body);
    });
    const { failures } = await check({}, 3600);
    t.is(failures.length, 1);
    t.regex(failures[0]?.reason ?? '', reason);
    t.regex(failures[0]?.key ?? '', /^http:\/\/127\.0\.0\.1:\d+\/a%20b\/index\.html$/);
    t.is(asked.length, 1);
  }
});

test('checkPublicUrls() takes the page for what is missing with its own status, and no other page with it', async (t) => {
  const { check } = await served(t, (_request, response) => {
    response.writeHead(404, HEADERS).end(BODY);
  });
  t.deepEqual((await check({ status: 404 }, 0)).failures, []);
  t.regex((await check({}, 0)).failures[0]?.reason ?? '', /answers with 404/);
  t.regex((await check({ status: 404, md5: 'other' }, 0)).failures[0]?.reason ?? '', /another body/);
});

test('checkPublicUrls() asks again for what is missing, old or broken, until it is right', async (t) => {
  const { check, asked } = await served(t, (_request, response) => {
    const count = asked.length;
    if (count === 1) response.writeHead(404).end();
    else if (count === 2) response.writeHead(200, HEADERS).end('old');
    else if (count === 3) response.writeHead(503).end();
    else if (count === 4) response.destroy();
    else if (count === 5) response.writeHead(200, { ...HEADERS, 'cache-control': 'max-age=60' }).end(BODY);
    else response.writeHead(200, HEADERS).end(BODY);
  });
  t.deepEqual((await check({}, 3600)).failures, []);
  t.is(asked.length, 6);
});

test('checkPublicUrls() gives up once its time has passed', async (t) => {
  const { check } = await served(t, (_request, response) => response.writeHead(200, HEADERS).end('old'));
  const { failures } = await check({}, 0);
  t.regex(failures[0]?.reason ?? '', /another body.*purge/);
});

test('checkPublicUrls() compares Cache-Control by its directives, in any order', async (t) => {
  const cache = 'public, max-age=31536000, immutable';
  const { check } = await served(t, (_request, response) =>
    response.writeHead(200, { ...HEADERS, 'cache-control': 'Immutable,public,  max-age=31536000' }).end(BODY),
  );
  t.deepEqual((await check({ headers: { 'cache-control': cache } }, 0)).failures, []);
  const [failure] = (await check({ headers: { 'cache-control': 'public, max-age=60' } }, 0)).failures;
  t.regex(failure?.reason ?? '', /Cache-Control is "Immutable.*"public, max-age=60".*CDN/);
});

test('checkPublicUrls() asks for a page as visitors do, and follows redirects on the host', async (t) => {
  const { check, asked } = await served(t, ({ url }, response) => {
    if (url === '/about') response.writeHead(302, { location: '/about/' }).end();
    else if (url === '/about/') response.writeHead(200, HEADERS).end(BODY);
    else response.writeHead(404).end();
  });
  const { failures, warnings } = await check({ key: 'about/index.html', pagePath: 'about' });
  t.deepEqual([failures, warnings], [[], []]);
  t.deepEqual(asked, ['/about', '/about/']);
});

test('checkPublicUrls() warns once of a host that does not know the paths of pages', async (t) => {
  const { checkAll, asked } = await served(t, ({ url }, response) => {
    response.writeHead(url?.endsWith('.html') === true ? 200 : 403, HEADERS).end(BODY);
  });
  const files = ['a', 'b', 'c'].map((name) => fileOf({ key: `${name}/index.html`, pagePath: name }));
  const { failures, warnings } = await checkAll(files);
  t.deepEqual(failures, []);
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /\/a" is not found, though ".*\/a\/index\.html" is.*website mode/);
  t.deepEqual(asked, ['/a', '/a/index.html', '/b/index.html', '/c/index.html']);
});

test('checkPublicUrls() warns of a bucket that lists its objects where the home page should be', async (t) => {
  const { check } = await served(t, ({ url }, response) => {
    if (url === '/')
      response.writeHead(200, { 'content-type': 'application/xml' }).end('<ListBucketResult/>');
    else response.writeHead(200, HEADERS).end(BODY);
  });
  const { failures, warnings } = await check({ key: 'index.html', pagePath: '' }, 3600);
  t.deepEqual(failures, []);
  t.regex(warnings[0] ?? '', /index\.html" is.*website mode/);
});

test('checkPublicUrls() does not take a page for a file that is missing', async (t) => {
  const { check } = await served(t, (_request, response) => response.writeHead(200, HEADERS).end(BODY));
  const { failures } = await check(
    { key: 'a.css', md5: md5Of('body {}'), headers: { 'content-type': 'text/css' } },
    0,
  );
  t.regex(failures[0]?.reason ?? '', /A page is sent in its place/);
});

test('checkPublicUrls() takes a redirect of the host, or the page that stands for it', async (t) => {
  const file = { key: 'old/index.html', pagePath: 'old', headers: { ...HEADERS, location: '/new' } };
  const redirecting = await served(t, ({ url }, response) => {
    response
      .writeHead(url === '/new' ? 200 : 301, url === '/new' ? HEADERS : { location: '/new' })
      .end('new');
  });
  t.deepEqual((await redirecting.check(file)).failures, []);
  const page = await served(t, (_request, response) => response.writeHead(200, HEADERS).end(BODY));
  t.deepEqual((await page.check(file)).failures, []);
  const elsewhere = await served(t, ({ url }, response) => {
    response
      .writeHead(url === '/other' ? 200 : 301, url === '/other' ? HEADERS : { location: '/other' })
      .end('other');
  });
  t.is((await elsewhere.check(file, 0)).failures.length, 1);
});

test('checkPublicUrls() takes the bytes as they come, encoded too', async (t) => {
  const { check } = await served(t, (_request, response) =>
    response.writeHead(200, { ...HEADERS, 'content-encoding': 'gzip' }).end(BODY),
  );
  t.deepEqual((await check()).failures, []);
});

test('checkPublicUrls() ends in a circle of redirects', async (t) => {
  const { check, asked } = await served(t, ({ url }, response) => {
    response.writeHead(302, { location: `${url}x` }).end();
  });
  t.is((await check({}, 0)).failures.length, 1);
  t.is(asked.length, 6);
});

test('checkPublicUrls() says that a host cannot be reached', async (t) => {
  const { failures } = await checkPublicUrls([fileOf({})], {
    publicUrl: 'http://127.0.0.1:1/',
    parallel: 1,
    seconds: 0,
    onProgress: () => {},
  });
  t.regex(failures[0]?.reason ?? '', /nothing listens at "127\.0\.0\.1:1"/);
});

test('checkPublicUrls() gives up where nothing is right', async (t) => {
  const { checkAll, asked } = await served(t, (_request, response) => response.writeHead(403).end());
  const files = Array.from({ length: 200 }, (_, index) => fileOf({ key: `${index}.html` }));
  const { failures } = await checkAll(files);
  t.is(failures.length, 51);
  t.regex(failures.at(-1)?.reason ?? '', /150 more were not asked for/);
  t.is(asked.length, 50);
});

interface Served {
  /** Checks one file. */
  readonly check: (file?: Partial<PublicFile>, seconds?: number) => Promise<PublicCheck>;
  readonly checkAll: (files: readonly PublicFile[]) => Promise<PublicCheck>;
  /** The paths that were asked for. */
  readonly asked: string[];
}

async function served(
  t: ExecutionContext,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Served> {
  const asked: string[] = [];
  const { url } = await listen(t, (request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  const checkAll = async (files: readonly PublicFile[], seconds = 60): Promise<PublicCheck> =>
    checkPublicUrls(files, { publicUrl: `${url}/`, parallel: 1, seconds, onProgress: () => {} });
  return { checkAll, check: async (file = {}, seconds = 60) => checkAll([fileOf(file)], seconds), asked };
}

function fileOf(file: Partial<PublicFile>): PublicFile {
  return { key: 'a b/index.html', md5: md5Of(BODY), headers: HEADERS, ...file };
}

function md5Of(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
