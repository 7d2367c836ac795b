import test from 'ava';
import { GCS_TARGET_OPTIONS } from '../../../../src/site/targets/gcs/options.ts';
import { gcsFailure } from '../../../../src/site/targets/gcs/gcs-failure.ts';
import { openBucket } from '../../../../src/site/targets/gcs/bucket-requests.ts';
import { resolveOptions } from '../../../../src/core/options.ts';
import { startStrictGcs, type Fault, type StrictGcs } from '../../../helpers/strict-gcs/strict-gcs.ts';
import { contentOf } from '../../../helpers/target-content.ts';
import { listed, opened, refused } from './opened.ts';

/** Lets a number of requests go wrong. */
function failFirst(server: StrictGcs, count: number, fault: Fault): void {
  let left = count;
  server.faults.push(() => {
    left -= 1;
    return left >= 0 ? fault : undefined;
  });
}

for (const [what, fault] of [
  ['429', { status: 429, reason: 'rateLimitExceeded' }],
  ['503', { status: 503 }],
  ['502 of a proxy', { status: 502, html: true }],
  ['a broken connection', { cutAfterBytes: 0 }],
  ['a lost answer', 'lose the answer'],
] as const)
  test(`gcsTarget() tries again after ${what}`, async (t) => {
    const { server, target } = await opened(t);
    failFirst(server, 2, fault);
    const { tag } = await target.write('a.txt', contentOf('a'), {});
    t.is(server.requests.length, 3);
    t.is((await target.inspect('a.txt'))?.tag, tag);
    server.requests.length = 0;
    failFirst(server, 1, fault);
    t.is((await listed(target)).size, 1);
    failFirst(server, 1, fault);
    await target.delete('a.txt');
    t.is(server.requests.length, 4);
  });

test('gcsTarget() tries again after a connection cut in the middle of the upload', async (t) => {
  const { server, target } = await opened(t);
  failFirst(server, 1, { cutAfterBytes: 500_000 });
  await target.write('a.txt', contentOf(Buffer.alloc(1_000_000, 'a')), {});
  t.is(server.objects('site').get('a.txt')?.bytes.length, 1_000_000);
});

test('gcsTarget() ends a storm of 503 with an error that says what to do', async (t) => {
  const { server, target } = await opened(t, { attempts: 3 });
  server.faults.push(() => ({ status: 503 }));
  const error = await refused(t, target.write('a.txt', contentOf('a'), {}));
  t.is(error.reason, 'busy');
  t.is(
    error.message,
    'Google is too busy for gs://site/ (503 backendError). Try again in a while, with fewer uploads at a time (--parallel).',
  );
  t.is(server.requests.length, 3);
});

test('gcsTarget() knows its own conditional write again whose answer was lost', async (t) => {
  const { server, target } = await opened(t);
  failFirst(server, 1, 'lose the answer');
  const written = await target.writeIf?.('lock', contentOf('mine'), {}, { absent: true });
  t.is(written?.tag, (await target.inspect('lock'))?.tag);
});

test("gcsTarget() does not take another's lock for its own after a lost answer", async (t) => {
  const { server, target } = await opened(t);
  server.put('site', 'lock', 'of another');
  failFirst(server, 1, 'lose the answer');
  t.is(await target.writeIf?.('lock', contentOf('mine'), {}, { absent: true }), undefined);
});

test('gcsTarget() does not try again what will not get better', async (t) => {
  const { server, target } = await opened(t);
  server.faults.push(() => ({ status: 403, reason: 'forbidden', message: 'no' }));
  await refused(t, target.inspect('a.txt'));
  t.is(server.requests.length, 1);
});

test('gcsTarget() gives up a request that nobody answers', async (t) => {
  const server = await startStrictGcs(t);
  server.faults.push(() => 'hang');
  const options = resolveOptions(
    'gcsTarget()',
    { bucket: 'site', endpoint: server.endpoint },
    GCS_TARGET_OPTIONS,
  );
  const bucket = await openBucket(options, 50);
  for (const asked of [bucket.ask({ path: '/o' }), bucket.read('a.txt')]) {
    const error: unknown = await asked.catch((reason: unknown) => reason);
    const { error: explained, passes } = gcsFailure(error, 'gs://site/', 'site', 'localhost');
    t.is(explained.reason, 'network');
    t.regex(explained.message, /does not answer/);
    t.true(passes);
  }
});
