import test from 'ava';
import { bodiesOf } from './rolling/ledger.ts';
import { releaseEverywhereFirst } from './rolling/procedures.ts';
import { ALL_ASSETS, assetsOf, isRight, rightBodies, run } from './rolling/run.ts';

test('a rolling deploy and a rollback with releases written on every host before any app restarts: each URL has one body, and no asset fails', async (t) => {
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
});
