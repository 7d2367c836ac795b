import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import type { BrowserContext, Page } from 'playwright-core';
import { reachOf } from '../../../src/assets/asset-index.ts';
import { urlUnder } from '../../../src/assets/asset-urls.ts';
import { openCollection } from '../../helpers/open-collection.ts';
import { openWindow } from '../../helpers/chromium.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { ask, crawl, inspectStored, visit } from './clients.ts';
import { startFleet, type Choice, type Fleet } from './fleet.ts';
import { PREFIX, type Layout } from './host.ts';
import { digestOf, Ledger, type Received } from './ledger.ts';
import { HOSTS, type Procedure } from './procedures.ts';
import { DEPLOYS, SAME_URL, writeSources } from './sources.ts';

/** What was received in a run: all of it, and what came once a deploy was through. */
interface Run {
  readonly all: Ledger;
  readonly afterwards: Ledger;
}

/** A deploy and a rollback: load while a step is taken, and after each everything is asked for in every way. */
export async function run(t: ExecutionContext, layout: Layout, procedure: Procedure): Promise<Run> {
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
    // Whatever the load came across, this one reads what the app's deploy names, so that all hosts are asked for it.
    await crawl(ledger, `a client of host ${app}`, fleet[app].url, '/');
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
export async function rightBodies(t: ExecutionContext): Promise<Map<string, string>> {
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
export const assetsOf = (urls: readonly string[]): string[] =>
  [...new Set(urls)].map((url) => url.slice(`${PREFIX}0123456789abcdef/`.length)).toSorted();

/** What either deploy's page leads to: an asset that is the same in both, with all it refers to, has one URL. */
export const ALL_ASSETS = [
  ...Object.keys(DEPLOYS.first),
  ...Object.keys(DEPLOYS.second).filter((asset) => !SAME_URL.includes(asset)),
].toSorted();

export const isRight = (right: ReadonlyMap<string, string>, { url, status, digest }: Received): boolean =>
  status === 200 && right.get(url) === digest;
