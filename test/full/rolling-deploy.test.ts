import test from 'ava';
import { bodiesOf, mayBeStored } from '../servers/rolling/ledger.ts';
import { oneByOne, releaseEverywhereFirst } from '../servers/rolling/procedures.ts';
import { ALL_ASSETS, assetsOf, isRight, rightBodies, run } from '../servers/rolling/run.ts';

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
