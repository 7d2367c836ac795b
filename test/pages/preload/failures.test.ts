import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Express } from 'express';
import { StaticUrlError } from '../../../src/index.ts';
import { createPages, fileStore, pageTags, type Pages } from '../../../src/pages.ts';
import { until } from '../../helpers/descriptors.ts';
import { WATCH_FILE_OPERATIONS } from '../../helpers/file-operations.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { DROP_PRIVILEGES } from '../../helpers/permissions.ts';
import { runForValue } from '../../helpers/run-node.ts';
import { collectWarnings } from '../../helpers/warnings.ts';
import { startPreload, STATIC } from './preload-app.ts';

/** Views that cannot be preloaded. */
function unfit(app: Express): void {
  app.get('/listed/personal', (_request, response) => response.cookie('a', 'b').send('mine'));
  app.get('/listed/posted', (_request, response) => response.sendStatus(405));
  app.post('/listed/posted', (_request, response) => response.send('posted'));
  app.get('/listed/no-store', (_request, response) => response.set('Cache-Control', 'no-store').send('now'));
  app.get('/other', (_request, response) => response.send('other'));
}

const UNFIT: readonly (readonly [url: string, code: RegExp])[] = [
  ['/other', /no pattern of urls has the path/],
  ['/listed/personal', /sets the cookie "a"/],
  ['/listed/posted', /answers 405/],
  ['/listed/gone', /answers 404/],
  ['/listed/no-store', /no-store/],
  ['http://elsewhere.example/listed/a', /none of the sites/],
  ['/listed//double', /canonical/],
  ['/listed/a?unknown=1', /Name its parameters in "query"/],
  ['listed/a', /Begin a path with "\/"/],
];

const LISTED = { urls: ['/listed/*rest', '/page'] };

test('a view that cannot be preloaded gets its live URL, with one warning that says what to do', async (t) => {
  const warnings = collectWarnings(t, 'Cannot preload');
  const { pages } = await startPreload(t, unfit, LISTED);
  const { staticPreload } = pageTags(pages);
  for (const [url, reason] of UNFIT) {
    const ours = (): string[] => warnings.filter((each) => each.includes(`preload "${url}"`));
    for (let times = 0; times < 2; times += 1) t.is(await pages.preload(url), url);
    t.is(staticPreload(url), url);
    await until(() => ours().length > 0);
    t.is(ours().length, 1, ours().join('\n'));
    t.regex(ours()[0] ?? '', reason);
  }
});

test('throwOnError raises what keeps a view from being preloaded, in a template once it is known', async (t) => {
  const { pages } = await startPreload(t, unfit, { ...LISTED, preload: { throwOnError: true } });
  const { staticPreload } = pageTags(pages);
  for (const [url, message] of UNFIT) {
    await t.throwsAsync(pages.preload(url), { instanceOf: StaticUrlError, code: 'PRELOAD_REFUSED', message });
    t.throws(() => staticPreload(url), { instanceOf: StaticUrlError, code: 'PRELOAD_REFUSED', message });
  }
});

test('a wrong shape of argument is a TypeError, whatever the options', async (t) => {
  const { pages } = await startPreload(t, () => {});
  const preload = (given: readonly unknown[]): unknown =>
    Reflect.apply((...all: [string]) => pages.preload(...all), undefined, given);
  const staticPreload = (given: readonly unknown[]): unknown =>
    Reflect.apply(pageTags(pages).staticPreload, undefined, given);
  const wrong: readonly unknown[][] = [
    [undefined],
    [''],
    [{ url: '/a' }],
    ['/a', 5],
    ['/a', null],
    ['/a', ['a=b']],
    ['/a', { a: () => 1 }],
    ['/a', { a: [new Map()] }],
  ];
  for (const given of wrong) {
    await t.throwsAsync(async () => preload(given), { instanceOf: TypeError });
    t.throws(() => staticPreload(given), { instanceOf: TypeError });
  }
});

test('without the option "preload" there is nothing to preload', async (t) => {
  const pages = createPages({
    sites: ['http://localhost'],
    urls: ['/'],
    store: fileStore({ folder: join(await temporaryFolder(t), 'store') }),
  });
  t.teardown(() => pages.close());
  await t.throwsAsync(pages.preload('/'), {
    instanceOf: TypeError,
    message: 'preload() needs the option "preload" of createPages(), such as { folder: "preloaded" }.',
  });
  t.throws(() => pageTags(pages), { instanceOf: TypeError, message: /needs the option "preload"/ });
});

function oneView(app: Express, pages: Pages): void {
  app.get('/view/', (_request, response) => response.send('view'));
  app.get('/page', async (_request, response) => response.send(await pages.preload('/view/')));
}

test('a file in the place of the folder: pages have the live URL, and the static one once it has gone', async (t) => {
  const warnings = collectWarnings(t, 'EEXIST');
  const site = await startPreload(t, oneView);
  const { pages, get, folder, status } = site;
  await writeFile(folder, 'a file');
  t.is((await get('/page')).body.toString(), '/view/');
  t.is((await get('/page')).headers['cache-status'], 'static-url; hit', 'the site goes on');
  t.is(await pages.preload('/view/'), '/view/');
  t.is(warnings.length, 1);
  t.regex(
    warnings[0] ?? '',
    /^Cannot preload "\/view\/": ".*preloaded" cannot be written \(EEXIST\)\. Let "folder"/,
  );
  await pages.publish('/view/');
  await rm(folder);
  t.regex(await pages.preload('/view/'), STATIC);
  await status('/page');
  t.regex((await get('/page')).body.toString(), STATIC, 'the page with the live URL went');
});

test('a file with the name of a view, but of other content is neither given nor written over', async (t) => {
  const { pages, folder } = await startPreload(t, oneView);
  const url = await pages.preload('/view/');
  const file = join(folder, url.slice('/preloaded/'.length));
  await writeFile(file, 'something longer');
  t.is(await pages.preload('/view/'), '/view/');
  await rm(file);
  await mkdir(file);
  t.is(await pages.preload('/view/'), '/view/');
  await rm(file, { recursive: true });
  t.is(await pages.preload('/view/'), url);
});

const PAGES = new URL('../../../src/pages.ts', import.meta.url).href;

/** A process that preloads a view twice, and publishes it. */
function program(folder: string, before: string): string {
  return `
    const { createPages, fileStore } = await import(${JSON.stringify(PAGES)});
    const warnings = [];
    process.on('warning', ({ message }) => warnings.push(message));
    const pages = createPages({
      sites: ['http://localhost'],
      urls: ['/view/'],
      store: fileStore({ folder: ${JSON.stringify(join(folder, 'store'))} }),
      preload: { folder: ${JSON.stringify(join(folder, 'preloaded'))} },
      app: (request, response) => response.setHeader('Content-Type', 'text/html').end('view'),
      sweepSeconds: 0,
    });
    await pages.publish('/view/');
    ${before}
    const urls = [await pages.preload('/view/'), await pages.preload('/view/')];
    const { results } = await pages.publish('/view/');
    await pages.close();
    process.stdout.write(JSON.stringify({ urls, warnings, result: results[0].result }));
  `;
}

interface Report {
  readonly urls: readonly string[];
  readonly warnings: readonly string[];
  readonly result: string;
}

test('a folder that cannot be written, or a full disk: live URLs, one warning, and pages are published all the same', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'preloaded'));
  const readOnly = await runForValue<Report>(
    program(
      folder,
      `const fs = await import('node:fs');
      fs.chmodSync(${JSON.stringify(folder)}, 0o777);
      fs.chmodSync(${JSON.stringify(join(folder, 'preloaded'))}, 0o555);
      for (const name of fs.readdirSync(${JSON.stringify(join(folder, 'store'))}, { recursive: true }))
        fs.chmodSync(${JSON.stringify(`${join(folder, 'store')}/`)} + name, 0o777);
      fs.chmodSync(${JSON.stringify(join(folder, 'store'))}, 0o777);
      ${DROP_PRIVILEGES}`,
    ),
  );
  t.deepEqual(readOnly.urls, ['/view/', '/view/']);
  t.is(readOnly.result, 'published');
  t.is(readOnly.warnings.length, 1);
  t.regex(readOnly.warnings[0] ?? '', /cannot be written \(EACCES\)/);

  const other = await temporaryFolder(t);
  const full = await runForValue<Report>(
    `let isFull = false;
    const after = () => {};
    const before = (name) => {
      if (isFull && name !== 'unlink') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: name });
    };
    ${WATCH_FILE_OPERATIONS}
    ${program(other, 'isFull = true;').replace('const { results }', 'isFull = false; const { results }')}`,
  );
  t.deepEqual(full.urls, ['/view/', '/view/']);
  t.is(full.result, 'published');
  t.is(full.warnings.length, 1);
  t.regex(full.warnings[0] ?? '', /no room is left for ".*preloaded" \(ENOSPC\)/);
});

test('a store that cannot be opened, or an app that is not known: the live URL, with a warning', async (t) => {
  const warnings = collectWarnings(t, '/view-of-nobody');
  const folder = await temporaryFolder(t, { 'store/foreign': 'not a store' });
  const options = {
    sites: ['http://localhost'],
    urls: [/^/],
    preload: { folder: join(folder, 'preloaded') },
  };
  const foreign = createPages({ ...options, store: fileStore({ folder: join(folder, 'store') }) });
  const appless = createPages({ ...options, store: fileStore({ folder: join(folder, 'other') }) });
  t.teardown(async () => {
    await foreign.close();
    await appless.close();
  });
  t.is(await foreign.preload('/view-of-nobody'), '/view-of-nobody');
  t.is(await appless.preload('/view-of-nobody'), '/view-of-nobody');
  await until(() => warnings.length === 2);
  t.regex(warnings[1] ?? '', /createPages\(\) was given no "app"/);
});

test('a visitor waits no longer than "waitSeconds" for a view that hangs', async (t) => {
  const { get, asked } = await startPreload(
    t,
    (app, pages) => {
      app.get('/view/', () => {});
      app.get('/page', async (_request, response) => response.send(await pages.preload('/view/')));
    },
    { waitSeconds: 0 },
  );
  t.is((await get('/page', { Cookie: 'session=1' })).body.toString(), '/view/');
  await until(() => asked.includes('/view/'));
});
