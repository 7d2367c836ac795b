import test from 'ava';
import { gcsTarget } from '../../src/site/targets/gcs/gcs-target.ts';
import { startGcsEmulator } from '../helpers/gcs-emulator.ts';
import { contract, text } from '../site/targets/contract.ts';
import { publishesOnlyWhatChanged } from './published-bucket.ts';

const ends: (() => unknown)[] = [];
let buckets = 0;
const bucketOf = new WeakMap<object, string>();

test.before(async (t) => {
  process.env['STORAGE_EMULATOR_HOST'] = await startGcsEmulator({
    teardown: (end) => void ends.push(end),
    timeout: (milliseconds) => t.timeout(milliseconds),
  });
});

test.after.always(async () => {
  for (const end of ends) await end();
});

/** A bucket of its own for each test: it appears on use. */
function bucketFor(t: object): string {
  const known = bucketOf.get(t);
  if (known !== undefined) return known;
  buckets += 1;
  bucketOf.set(t, `site-${buckets}`);
  return `site-${buckets}`;
}

contract(
  test,
  "gcsTarget() with Google's emulator",
  (t, prefix = '') => gcsTarget({ bucket: bucketFor(t), prefix }),
  // It enforces none of these; the strict server does.
  { conditions: false, md5: false, parts: false },
);

test('gcsTarget() sees that other bytes arrived, where the server does not', async (t) => {
  const target = gcsTarget({ bucket: bucketFor(t) });
  const wrong = { ...text('other'), md5: text('hello').md5 };
  await t.throwsAsync(target.write('a', wrong, {}), { message: /is not what was sent/ });
});

test("publish() to Google's emulator uploads what has changed, and repairs what others did", async (t) => {
  const target = gcsTarget({ bucket: bucketFor(t), prefix: 'docs' });
  await publishesOnlyWhatChanged(t, target, { lock: false });
});
