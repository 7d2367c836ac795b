import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import type { BrowserContext, Page } from 'playwright-core';
import { reachOf } from '../../src/assets/asset-index.ts';
import { urlUnder } from '../../src/assets/asset-urls.ts';
import { openCollection } from '../helpers/open-collection.ts';
import { openWindow } from '../helpers/chromium.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { ask, crawl, inspectStored, visit } from './rolling/clients.ts';
import { startFleet, type Choice, type Fleet } from './rolling/fleet.ts';
import { PREFIX, type Layout } from './rolling/host.ts';
import { bodiesOf, digestOf, Ledger, mayBeStored, type Received } from './rolling/ledger.ts';
import { HOSTS, oneByOne, releaseEverywhereFirst, type Procedure } from './rolling/procedures.ts';
import { DEPLOYS, SAME_URL, writeSources } from './rolling/sources.ts';

/** What was received in a run: all of it, and what came once a deploy was through. */
interface Run {
  readonly all: Ledger;
  readonly afterwards: Ledger;
}

/** A deploy and a rollback: load while a step is taken, and after each everything is asked for in every way. */
async function run(t: ExecutionContext, layout: Layout, procedure: Procedure): Promise<Run> {
  // Some 80 visits of a browser beside the load: a busy machine takes minutes, and no result comes before the end.
  t.timeout(600_000);
  const fleet = await startFleet(t, layout);
  const [all, afterwards] = [new Ledger(), new Ledger()];
  const visitors = [
    { by: 'Chromium through the cache', origin: fleet.cache, context: await openWindow(t) },
    { by: 'Chromium through the balancer', origin: fleet.balancer, context: await openWindow(t) },
  ];
  await examine(all, [], fleet, visitors, HOSTS);
  for (const deploy of ['second', 'first'] as const) {
    for (const { title, apps, take } of procedure(deploy)) {
      all.step = title;
      await underLoad(all, fleet, () => take(fleet));
      await examine(all, [], fleet, visitors, apps);
    }
    afterwards.step = `the ${deploy} deploy is through`;
    await examine(afterwards, all.urls, fleet, visitors, HOSTS);
  }
  return { all, afterwards };
}

/** Lets clients ask for pages and their assets, without a pause, while something is done. */
async function underLoad(ledger: Ledger, fleet: Fleet, action: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const load = [fleet.cache, fleet.balancer].map(async (origin) => {
    do await crawl(ledger, 'load', origin, '/');
    while (!stop.signal.aborted);
  });
  try {
    await action();
  } finally {
    stop.abort();
    await Promise.all(load);
  }
}

/** Asks for everything in every way: pages of each app with their assets from the other host, then all URLs ever seen. */
async function examine(
  ledger: Ledger,
  seen: readonly string[],
  fleet: Fleet,
  visitors: readonly { by: string; origin: string; context: BrowserContext }[],
  apps: readonly Choice[],
): Promise<void> {
  const tabs: Page[] = [];
  for (const app of apps) {
    const other = app === 'a' ? 'b' : 'a';
    for (const { by, origin, context } of visitors) {
      tabs.push(await visit(ledger, by, context, origin, `/${app}`, other));
    }
    await crawl(ledger, 'a client through the cache', fleet.cache, `/${app}`, other);
    await crawl(ledger, 'a client through the balancer', fleet.balancer, `/${app}`, other);
  }
  const urls = [...new Set([...seen, ...ledger.urls])];
  for (const url of urls) {
    await ask(ledger, 'a client through the cache', fleet.cache, url);
    await ask(ledger, 'a client through the balancer', fleet.balancer, url);
    await ask(ledger, 'a client of host a', fleet.a.url, url);
    await ask(ledger, 'a client of host b', fleet.b.url, url);
  }
  for (const [index, { by }] of visitors.entries()) {
    const tab = tabs[index];
    if (tab) await inspectStored(ledger, by, tab, urls);
  }
  for (const tab of tabs) await tab.close();
}

/** The digest of the right body of every URL that a browser can reach in either deploy. */
async function rightBodies(t: ExecutionContext): Promise<Map<string, string>> {
  const right = new Map<string, string>();
  for (const deploy of ['first', 'second'] as const) {
    const root = join(await temporaryFolder(t), deploy);
    await writeSources(root, deploy);
    const { index } = await openCollection({ prefix: PREFIX, roots: root, strict: true });
    for (const fingerprint of index.members.keys()) {
      for (const name of reachOf(index, fingerprint)) {
        right.set(urlUnder(PREFIX, fingerprint, name), digestOf(await readFile(join(root, name))));
      }
    }
  }
  return right;
}

/** The names in URLs, once for each fingerprint. */
const assetsOf = (urls: readonly string[]): string[] =>
  [...new Set(urls)].map((url) => url.slice(`${PREFIX}0123456789abcdef/`.length)).toSorted();

/** What either deploy's page leads to: an asset that is the same in both, with all it refers to, has one URL. */
const ALL_ASSETS = [
  ...Object.keys(DEPLOYS.first),
  ...Object.keys(DEPLOYS.second).filter((asset) => !SAME_URL.includes(asset)),
].toSorted();

const isRight = (right: ReadonlyMap<string, string>, { url, status, digest }: Received): boolean =>
  status === 200 && right.get(url) === digest;

test.serial(
  'a rolling deploy and a rollback with releases written on every host before any app restarts: each URL has one body, and no asset fails',
  async (t) => {
    const right = await rightBodies(t);
    const { all, afterwards } = await run(t, 'releases', releaseEverywhereFirst);
    const entries = [...all.entries, ...afterwards.entries];
    t.deepEqual(
      entries.filter(({ status }) => status !== 200),
      [],
    );
    for (const [url, digests] of bodiesOf(all.entries)) t.is(digests.size, 1, url);
    t.deepEqual(
      entries.filter((entry) => !isRight(right, entry)),
      [],
    );
    t.deepEqual(assetsOf(afterwards.urls), ALL_ASSETS);
  },
);

test.serial(
  'a rolling deploy and a rollback one host after the other: nothing that is wrong is stored by cache or browser',
  async (t) => {
    const right = await rightBodies(t);
    const { all, afterwards } = await run(t, 'releases', oneByOne);
    const wrong = all.entries.filter((entry) => !isRight(right, entry));
    t.deepEqual(
      wrong.filter((entry) => entry.stored || mayBeStored(entry)),
      [],
    );
    t.true(
      wrong.some(({ status }) => status === 200) && wrong.some(({ status }) => status === 404),
      'the case has come up',
    );
    const known = afterwards.entries.filter(({ url }) => right.has(url));
    t.deepEqual(
      known.filter((entry) => !isRight(right, entry)),
      [],
    );
    t.deepEqual(assetsOf(known.map(({ url }) => url)), ALL_ASSETS);
  },
);

test.serial(
  'a rolling deploy with the classic layout: one URL has two bodies, and cache and browser keep the wrong one',
  async (t) => {
    const { all, afterwards } = await run(t, 'classic', releaseEverywhereFirst);
    const kept = all.entries.filter(({ cacheControl }) => cacheControl.includes('max-age=31536000'));
    const changed = [...bodiesOf(kept)].filter(([, digests]) => digests.size > 1).map(([url]) => url);
    t.true(
      changed.some((url) => url.endsWith('/css/type.css')),
      changed.join(', '),
    );
    for (const by of [
      'a client through the cache',
      'Chromium through the cache',
      'Chromium through the balancer',
    ]) {
      const stored = afterwards.entries.filter((entry) => entry.by === by && entry.stored);
      const others = afterwards.entries.filter((entry) => entry.by === 'a client of host a');
      const differ = stored.filter(({ url, digest }) =>
        others.some((each) => each.url === url && each.digest !== digest),
      );
      t.true(differ.length > 0, by);
    }
  },
);
