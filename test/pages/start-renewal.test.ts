import test, { type ExecutionContext } from 'ava';
import { KnownAssets } from '../../src/pages/known-assets.ts';
import type { PublishRun } from '../../src/pages/publishing.ts';
import { Renewal } from '../../src/pages/renewal.ts';
import { resolvePages } from '../../src/pages/resolve-pages.ts';
import { StartRenewal } from '../../src/pages/start-renewal.ts';
import type { PageKey, PageStore } from '../../src/pages/store.ts';
import { PagesUnreachableError } from '../../src/pages/unreachable.ts';
import { until } from '../helpers/descriptors.ts';
import { Memory, memoryStore, unreachable } from './memory-store.ts';
import { html, SITE, store as storePage } from './stored-pages.ts';

interface Started {
  readonly memory: Memory;
  readonly runs: string[][];
  readonly errors: unknown[];
  readonly start: (more?: Partial<PageStore>) => StartRenewal;
  /** What publishing does, once all pages are noted. */
  readonly state: { fails?: () => Error };
}

async function prepare(t: ExecutionContext): Promise<Started> {
  const memory = new Memory();
  const runs: string[][] = [];
  const errors: unknown[] = [];
  const state: Started['state'] = {};
  const assets = new KnownAssets({ version: 'present', on: () => {}, off: () => {} }, () => {});
  for (const target of ['/a', '/b']) await storePage(memoryStore(memory), target, html(target));
  const publish = async (keys: readonly PageKey[], _how: PublishRun) => {
    runs.push(keys.map(({ target }) => target));
    if (state.fails !== undefined) throw state.fails();
    return {
      results: keys.map(({ site, target }) => ({ url: site + target, result: 'published' as const })),
    };
  };
  const start: Started['start'] = (more) => {
    const store = memoryStore(memory, more);
    const { rules } = resolvePages({ sites: [SITE], urls: [/^\//], store });
    const renewal = new Renewal({ store, rules, assets, publish });
    const started = new StartRenewal({
      ready: Promise.resolve(),
      store,
      renewal,
      renders: 1,
      pauseMilliseconds: 1,
      onError: (error) => errors.push(error),
    });
    t.teardown(() => started.close());
    return started;
  };
  return { memory, runs, errors, start, state };
}

test('what another process is renewing is looked at again until that one is done', async (t) => {
  const { memory, runs, start } = await prepare(t);
  memory.isSwept = true;
  let tries = 0;
  const other = memoryStore(memory);
  start({
    sweep: async (...all) => {
      tries += 1;
      return other.sweep(...all);
    },
  });
  await until(() => tries >= 3);
  t.deepEqual(runs, []);
  memory.isSwept = false;
  await until(() => runs.length === 1);
  t.deepEqual(runs[0]?.toSorted(), ['/a', '/b']);
});

test('what a server has that does not answer is looked at again, and told once', async (t) => {
  const { runs, errors, start, state, memory } = await prepare(t);
  state.fails = () => new PagesUnreachableError([`${SITE}/a`], [], unreachable(`${SITE}/a`));
  start();
  await until(() => runs.length >= 3);
  t.is(errors.length, 1);
  t.is(memory.pages.size, 2, 'what was not renewed is not removed');
});

test('what fails in another way is told, and not tried again; nothing is removed', async (t) => {
  const { runs, errors, start, state, memory } = await prepare(t);
  state.fails = () => new Error('no database');
  const started = start();
  await until(() => errors.length === 1);
  await started.close();
  t.is(runs.length, 1);
  t.is(memory.pages.size, 2);
});

test('a store of several servers that are swept one after the other has the pages of each renewed', async (t) => {
  const { memory, runs, start } = await prepare(t);
  start({
    sweep: async (judge, renew) => {
      for (const { key, page, storedAt } of memory.pages.values()) {
        const url = key.site + key.target;
        const found = { ...page, ...key, url, size: page.body.length, storedAt };
        if (judge(found) === 'outdated') t.true(await renew(found));
      }
      return true;
    },
  });
  await until(() => runs.length === 2);
  t.deepEqual(runs, [['/a'], ['/b']]);
});
