import { join } from 'node:path';
import test from 'ava';
import { KnownViews } from '../../../src/pages/preload/known-views.ts';
import { ViewFiles } from '../../../src/pages/preload/view-files.ts';
import { ViewFinder } from '../../../src/pages/preload/view-finder.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openStore } from '../file-store/opened-store.ts';
import { html, keyOf, store } from '../stored-pages.ts';

test('a changed view outdates pages both before and after its new name is noted, so that no crash in between leaves any', async (t) => {
  const pages = await openStore(t);
  const files = new ViewFiles({ folder: join(await temporaryFolder(t), 'preloaded'), keepDays: 30 }, 'app');
  const key = keyOf('/view/');
  const url = key.site + key.target;
  const invalidated: unknown[] = [];
  const finder = new ViewFinder({
    store: pages,
    files,
    known: new KnownViews(),
    opened: async () => {},
    isOutdated: () => false,
    render: async () => {
      throw new Error('not asked for');
    },
    renew: async () => {},
    async invalidate(tags) {
      invalidated.push([...tags, files.given(url)]);
    },
  });
  await store(pages, key, html('one'));
  const first = await finder.find(key, true);
  t.deepEqual(invalidated, []);
  await store(pages, key, html('two'));
  const second = await finder.find(key, true);
  if (first.kind !== 'file' || second.kind !== 'file') return t.fail();
  t.not(first.name, second.name);
  const tag = `preload:${url}`;
  t.deepEqual(invalidated, [
    [tag, first.name],
    [tag, second.name],
  ]);
  t.false(await finder.isCurrent(key, first.name));
  t.true(await finder.isCurrent(key, second.name));
  await store(pages, key, html('two'));
  await finder.agree(key);
  t.is(invalidated.length, 2, 'the same content outdates nothing');
});

test('a view that is due again as soon as it is renewed is renewed once, and given', async (t) => {
  const pages = await openStore(t);
  const key = keyOf('/view/');
  let renewals = 0;
  const finder = new ViewFinder({
    store: pages,
    files: new ViewFiles({ folder: join(await temporaryFolder(t), 'preloaded'), keepDays: 30 }, 'app'),
    known: new KnownViews(),
    opened: async () => {},
    isOutdated: () => true,
    render: async () => {
      throw new Error('not asked for');
    },
    async renew() {
      renewals += 1;
      await store(pages, key, html(`renewed ${renewals}`));
    },
    invalidate: async () => {},
  });
  await store(pages, key, html('old'));
  const { kind } = await finder.find(key, false);
  t.deepEqual([kind, renewals], ['file', 1]);
});
