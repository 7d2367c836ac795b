import test from 'ava';
import { killedBucket } from '../site/publishing/killed/killed-bucket.ts';
import { killedFolder } from '../site/publishing/killed/killed-folder.ts';
import { killEverywhere } from '../site/publishing/killed/kills.ts';

test.serial('a publish to a bucket may be killed at every step', async (t) => {
  t.timeout(20 * 60 * 1000);
  await killEverywhere(t, await killedBucket(t), () => true);
});

test.serial('a publish to a folder may be killed at every step', async (t) => {
  t.timeout(20 * 60 * 1000);
  await killEverywhere(t, await killedFolder(t), () => true);
});
