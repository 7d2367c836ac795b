import test, { type ExecutionContext } from 'ava';
import { writeFiles } from '../helpers/folder.ts';
import type { Memcached } from '../helpers/memcached.ts';
import { runProgram, type Ended } from '../helpers/run-node.ts';
import { startServers, targetsOn } from '../pages/memcached-store/cluster.ts';
import { BIN, createSite, SITE } from '../cli/pages-site.ts';

const entryOf = (name: string): string => new URL(`../../dist/${name}.js`, import.meta.url).href;

interface Site {
  readonly servers: readonly [Memcached, Memcached];
  /** Two paths of each server. */
  readonly kept: readonly string[];
  readonly lost: readonly string[];
  readonly run: (...argv: string[]) => Promise<Ended>;
}

/** An app whose pages are in two servers. Its commands run in processes of their own, which end by themselves. */
async function start(t: ExecutionContext): Promise<Site> {
  const [one, other] = await startServers(t, 2);
  if (one === undefined || other === undefined) throw new Error('Two servers are needed.');
  const servers = [one, other] as const;
  const cwd = await createSite(t, 'built', {
    routes: "app.use((request, response) => { pages.tag('all'); response.send('<p>' + request.path); });",
  });
  const names = servers.map(({ server }) => server);
  await writeFiles(cwd, {
    'public/a.css': 'a { color: red }',
    'static-url.config.mjs': `
      import { openAssets } from '${entryOf('index')}';
      import { memcachedStore } from '${entryOf('pages')}';
      const assets = () => openAssets({ prefix: '/static/', roots: new URL('public', import.meta.url) });
      const store = memcachedStore({ servers: ${JSON.stringify(names)}, ttlSeconds: 600, deadlineMilliseconds: 2000 });
      export default {
        app: async () => (await import('./app.mjs')).default,
        pages: { sites: ['${SITE}'], urls: ['/', '/:name'], store, assets },
      };`,
  });
  return {
    servers,
    kept: targetsOn(servers, one, 2),
    lost: targetsOn(servers, other, 2),
    run: (...argv) => runProgram(process.execPath, [BIN, 'pages', ...argv], { cwd }),
  };
}

test('the commands of pages work with pages in memcached', async (t) => {
  const { kept, lost, run } = await start(t);
  const all = [...kept, ...lost];
  const says = async (expected: RegExp, ...argv: string[]): Promise<void> => {
    const { code, stdout, stderr } = await run(...argv);
    t.is(code, 0, `${argv.join(' ')}: ${stderr}`);
    t.regex(stdout, expected, argv.join(' '));
  };
  await says(/^4 pages published\.\n$/, 'publish', ...all);
  await says(/\n4 pages, /, 'list');
  await says(new RegExp(`"url":"${SITE}${kept[0]}"`), 'list', '--json');
  await says(/./, 'why', kept[0] ?? '');
  await says(/./, 'verify', kept[0] ?? '');
  await says(/./, 'renew');
  await says(/1 page/, 'delete', kept[0] ?? '');
  await says(/3 pages/, 'invalidate', 'all');
  await says(/^1 page published/, 'publish', lost[0] ?? '');
  await says(/^All stored pages are removed\.\n$/, 'clear');
});

for (const [outage, stop] of [
  ['is gone', async (server: Memcached) => server.kill()],
  ['hangs', async (server: Memcached) => server.pause()],
] as const)
  test(`the commands of pages end, and name what is out of reach, while a memcached server ${outage}`, async (t) => {
    const { servers, kept, lost, run } = await start(t);
    const [, down] = servers;
    t.is((await run('publish', ...kept, ...lost)).code, 0);
    await stop(down);
    t.teardown(() => down.resume());
    const fails = async (...argv: string[]): Promise<string> => {
      const { code, stderr } = await run(...argv);
      t.is(code, 1, `${argv.join(' ')}: ${stderr}`);
      t.true(stderr.includes(`The memcached at "${down.server}" `), `${argv.join(' ')}: ${stderr}`);
      return stderr;
    };
    for (const argv of [
      ['publish', ...kept, ...lost],
      ['delete', kept[0] ?? '', lost[0] ?? ''],
      ['invalidate', 'all'],
      ['clear'],
    ]) {
      const said = await fails(...argv);
      t.regex(said, /error: .* Run the command again once it answers\.\n$/s, argv.join(' '));
      if (argv.length > 2) t.true(said.includes(`"${SITE}${lost[0]}"`), said);
    }
    for (const argv of [['list'], ['list', '--json'], ['renew'], ['why', lost[0] ?? '']])
      await fails(...argv);
    // It asks the app alone.
    t.is((await run('verify', lost[0] ?? '')).code, 0);
  });
