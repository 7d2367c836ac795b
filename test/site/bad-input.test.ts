import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import type { Express } from 'express';
import type { SiteOptions } from '../../src/site/options.ts';
import { route, type Route } from '../../src/site/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { newApp, openSite, openSiteIn, pageText } from './exported.ts';

/** An app that answers any path, whose bad sides tests add before. */
function anyApp(setup: (app: Express) => void = () => {}): Express {
  const app = newApp();
  setup(app);
  app.get('/', (_request, response) => response.send(pageText('Home')));
  app.get('/*any', ({ path }, response) => response.send(pageText(path)));
  return app;
}

/** Exports a good site, then fails with a bad one into the same folder, and finds the good one untouched. */
async function failsAfterGood(
  t: ExecutionContext,
  bad: { readonly app?: SiteOptions['app']; readonly routes: readonly Route[] } & Partial<SiteOptions>,
  expected: { readonly code: string; readonly message: RegExp },
): Promise<void> {
  const folder = await temporaryFolder(t);
  const good = openSiteIn(t, folder, {
    app: anyApp(),
    routes: [route('/good/:page', { params: ['one', 'two'] })],
  });
  await good.site.export();
  const before = await good.files();
  t.is(Object.keys(before).length, 2);
  const { site } = openSiteIn(t, folder, { app: anyApp(), ...bad });
  await t.throwsAsync(site.export(), expected);
  t.deepEqual(await good.files(), before);
  t.deepEqual(await readdir(join(folder, '.site.static-url', 'staging')), [], 'nothing is left behind');
  // The good one is still known as such: nothing has to be written again.
  t.is((await good.site.export()).files.written, 0);
}

// Generators of parameters.

async function* brokenOff(): AsyncGenerator<string> {
  yield 'one';
  yield 'two';
  throw new Error('connection lost');
}

test('A generator that throws half-way: named with its route, how far it came, and why', async (t) => {
  await failsAfterGood(
    t,
    { routes: [route('/posts/:slug', { name: 'posts', params: brokenOff })] },
    {
      code: 'SITE_URLS',
      message: /^The parameters of the route "posts" broke off after 2 of them: connection lost/,
    },
  );
});

test('A generator that never ends: stopped at "maxPages"', async (t) => {
  let count = 0;
  let hasEnded = false;
  function* params(): Generator<number> {
    try {
      for (;;) yield (count += 1);
    } finally {
      hasEnded = true;
    }
  }
  await failsAfterGood(
    t,
    { routes: [route('/page/:number', { params })], maxPages: 500 },
    {
      code: 'SITE_URLS',
      message: /"\/page\/:number" brings the site to more than 500 pages\. .*raise "maxPages"/,
    },
  );
  t.is(count, 501);
  t.true(hasEnded, 'its own "finally" has run');
});

for (const [what, params] of [
  [
    'A generator whose next step never comes',
    async function* (): AsyncGenerator<string> {
      yield 'one';
      await new Promise(() => {});
    },
  ],
  ['A function of parameters that never answers', async (): Promise<string[]> => new Promise(() => {})],
] as const)
  test(`${what}: the deadline ends it`, async (t) => {
    await failsAfterGood(
      t,
      { routes: [route('/:slug', { params })], deadlineSeconds: 1 },
      { code: 'SITE_URLS', message: /route "\/:slug" did not come within 1 s\. .*raise "deadlineSeconds"/i },
    );
  });

for (const [what, params, message] of [
  [
    'throws',
    () => {
      throw new Error('no table');
    },
    /"\/:slug" could not be got: no table/,
  ],
  ['gives no list', () => 7 as never, /"\/:slug" are 7\. Give a list/],
] as const)
  test(`A function of parameters that ${what}: named with its route`, async (t) => {
    await failsAfterGood(t, { routes: [route('/:slug', { params })] }, { code: 'SITE_URLS', message });
  });

for (const [what, item, message] of [
  ['with "/"', 'a/b', /"slug" is "a\/b": a segment of a path has no "\/"\. Write "\*slug"/],
  ['of ".."', '..', /"slug" has the segment "\.\.", which would climb out/],
  ['that is empty', '', /"slug" is empty/],
  ['of 300 characters', 'x'.repeat(300), /a name of 300 bytes \("x{40}…"\).*"file"/],
  ['of 100 characters with 300 bytes', '日'.repeat(100), /a name of 300 bytes/],
  ['with a line break', 'a\nb', /a backslash or a control character/],
  ['with NUL', 'a\0b', /a backslash or a control character/],
  ['with a backslash', 'a\\b', /a backslash or a control character/],
  ['with half a character', 'a\uD83D', /lone surrogate/],
  ['that is an object', { slug: { id: 1 } }, /"slug" is a string or a number, not/],
  ['under a name that the pattern has not', { slig: 'a' }, /have no value for "slug"/],
  ['that is missing', {}, /cannot be a page: .*"slug"/],
  ['too many', ['a', 'b'], /2 parameters in the list, and the pattern has 1/],
] as const)
  test(`A parameter ${what}: refused with the route and the parameters`, async (t) => {
    const routes = [route('/posts/:slug', { name: 'posts', params: [{ slug: 'fine' }, item] })];
    await failsAfterGood(t, { routes }, { code: 'SITE_URLS', message });
    await failsAfterGood(
      t,
      { routes },
      { code: 'SITE_URLS', message: /^The route "posts" with the parameters [^]*cannot be a page/ },
    );
  });

for (const path of ['../../etc/passwd', 'a/../../b', './a', 'a//b', '/a'])
  test(`A wildcard of ${JSON.stringify(path)}: refused`, async (t) => {
    await failsAfterGood(
      t,
      { routes: [route('/files/*path', { params: [{ path }] })] },
      { code: 'SITE_URLS', message: /the segment "\.\.?", which would climb|empty segment/ },
    );
  });

test('Parameters of all scripts and signs are pages as any other', async (t) => {
  const words = [
    'größe',
    '日本語',
    'שלום',
    '😀',
    'a b',
    '100%',
    'a?b',
    'a#b',
    "o'clock",
    'a&b=c',
    '%2e%2e',
    'e\u0301',
  ];
  const app = newApp();
  app.get('/:word', ({ params }, response) => response.send(pageText(params.word)));
  const { site, files } = await openSite(t, { app, routes: [route('/:word', { params: words })] });
  await site.export();
  t.deepEqual(
    await files(),
    Object.fromEntries(words.toSorted().map((word) => [`${word}/index.html`, pageText(word)])),
  );
});

test('A page that is given twice: told, with its URL', async (t) => {
  await failsAfterGood(
    t,
    { routes: [route('/posts/:slug', { params: ['a', 'b', 'a'] })] },
    {
      code: 'SITE_URLS',
      message:
        /"\/posts\/:slug" with the parameters "a" is the page "https:\/\/www\.example\.com\/posts\/a" a second time/,
    },
  );
});

test('Two URLs with one file: told, with both', async (t) => {
  await failsAfterGood(
    t,
    { routes: [route('/a', { file: 'same.html' }), route('/b', { file: 'same.html' })] },
    { code: 'SITE_CHECK_FAILED', message: /1 fault/ },
  );
});

// Pages.

test('A page that hangs: named with its URL, route and parameters', async (t) => {
  const app = anyApp((each) => each.get('/hangs/:id', () => {}));
  await failsAfterGood(
    t,
    { app, routes: [route('/hangs/:id', { name: 'slow', params: [{ id: 7 }] })], deadlineSeconds: 1 },
    {
      code: 'SITE_PAGE_FAILED',
      message: /\/hangs\/7 took longer than 1000 ms \(route "slow", parameters \{"id":"7"\}\)/,
    },
  );
});

test('A page that streams for ever: stopped at "maxPageBytes"', async (t) => {
  let hasEnded = false;
  function* endless(): Generator<string> {
    try {
      for (;;) yield 'x'.repeat(64 * 1024);
    } finally {
      hasEnded = true;
    }
  }
  const app = anyApp((each) =>
    each.get('/endless', (_request, response) => {
      pipeline(Readable.from(endless()), response, () => {});
    }),
  );
  await failsAfterGood(
    t,
    { app, routes: [route('/endless')], maxPageBytes: 2 * 1024 * 1024 },
    { code: 'SITE_PAGE_FAILED', message: /\/endless is larger than 2\.1 MB/ },
  );
  t.true(hasEnded, 'the app is told that nobody listens any more');
});

test('A page that sends a little now and then, for ever: the deadline ends it', async (t) => {
  const app = anyApp((each) =>
    each.get('/trickles', (_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    }),
  );
  await failsAfterGood(
    t,
    { app, routes: [route('/trickles')], deadlineSeconds: 1 },
    { code: 'SITE_PAGE_FAILED', message: /\/trickles took longer than 1000 ms/ },
  );
});

for (const [what, length] of [
  ['more', 100],
  ['less', 3],
] as const)
  test(`A page that says it is ${what} than it sends`, async (t) => {
    const app = anyApp((each) =>
      each.get('/lies', (_request, response) => {
        response.type('html').setHeader('Content-Length', length);
        response.write('12345');
        response.end();
      }),
    );
    await failsAfterGood(
      t,
      { app, routes: [route('/lies')], deadlineSeconds: 20 },
      { code: 'SITE_PAGE_FAILED', message: /\/lies ended early, or has another length than it says/ },
    );
  });

test('A page that breaks off in the middle, past what is held in memory', async (t) => {
  const app = anyApp((each) =>
    each.get('/breaks', (_request, response) => {
      response.type('html');
      response.write('x'.repeat(1024 * 1024), () => response.destroy());
    }),
  );
  await failsAfterGood(
    t,
    { app, routes: [route('/breaks')] },
    { code: 'SITE_PAGE_FAILED', message: /\/breaks ended early/ },
  );
});

for (const [what, setup, message] of [
  [
    'in a circle of two',
    (app) =>
      app
        .get('/a', (_q, response) => response.redirect('/b'))
        .get('/b', (_q, response) => response.redirect('/a')),
    /circle: "\/a" to "\/b" to "\/a"/,
  ],
  [
    'to itself',
    (app) =>
      app
        .get('/a', (_q, response) => response.redirect('/a'))
        .get('/b', (_q, response) => response.redirect('/')),
    /circle: "\/a" to "\/a"/,
  ],
  [
    'to itself with a slash',
    (app) =>
      app
        .get('/a', (_q, response) => response.redirect('/a/'))
        .get('/b', (_q, response) => response.redirect('/')),
    /circle: "\/a" to "\/a"/,
  ],
] as const satisfies readonly (readonly [string, (app: Express) => unknown, RegExp])[])
  test(`Pages that redirect ${what}: told with the way`, async (t) => {
    await failsAfterGood(
      t,
      {
        app: anyApp((app) => void setup(app)),
        routes: [route('/'), route('/a'), route('/b')],
        appRedirects: true,
      },
      { code: 'SITE_URLS', message },
    );
  });

for (const [what, location] of [
  ['another host', 'https://elsewhere.example.org/x'],
  ['what is no URL', 'http://'],
] as const)
  test(`A page that redirects to ${what}: told with the URL`, async (t) => {
    const app = anyApp((each) =>
      each.get('/away', (_request, response) => response.writeHead(302, { Location: location }).end()),
    );
    await failsAfterGood(
      t,
      { app, routes: [route('/away')], appRedirects: true },
      {
        code: 'SITE_PAGE_FAILED',
        message: new RegExp(`/away answers 302 to "${location}", which is not in the site\\. .*"redirects"`),
      },
    );
  });

test('A page that redirects to where nothing is: told', async (t) => {
  const app = anyApp((each) => each.get('/a', (_request, response) => response.redirect('/gone')));
  await failsAfterGood(
    t,
    { app, routes: [route('/a')], appRedirects: true },
    { code: 'SITE_CHECK_FAILED', message: /1 fault/ },
  );
});

test('Redirects of the site in a circle: told with the way', async (t) => {
  await failsAfterGood(
    t,
    {
      routes: [route('/')],
      redirects: [
        { from: '/one', to: '/two' },
        { from: '/two', to: '/three/' },
        { from: '/three', to: '/one' },
      ],
    },
    { code: 'SITE_URLS', message: /circle: "\/one" to "\/two" to "\/three" to "\/one"/ },
  );
});

test('Very many pages that fail: twenty are told, and the others are not asked for', async (t) => {
  let asked = 0;
  const app = anyApp((each) =>
    each.get('/fails/:id', (_request, response) => {
      asked += 1;
      response.status(500).send('broken');
    }),
  );
  const params = Array.from({ length: 1000 }, (_, index) => index);
  await failsAfterGood(
    t,
    { app, routes: [route('/fails/:id', { params })], concurrency: 4 },
    { code: 'SITE_PAGE_FAILED', message: /^Cannot export 2\d pages or more; the site is as it was\.\n/ },
  );
  t.true(asked <= 24, `${asked} pages were asked for`);
});

test('An app that cannot be loaded: its own error', async (t) => {
  const { site, out } = await openSite(t, {
    app: async () => Promise.reject(new Error('no database')),
    routes: [route('/')],
  });
  await t.throwsAsync(site.export(), { message: /no database/ });
  await t.throwsAsync(readdir(out), { code: 'ENOENT' });
});

// The folder.

for (const [what, out] of [
  ['/', '/'],
  ['the home folder', homedir()],
  ['the project', process.cwd()],
  ['what is above the project', join(process.cwd(), '..')],
] as const)
  test(`"out" that is ${what}: refused, force or not`, async (t) => {
    const { createSite } = await import('../../src/site/index.ts');
    const site = createSite({ app: anyApp(), origin: 'https://www.example.com', out, routes: [route('/x')] });
    for (const force of [false, true])
      await t.throwsAsync(site.export({ force }), { code: 'SITE_OUT_REFUSED', message: /"out"|folder/ });
  });

test('Two exports of one folder at once: the second says so, and the first goes on', async (t) => {
  let answer: (() => void) | undefined;
  let asked: (() => void) | undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const app = newApp();
  app.get('/slow', (_request, response) => {
    answer = () => response.send(pageText('Slow'));
    asked?.();
  });
  const folder = await temporaryFolder(t);
  const first = openSiteIn(t, folder, { app, routes: [route('/slow')] });
  const second = openSiteIn(t, folder, { app: anyApp(), routes: [route('/other')] });
  const running = first.site.export();
  await isAsked;
  await t.throwsAsync(second.site.export(), { code: 'SITE_LOCKED' });
  answer?.();
  t.is((await running).pages.count, 1);
  t.deepEqual(await first.files(), { 'slow/index.html': pageText('Slow') });
});

for (const name of ['lastModified', 'fingerprint'] as const)
  test(`"${name}" that hangs: told with the route and the parameters`, async (t) => {
    const routes = [route('/:slug', { params: ['a'], [name]: () => new Promise<never>(() => {}) })];
    const { site } = await openSite(t, { app: anyApp(), deadlineSeconds: 1, routes });
    await t.throwsAsync(site.export(), {
      code: 'SITE_URLS',
      message: new RegExp(
        `"/:slug" with the parameters "a" cannot be a page: "${name}" took longer than 1 s`,
      ),
    });
  });

test('Parameters that are none any more, as of an empty database: told, and the site stays', async (t) => {
  const folder = await temporaryFolder(t);
  const params = ['a'];
  const { site, files } = openSiteIn(t, folder, { app: anyApp(), routes: [route('/:slug', { params })] });
  await site.export();
  params.pop();
  await t.throwsAsync(site.export(), { code: 'SITE_URLS', message: /^The routes give no page/ });
  t.deepEqual(Object.keys(await files()), ['a/index.html']);
});
