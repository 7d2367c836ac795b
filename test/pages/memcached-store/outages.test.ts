import test, { type ExecutionContext } from 'ava';
import type { MemcachedStore } from '../../../src/pages/memcached-store/index.ts';
import { until } from '../../helpers/descriptors.ts';
import type { Memcached } from '../../helpers/memcached.ts';
import { html, keyOf, SITE, store, targetsIn, textOf } from '../stored-pages.ts';
import { openStore, startServers, targetsOn } from './cluster.ts';

/** What a stopped server costs once; a slow machine must not look like one. */
const DEADLINE = { deadlineMilliseconds: 2000 };

interface Outage {
  readonly servers: readonly [Memcached, Memcached, Memcached];
  readonly pages: MemcachedStore;
  readonly warnings: string[];
  /** Three targets of each server. */
  readonly targets: readonly [readonly string[], readonly string[], readonly string[]];
}

/** Three servers with three pages each, of which all have the tag `all`. */
async function start(t: ExecutionContext): Promise<Outage> {
  const [a, b, c] = await startServers(t, 3);
  if (a === undefined || b === undefined || c === undefined) throw new Error('Three servers are needed.');
  const servers = [a, b, c] as const;
  const warnings: string[] = [];
  const pages = await openStore(t, servers, DEADLINE, { onWarning: ({ message }) => warnings.push(message) });
  const [one, two, three] = servers.map((server) => targetsOn(servers, server, 3));
  const targets = [one ?? [], two ?? [], three ?? []] as const;
  for (const target of targets.flat()) t.true(await store(pages, target, html('old', ['all'])));
  return { servers, pages, warnings, targets };
}

async function goneLater(pages: MemcachedStore, targets: readonly string[]): Promise<void> {
  for (const target of targets)
    await until(async () => (await textOf(pages, target).catch(() => 'unknown')) === undefined);
}

/** A server takes no pages before it is sure that it is empty, and a removal that comes late removes newer ones as well. */
async function staysLater(pages: MemcachedStore, target: string): Promise<void> {
  await until(async () => {
    const isThere = (await textOf(pages, target)) === '<h1>new</h1>\n';
    if (!isThere) await store(pages, target, html('new')).catch(() => false);
    return isThere && (await targetsIn(pages)).includes(target);
  });
}

test('a server that is killed, or hangs, fails its own pages alone, and is asked by nobody until it answers', async (t) => {
  const { servers, pages, targets, warnings } = await start(t);
  const [, killed, hung] = servers;
  await killed.kill();
  hung.pause();
  t.teardown(() => hung.resume());
  const [up, lost, stuck] = targets.map(([target = '']) => target);
  for (const [target = '', { server }, fault] of [
    [lost, killed, /closed the connection|cannot be reached/],
    [stuck, hung, /did not answer within 2000 ms/],
  ] as const) {
    const first = await t.throwsAsync(
      pages.read(keyOf(target)).then(() => pages.read(keyOf(target))),
      {
        code: 'STORE_UNREACHABLE',
      },
    );
    t.regex(first?.message ?? '', fault);
    t.true(first?.message.includes(`"${server}"`), first?.message);
    // At once: such a message is that of a command that was not sent.
    const still = { code: 'STORE_UNREACHABLE', message: /counts as down/ };
    await t.throwsAsync(pages.read(keyOf(target)), still);
    for (const fence of [false, true]) await t.throwsAsync(pages.begin(keyOf(target), { fence }), still);
  }
  t.is(warnings.length, 2, warnings.join('\n'));
  t.is(await textOf(pages, up ?? ''), '<h1>old</h1>\n');
  t.true(await store(pages, up ?? '', html('new')));
  await t.throwsAsync(targetsIn(pages), { code: 'STORE_UNREACHABLE' });
  await t.throwsAsync(pages.counts(), { code: 'STORE_UNREACHABLE' });
});

for (const isKnown of [false, true])
  test(`sweep() sweeps the servers that answer, ${isKnown ? 'and asks no others' : 'also when another hangs in the middle'}`, async (t) => {
    const { servers, pages, targets } = await start(t);
    if (isKnown) await servers[0].kill();
    servers[1].pause();
    t.teardown(() => servers[1].resume());
    const seen: string[] = [];
    const swept = await pages.sweep(
      ({ target }) => {
        seen.push(target);
        return 'unlisted';
      },
      async () => false,
    );
    t.true(swept);
    t.deepEqual(seen.toSorted(), [...(isKnown ? [] : targets[0]), ...targets[2]].toSorted());
    for (const target of targets[2]) t.is(await textOf(pages, target), undefined);
  });

type Remove = (pages: MemcachedStore, targets: Outage['targets']) => Promise<unknown>;

const REMOVALS: Readonly<Record<string, readonly [Remove, urls: boolean, RegExp]>> = {
  'delete()': [
    (pages, targets) => pages.delete(targets.flat().map((target) => keyOf(target))),
    true,
    /example/,
  ],
  'deleteBelow()': [
    (pages) => pages.deleteBelow(keyOf('/')),
    false,
    /"https:\/\/www.example.com\/" and what is/,
  ],
  'invalidate()': [(pages) => pages.invalidate(['all']), false, /pages with the tag "all"/],
  'clear()': [(pages) => pages.clear(), false, /its pages/],
};

for (const [name, [remove, tellsUrls, what]] of Object.entries(REMOVALS)) {
  test(`${name} removes what it can, names servers and pages that it cannot reach, and goes on`, async (t) => {
    const { servers, pages, targets } = await start(t);
    const [, killed, hung] = servers;
    await killed.kill();
    hung.pause();
    t.teardown(() => hung.resume());
    const error = await t.throwsAsync<Error & { readonly code: string; readonly urls?: readonly string[] }>(
      remove(pages, targets),
      { code: 'STORE_UNREACHABLE' },
    );
    for (const { server } of [killed, hung]) t.true(error?.message.includes(`"${server}"`), error?.message);
    t.false(error?.message.includes(`"${servers[0].server}"`));
    t.regex(error?.message ?? '', what);
    const left = [...targets[1], ...targets[2]].map((target) => SITE + target);
    t.deepEqual(error?.urls?.toSorted(), tellsUrls ? left.toSorted() : undefined);
    for (const target of targets[0]) t.is(await textOf(pages, target), undefined);
    hung.resume();
    await goneLater(pages, targets[2]);
    await killed.restart();
    await goneLater(pages, targets[1]);
    await staysLater(pages, targets[1][0] ?? '');
  });
}

test('list() tells the pages of the servers that answer, and then rejects', async (t) => {
  const { servers, pages, targets } = await start(t);
  await servers[0].kill();
  const listed: string[] = [];
  const list = async (): Promise<void> => {
    for await (const { target } of pages.list()) listed.push(target);
  };
  await t.throwsAsync(list, { code: 'STORE_UNREACHABLE' });
  t.deepEqual(listed.toSorted(), [...targets[1], ...targets[2]].toSorted());
});

test('a page that lands behind a removal which still goes on stays', async (t) => {
  const { servers, pages, targets } = await start(t);
  const [, , hung] = servers;
  const [first = '', second = ''] = targets[2];
  hung.pause();
  t.teardown(() => hung.resume());
  await t.throwsAsync(pages.delete([keyOf(first)]), { code: 'STORE_UNREACHABLE' });
  await t.throwsAsync(pages.delete([keyOf(second)]), { code: 'STORE_UNREACHABLE' });
  hung.resume();
  await goneLater(pages, [first, second]);
  await staysLater(pages, first);
  t.is(await textOf(pages, second), undefined);
  t.is(await textOf(pages, targets[2][2] ?? ''), '<h1>old</h1>\n');
});

test('a server that restarts is empty, and takes pages again', async (t) => {
  const { servers, pages, targets } = await start(t);
  const [, restarted] = servers;
  const [target = ''] = targets[1];
  const overtaken = await pages.begin(keyOf(target), { fence: false });
  await restarted.restart();
  t.false(await overtaken?.land(html('begun before')).catch(() => false));
  await until(async () => store(pages, target, html('new')).catch(() => false));
  t.is(await textOf(pages, target), '<h1>new</h1>\n');
  t.deepEqual(
    (await pages.invalidate(['all'])).map((page) => page.target).toSorted(),
    [...targets[0], ...targets[2]].toSorted(),
  );
  t.is(await textOf(pages, target), '<h1>new</h1>\n');
});

test('open() passes over a server that is down, with one warning, and takes it when it is up', async (t) => {
  const servers = await startServers(t, 2);
  const [, down] = servers;
  await down?.kill();
  const warnings: string[] = [];
  const pages = await openStore(t, servers, DEADLINE, { onWarning: ({ message }) => warnings.push(message) });
  t.is(warnings.length, 1);
  t.true(warnings[0]?.includes(`"${down?.server}" cannot be reached (ECONNREFUSED)`), warnings[0]);
  await down?.restart();
  const [target = ''] = down === undefined ? [] : targetsOn(servers, down, 1);
  await until(async () => store(pages, target, html('new')).catch(() => false));
  t.is(await textOf(pages, target), '<h1>new</h1>\n');
});
