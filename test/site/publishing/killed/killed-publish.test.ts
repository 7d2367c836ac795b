import test from 'ava';
import { killEverywhere } from './kills.ts';
import { killedBucket } from './killed-bucket.ts';

test('a publish that was killed is taken up by the next, and no page names what is not there', async (t) => {
  t.timeout(5 * 60 * 1000);
  // Every step is in test/full.
  await killEverywhere(t, await killedBucket(t), (moment, moments) => [9, 14, moments - 4].includes(moment));
});
