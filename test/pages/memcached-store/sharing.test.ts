import test from 'ava';
import { memcachedStore } from '../../../src/pages/memcached-store/index.ts';
import type { StoreSetting } from '../../../src/pages/store.ts';
import { until } from '../../helpers/descriptors.ts';
import { html, keyOf, SETTING, SITE, store, targetsIn, textOf } from '../stored-pages.ts';
import { openStore, startServers } from './cluster.ts';

/** So long a server that is not new is waited for before it is emptied. */
const SOON = { deadlineMilliseconds: 1500 };
const SHOP = 'https://shop.example.com';

test('two apps with sites of their own share a cluster, and neither removes what is the other one’s', async (t) => {
  const servers = await startServers(t, 2);
  const blog = await openStore(t, servers, SOON, { sites: [SITE] });
  await store(blog, '/a', html('blog', ['all']));
  const shop = await openStore(t, servers, SOON, { sites: [SHOP] });
  await store(shop, keyOf('/a', SHOP), html('shop', ['all']));
  t.deepEqual([await targetsIn(blog), await targetsIn(shop)], [['/a'], ['/a']]);
  t.is((await blog.invalidate(['all'])).length, 1);
  t.is(await textOf(shop, keyOf('/a', SHOP)), '<h1>shop</h1>\n');
  await store(blog, '/a', html('blog'));
  t.deepEqual(await shop.clear(), [{ site: SHOP, target: '/a' }]);
  t.is(await textOf(blog, '/a'), '<h1>blog</h1>\n');
});

test('two apps with the same sites share a cluster by a keyPrefix each', async (t) => {
  const servers = await startServers(t, 2);
  const one = await openStore(t, servers, { ...SOON, keyPrefix: 'one:', owner: 'one' });
  const other = await openStore(t, servers, { ...SOON, keyPrefix: 'other:', owner: 'other' });
  await store(one, '/a', html('one', ['all']));
  await store(other, '/a', html('other', ['all']));
  await one.invalidate(['all']);
  t.deepEqual([await textOf(one, '/a'), await textOf(other, '/a')], [undefined, '<h1>other</h1>\n']);
  t.deepEqual([await targetsIn(one), await targetsIn(other)], [[], ['/a']]);
});

test('open() refuses a site that is already another owner’s, and leaves its pages alone', async (t) => {
  const servers = await startServers(t, 2);
  const blog = await openStore(t, servers, SOON);
  await store(blog, '/a', html('blog'));
  const open = (setting: Partial<StoreSetting>, owner?: string): Promise<void> => {
    const other = memcachedStore({
      ...blog.options,
      ...(owner === undefined ? {} : { owner }),
    });
    t.teardown(() => other.close());
    return other.open({ ...SETTING, ...setting });
  };
  await t.throwsAsync(open({ sites: [SHOP, SITE] }), {
    code: 'STORE_NOT_OURS',
    message:
      /^The pages of "https:\/\/www\.example\.com" in the memcached at "127\.0\.0\.1:\d+" belong to "https:\/\/www\.example\.com", and this app is "https:\/\/shop\.example\.com"\. Give each app a "keyPrefix" of its own, or both the same "owner"/,
  });
  await t.throwsAsync(open({}, 'us'), { code: 'STORE_NOT_OURS' });
  await t.notThrowsAsync(open({ sites: [SHOP, SITE] }, SITE));
  t.is(await textOf(blog, '/a'), '<h1>blog</h1>\n');
});

test('a store that is open for some sites is not opened for others, whose pages it would not remove', async (t) => {
  const pages = await openStore(t, await startServers(t, 1), SOON, { sites: [SITE] });
  await t.throwsAsync(pages.open({ ...SETTING, sites: [SHOP] }), {
    code: 'STORE_NOT_OURS',
    message: /^The store is open for "https:\/\/www\.example\.com"\. Make another memcachedStore\(\) for /,
  });
  await pages.open({ ...SETTING, sites: [SITE] });
  await pages.close();
  t.true(await store(pages, '/a', html('a')));
});

test('open() refuses another NODE_ENV than that of who wrote first', async (t) => {
  const servers = await startServers(t, 1);
  await openStore(t, servers, SOON, { environment: 'production' });
  for (const [environment, text] of [
    ['development', 'NODE_ENV=development'],
    ['', 'no NODE_ENV'],
  ] as const)
    await t.throwsAsync(openStore(t, servers, SOON, { environment }), {
      code: 'STORE_ENVIRONMENT',
      message: new RegExp(
        `with NODE_ENV=production, and this process runs with ${text}\\. Run it with the same NODE_ENV, or give it servers or a "keyPrefix" of its own\\.$`,
      ),
    });
  await t.notThrowsAsync(
    openStore(t, servers, { ...SOON, keyPrefix: 'development:' }, { environment: 'development' }),
  );
});

test('a process of another NODE_ENV neither stores nor removes pages where it missed that when it was opened', async (t) => {
  const [server] = await startServers(t, 1);
  if (server === undefined) throw new Error('A server is needed.');
  const quiet = { onWarning: () => {} };
  const ours = await openStore(t, [server], SOON, { ...quiet, environment: 'production' });
  await store(ours, '/a', html('production', ['all']));
  server.pause();
  t.teardown(() => server.resume());
  const other = await openStore(t, [server], SOON, { ...quiet, environment: 'development' });
  server.resume();
  await until(async () =>
    other.counts().then(
      () => true,
      () => false,
    ),
  );
  await t.throwsAsync(store(other, '/b', html('development')), { code: 'STORE_ENVIRONMENT' });
  await t.throwsAsync(other.begin(keyOf('/b'), { fence: false }), { code: 'STORE_ENVIRONMENT' });
  for (const remove of [
    () => other.delete([keyOf('/a')]),
    () => other.deleteBelow(keyOf('/')),
    () => other.invalidate(['all']),
    () => other.clear(),
  ])
    await t.throwsAsync(remove, { code: 'STORE_ENVIRONMENT' });
  t.deepEqual(await targetsIn(ours), ['/a']);
});

test('pages do not come back with a list of servers of before', async (t) => {
  const servers = await startServers(t, 2);
  const [one] = servers;
  if (one === undefined) throw new Error('A server is needed.');
  const warnings: string[] = [];
  const setting = { onWarning: ({ message }: Error) => warnings.push(message) };
  // So many that each server has some by both lists.
  const targets = Array.from({ length: 24 }, (_, index) => `/${index}`);
  const before = await openStore(t, servers, SOON, setting);
  for (const target of targets) await store(before, target, html('old', ['all']));
  await before.close();
  const alone = await openStore(t, [one], SOON, setting);
  t.deepEqual(await targetsIn(alone), []);
  await alone.invalidate(['all']);
  await alone.close();
  const after = await openStore(t, servers, SOON, setting);
  t.deepEqual(await targetsIn(after), []);
  t.is(warnings.length, 2, warnings.join('\n'));
  for (const warning of warnings)
    t.regex(warning, /another list of "servers", and are removed\. Give all processes the same list/);
  await store(after, '/a', html('new'));
  t.deepEqual(await targetsIn(await openStore(t, servers.toReversed(), SOON)), ['/a']);
});
