import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { PagesReport, StoredPage } from '../../src/pages.ts';
import { writeFiles } from '../helpers/folder.ts';
import type { Memory } from '../pages/memory-store.ts';
import { createSite, SITE } from './pages-site.ts';
import { runMain, type Run } from './run-main.ts';

const sourceOf = (path: string): string => new URL(`../../${path}`, import.meta.url).href;

interface Site {
  readonly memory: Memory;
  readonly run: (...argv: string[]) => Promise<Run>;
  /** Changes a file of the assets, as a deploy does. */
  readonly deploy: () => Promise<void>;
}

/** A site with assets, whose pages are stored in this process. */
async function createStored(t: ExecutionContext, more = ''): Promise<Site> {
  const cwd = await createSite(t, 'source', {
    routes: `
      app.get('/fails', () => { throw new Error('no'); });
      app.get('/:name', (request, response) => { pages.tag('all'); response.send('page'); });`,
    pages: `
      store: (await import('./memory.mjs')).store,
      assets: async () => (await import('${sourceOf('src/index.ts')}')).openAssets({
        prefix: '/static/',
        roots: new URL('public', import.meta.url),
      }),
      ${more}`,
    files: {
      'public/a.css': 'a { color: red }',
      'memory.mjs': `
        import { Memory, memoryStore } from '${sourceOf('test/pages/memory-store.ts')}';
        export const memory = new Memory();
        export const store = memoryStore(memory);`,
    },
  });
  const { memory } = (await import(pathToFileURL(join(cwd, 'memory.mjs')).href)) as { memory: Memory };
  return {
    memory,
    run: (...argv) => runMain(['pages', ...argv], { cwd }),
    deploy: () => writeFiles(cwd, { 'public/a.css': 'a { color: blue }' }),
  };
}

test('pages renew renders anew what names other assets, says how many with --dry-run, and ends with 1 where a page fails', async (t) => {
  const { run, deploy, memory } = await createStored(t);
  t.is((await run('publish', '/a', '/b')).code, 0);
  t.deepEqual(await run('renew'), { code: 0, out: 'No page was affected.\n', error: '' });
  const versions = (): (string | undefined)[] =>
    [...memory.pages.values()].map(({ page }) => page.assetsVersion);
  const [before] = versions();
  await deploy();
  t.deepEqual(await run('renew', '--dry-run'), { code: 0, out: '2 pages to be rendered anew.\n', error: '' });
  t.deepEqual(versions(), [before, before]);
  const { results } = JSON.parse((await run('renew', '--dry-run', '--json')).out) as PagesReport;
  t.deepEqual(
    results.map(({ result }) => result),
    ['outdated', 'outdated'],
  );
  t.deepEqual(await run('renew'), { code: 0, out: '2 pages published.\n', error: '' });
  t.not(versions()[0], before);
  t.is(new Set(versions()).size, 1);
  const listed = JSON.parse((await run('list', '--json')).out) as StoredPage[];
  t.deepEqual(
    listed.map(({ assetsVersion }) => assetsVersion),
    versions(),
  );
  const [held] = memory.pages.values();
  if (held)
    memory.pages.set(`${SITE}/fails`, {
      ...held,
      key: { site: SITE, target: '/fails' },
      page: { ...held.page, assetsVersion: 'old' },
    });
  const failed = await run('renew');
  t.is(failed.code, 1);
  t.regex(failed.error, /^error: 1 page of 1 was not stored; /);
});

test('pages renew needs "assets", and says where', async (t) => {
  const { run } = await createStored(t, 'assets: undefined,');
  const { code, error } = await run('renew');
  t.is(code, 2);
  t.regex(error, /^error: Pages are renewed .* Set "assets" in "pages" of .* to what openAssets\(\)/);
});

test('a command renews nothing by itself, although the configuration has "renewAtStart"', async (t) => {
  const { run, deploy, memory } = await createStored(t, 'renewAtStart: true,');
  await run('publish', '/a', '/b');
  await deploy();
  memory.asked.length = 0;
  await run('delete', '/a');
  await run('why', '/none');
  t.deepEqual(memory.asked, ['read /none']);
});

test('every command of pages ends with 1 and a message without a stack where a server of the store does not answer', async (t) => {
  const { run, deploy, memory } = await createStored(t);
  await run('publish', '/kept', '/lost');
  await deploy();
  memory.isDown = ({ target }) => target === '/lost';
  const commands = [
    ['renew'],
    ['publish', '/lost', '/kept'],
    ['refresh', '/lost'],
    ['delete', '/lost'],
    ['delete', '/lost', '--recursive'],
    ['why', '/lost'],
    ['headers', '/lost'],
    ['list'],
    ['list', '--json'],
    ['invalidate', 'all'],
    ['clear'],
  ];
  for (const argv of commands) {
    const { code, out, error } = await run(...argv);
    t.is(code, 1, argv.join(' '));
    t.regex(
      error,
      /^error: .*The server "down:1" does not answer for .*\/lost\. Run the command again once it answers\.\n$/,
      argv.join(' '),
    );
    if (argv[0] === 'publish')
      t.is(
        out,
        `kept "${SITE}/lost": STORE_FAILED: The server "down:1" does not answer for ${SITE}/lost.\n1 page published, 1 not stored.\n`,
      );
  }
  t.is((await run('verify', '/lost')).code, 0, 'it asks the app alone');
  t.is((await run('list', '--bypassed')).code, 0);
});
