import test, { type ExecutionContext } from 'ava';
import { PublishError, type Target } from '../../../src/site/index.ts';
import type { PublishOptions } from '../../../src/site/options.ts';
import { JOURNAL_KEY, LOCK_KEY, MANIFEST_KEY } from '../../../src/site/publishing/control-objects.ts';
import { startStrictS3, type S3FaultRule, type StrictS3 } from '../../helpers/strict-s3/strict-s3.ts';
import { changesOf, publishedSite } from './published.ts';

const GONE = 'gone/index.html';

test('publish() says what is wrong with credentials, region, bucket and clock, and changes nothing', async (t) => {
  const site = await changedSite(t);
  const { server } = site;
  const wrong: readonly [target: Target, reason: RegExp][] = [
    [
      server.target({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } }),
      /does not know the access key/,
    ],
    [
      server.target({ credentials: { accessKeyId: 'AKIASTRICT', secretAccessKey: 'x' } }),
      /The secret .* is not that of its access key/,
    ],
    [server.target({ region: 'us-west-2' }), /is in the region "eu-central-1"\. Give s3Target\(\) region/],
    [server.target({ bucket: 'vanished' }), /There is no bucket "vanished".*create it/],
    [server.target({ endpoint: 'http://127.0.0.1:1', attempts: 1 }), /nothing listens at "127\.0\.0\.1:1"/],
  ];
  for (const [target, message] of wrong)
    await t.throwsAsync(site.publish({}, target), { code: 'TARGET_FAILED', message });
  server.now = () => Date.now() + 16 * 60 * 1000;
  await t.throwsAsync(site.publish(), {
    code: 'TARGET_FAILED',
    message: /clock is wrong.*off by 16 minutes.*Set the clock/,
  });
  server.now = Date.now;
  t.deepEqual(server.bucket().objects, site.before);
  await site.publishesWhole();
});

test('publish() outlasts a storm of 503s, and says so of one that does not end', async (t) => {
  const site = await changedSite(t);
  let storm = 0;
  site.server.faults.push(({ kind }) =>
    kind === 'write' && (storm += 1) % 3 === 0 ? { status: 503, code: 'SlowDown' } : undefined,
  );
  await site.publishesWhole('outlasted');

  const other = await changedSite(t);
  other.server.faults.push(faultOf('write', /html$/, { status: 503, code: 'SlowDown' }));
  const error = await other.failsIn('upload', /too busy.*503 SlowDown.*--parallel/);
  t.true(error.failures.length >= 2);
  t.is(error.failures.filter(({ key }) => key === 'index.html').length, 0, 'entry pages come behind');
  await other.publishesWhole();
});

test('publish() sends again what was cut, and recognises what arrived before its answer was lost', async (t) => {
  for (const fault of [{ cutAfterBytes: 1 }, 'lose the answer'] as const) {
    const site = await changedSite(t);
    const seen = new Set<string>();
    site.server.faults.push(({ kind, key }) => {
      const isFirst = kind === 'write' && !seen.has(key);
      seen.add(key);
      return isFirst ? fault : undefined;
    });
    await site.publishesWhole('outlasted');
  }
});

test('publish() stops where a connection is always cut', async (t) => {
  const site = await changedSite(t);
  site.server.faults.push(faultOf('write', /^a\//, { cutAfterBytes: 1 }));
  await site.failsIn('upload', /the connection to .* broke/);
  await site.publishesWhole();
});

test('publish() never takes a listing that breaks off for the whole', async (t) => {
  for (const fault of [
    { status: 503 },
    'garbage',
    { status: 403, code: 'AccessDenied' },
    'lose the answer',
  ] as const) {
    const site = await changedSite(t, 2);
    let pages = 0;
    site.server.faults.push(({ kind }) => (kind === 'list' && (pages += 1) >= 2 ? fault : undefined));
    await t.throwsAsync(site.publish(), { code: 'TARGET_FAILED' });
    t.deepEqual(site.server.bucket().objects, site.before);
    await site.publishesWhole();
  }
});

test('publish() fails where the bucket keeps other bytes than were sent', async (t) => {
  const site = await changedSite(t);
  site.server.faults.push(faultOf('write', /^a\//, 'wrong bytes'));
  await site.failsIn('upload', /is not what was sent \(BadDigest\)/);
  await site.publishesWhole();
});

test('publish() does not believe that visitors get the site when they do not', async (t) => {
  const isPrivate = await changedSite(t);
  const publicUrl = isPrivate.server.publicUrl();
  isPrivate.server.privateBuckets.add('site');
  await isPrivate.failsIn('verify URLs', /403: visitors may not read it.*Make the bucket public/, publicUrl);
  isPrivate.server.privateBuckets.delete('site');
  // Nothing has changed since, but what was not verified is asked for again.
  const report = await isPrivate.publish({}, isPrivate.server.target({ publicUrl }));
  t.true(report.verified >= 3);
  t.false(isPrivate.server.bucket().objects.has(GONE));

  const old = await changedSite(t);
  old.server.faults.push(faultOf('public', /^a\//, { status: 200, code: 'Old' }));
  await old.failsIn(
    'verify URLs',
    /another body|another Content-Type|Content-Type is/,
    old.server.publicUrl(),
  );
  await old.publishesWhole();
});

test('publish() refuses garbage for a manifest and for a journal, and waits for a lock that is garbage', async (t) => {
  for (const key of [MANIFEST_KEY, JOURNAL_KEY]) {
    const site = await changedSite(t);
    const { objects } = site.server.bucket();
    site.server.bucket().put(key, Buffer.from('<html>garbage'), {}, Date.now());
    const before = new Map(objects);
    await t.throwsAsync(site.publish(), { code: 'PUBLISH_REFUSED', message: /is damaged.*--ignore-remote/ });
    t.deepEqual(objects, before);
  }
  const site = await changedSite(t);
  site.server.bucket().put(LOCK_KEY, Buffer.from('{"seconds":1}'), {}, Date.now());
  await site.publishesWhole();
});

test('publish() needs "lock: false" where the service does not heed conditions', async (t) => {
  const server = await startStrictS3(t, { conditions: false });
  const { publish } = await publishedSite(t, { '/': 'home' }, server.target());
  await t.throwsAsync(publish(), { code: 'PUBLISH_REFUSED', message: /no conditional writes.*--no-lock/ });
  t.is(server.bucket().objects.size, 0);
  await publish({ lock: false });
  t.true(server.bucket().objects.has('index.html'));
});

test('publish() of more objects than a page of the listing has uploads nothing twice', async (t) => {
  const server = await startStrictS3(t, { pageObjects: 10 });
  const pages = Object.fromEntries(Array.from({ length: 35 }, (_, index) => [`/${index} +%ü`, 'x']));
  const { publish } = await publishedSite(t, { '/': 'home', ...pages }, server.target());
  t.is((await publish()).files.uploaded, 36);
  t.deepEqual((await publish()).changes, []);
});

test('publish() ends an upload in parts that a killed one began, and leaves none behind', async (t) => {
  const server = await startStrictS3(t);
  const large = 'x'.repeat(17 * 1024 * 1024);
  const { publish } = await publishedSite(
    t,
    { '/': 'home', '/large': large },
    server.target({ attempts: 2 }),
  );
  const bucket = server.bucket();
  bucket.startUpload('large/index.html', {});
  bucket.startUpload('large/index.html.other', {});
  let parts = 0;
  server.faults.push(({ kind }) =>
    kind === 'upload part' && (parts += 1) <= 1 ? { cutAfterBytes: 100_000 } : undefined,
  );
  await publish();
  t.is(
    bucket.objects.get('large/index.html')?.bytes.length,
    large.length + '<!doctype html><title>x</title>'.length,
  );
  t.deepEqual(
    [...bucket.uploads.values()].map(({ key }) => key),
    ['large/index.html.other'],
  );
  t.deepEqual((await publish()).changes, []);

  server.faults.push(faultOf('upload part', /./, { status: 403, code: 'AccessDenied' }));
  await t.throwsAsync(publish({ ignoreRemote: true }), { code: 'PUBLISH_FAILED', message: /AccessDenied/ });
  t.is(bucket.uploads.size, 1);
});

/** A site in a bucket, of which the next publish changes three pages and deletes one. */
interface ChangedSite {
  readonly server: StrictS3;
  /** What is in the bucket before the next publish. */
  readonly before: ReadonlyMap<string, unknown>;
  readonly publish: (
    options?: PublishOptions,
    target?: Target,
  ) => ReturnType<Awaited<ReturnType<typeof publishedSite>>['publish']>;
  /** The next publish fails: what it was to delete is still there, and what it was to write last is as it was. */
  readonly failsIn: (step: PublishError['step'], reason: RegExp, publicUrl?: string) => Promise<PublishError>;
  /** The next publish makes it whole, once the faults are mended or in spite of them, and the one behind it finds nothing to do. */
  readonly publishesWhole: (faults?: 'mended' | 'outlasted') => Promise<void>;
}

async function changedSite(t: ExecutionContext, pageObjects = 1000): Promise<ChangedSite> {
  const server = await startStrictS3(t, { pageObjects });
  const target = server.target({ attempts: 3 });
  const { site, pages } = await publishedSite(
    t,
    { '/': 'home', '/a': 'a', '/b': 'b', '/gone': 'gone' },
    target,
  );
  await site.publish(target);
  for (const path of ['/', '/a', '/b']) pages.set(path, 'other');
  pages.delete('/gone');
  const { objects } = server.bucket();
  const publish: ChangedSite['publish'] = async (options = {}, other = target) =>
    site.publish(other, { verifySeconds: 0, ...options });
  return {
    server,
    before: new Map(objects),
    publish,
    failsIn: async (step, reason, publicUrl) => {
      const asked = publicUrl === undefined ? target : server.target({ publicUrl });
      const error = await t.throwsAsync(publish({}, asked), { instanceOf: PublishError });
      t.is(error.step, step);
      for (const failure of error.failures) t.regex(failure.reason, reason);
      t.true(objects.has(GONE));
      t.false(objects.has(LOCK_KEY));
      return error;
    },
    publishesWhole: async (faults = 'mended') => {
      t.true(objects.has(GONE));
      if (faults === 'mended') server.faults.length = 0;
      await publish();
      t.deepEqual([...objects.keys()].toSorted(), [
        MANIFEST_KEY,
        'a/index.html',
        'b/index.html',
        'index.html',
      ]);
      for (const key of ['a/index.html', 'index.html'])
        t.is(objects.get(key)?.bytes.toString(), '<!doctype html><title>x</title>other');
      t.deepEqual(changesOf(await publish()), []);
    },
  };
}

function faultOf(kind: string, keys: RegExp, fault: Awaited<ReturnType<S3FaultRule>>): S3FaultRule {
  return (request) => (request.kind === kind && keys.test(request.key) ? fault : undefined);
}
