import test, { type ExecutionContext } from 'ava';
import { PublishError, type PublishReport } from '../../../src/site/index.ts';
import type { PublishOptions } from '../../../src/site/publishing/options.ts';
import { temporaryFolder, writeFiles } from '../../helpers/folder.ts';
import { memoryTarget, type MemoryTarget } from '../../helpers/memory-target.ts';
import { listen } from '../../helpers/listen.ts';
import { startStrictS3, type StrictS3 } from '../../helpers/strict-s3/strict-s3.ts';
import { changesOf, publishedSite } from './published.ts';

// What django-distill documents of publishing, in our spelling, and what is wrong with it.

/** A bucket in memory that everybody may read, and which paths were asked for. */
async function publicBucket(t: ExecutionContext): Promise<{ target: MemoryTarget; asked: string[] }> {
  const asked: string[] = [];
  const { url } = await listen(t, (request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    asked.push(path);
    const object = target.objects.get(path) ?? target.objects.get(`${path}/index.html`.replace(/^\//, ''));
    if (object === undefined) response.writeHead(404).end('<Error/>');
    else response.writeHead(200, { ...object.headers }).end(object.bytes);
  });
  const target = memoryTarget({ publicUrl: url });
  return { target, asked };
}

test('distill-publish: a full synchronisation uploads what is new or changed, and removes what has gone', async (t) => {
  const { publish, target, pages } = await publishedSite(t, { '/': 'home', '/a': 'a', '/b': 'b' });
  target.put('of-others.txt', 'not ours');
  await publish();
  pages.set('/a', 'changed').set('/c', 'new').delete('/b');
  t.deepEqual(changesOf(await publish()), [
    'upload a/index.html: other bytes',
    'upload c/index.html: new',
    'delete b/index.html: not in the site any more',
  ]);
  t.deepEqual([...target.objects.keys()].filter((key) => !key.startsWith('.static-url/')).toSorted(), [
    'a/index.html',
    'c/index.html',
    'index.html',
    'of-others.txt',
  ]);
});

test('distill-publish: each file that was published is asked for by its public URL', async (t) => {
  const { target, asked } = await publicBucket(t);
  const { publish, pages } = await publishedSite(t, { '/': 'home', '/a': 'a' }, target);
  t.is((await publish()).verified, 2);
  t.deepEqual(asked.toSorted(), ['', 'a']);
  pages.set('/a', 'changed');
  asked.length = 0;
  await publish();
  t.deepEqual(asked, ['a']);
});

test('--skip-verify: no public URL is asked for', async (t) => {
  const { target, asked } = await publicBucket(t);
  const { publish } = await publishedSite(t, { '/': 'home' }, target);
  t.is((await publish({ skipVerify: true })).verified, 0);
  t.deepEqual(asked, []);
});

test('--ignore-remote-content: everything is uploaded, whatever the target has', async (t) => {
  const { publish } = await publishedSite(t, { '/': 'home', '/a': 'a' });
  await publish();
  t.is((await publish()).files.uploaded, 0);
  t.is((await publish({ ignoreRemote: true })).files.uploaded, 2);
});

test('--parallel-publish: so many files are uploaded at a time, and no more', async (t) => {
  const { publish, target } = await publishedSite(
    t,
    Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`/page-${index}`, 'text'])),
  );
  let running = 0;
  let most = 0;
  target.before = async (call) => {
    if (!call.startsWith('write page-')) return;
    most = Math.max(most, (running += 1));
    // All that may come meanwhile do.
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    running -= 1;
  };
  await publish({ parallel: 3 });
  t.is(most, 3);
});

test("backend_class: a back end of one's own is an object with the functions of a target", async (t) => {
  const own = memoryTarget({ name: 'own back end' });
  delete own.setHeaders;
  const { publish, site } = await publishedSite(t, { '/': 'home' }, own);
  t.is((await publish()).target, 'own back end');
  t.true((await site.testPublish(own)).passed);
});

test('distill-test-publish: a file of a random name is uploaded, read by its public URL and deleted', async (t) => {
  const { target, asked } = await publicBucket(t);
  const { site } = await publishedSite(t, { '/': 'home' }, target);
  const { passed, steps } = await site.testPublish(target);
  t.true(passed, JSON.stringify(steps));
  t.deepEqual(
    steps.map(({ name, result }) => `${name}: ${result}`),
    [
      'sign in: passed',
      'upload: passed',
      'read it back: passed',
      'conditional writes: passed',
      'read its public URL: passed',
      'delete: passed',
    ],
  );
  t.true(asked.length > 0);
  t.is(target.objects.size, 0);
});

test('DISTILL_PUBLISH: "default" is meant where no target is named, another by its name', async (t) => {
  const targets = { default: memoryTarget(), staging: memoryTarget() };
  const { site } = await publishedSite(t, { '/': 'home' }, targets.default, { targets });
  await site.publish();
  t.true(targets.default.objects.has('index.html'));
  t.is(targets.staging.objects.size, 0);
  await site.publish('staging');
  t.true(targets.staging.objects.has('index.html'));
  await t.throwsAsync(site.publish('production'), {
    instanceOf: TypeError,
    message: /no target "production".*"default", "staging"/,
  });
});

test('an upload that always raises fails the publish, and names the file', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'home' });
  target.before = (call) => {
    if (call === 'write index.html') throw new Error('Access denied.');
  };
  const error = await t.throwsAsync(publish(), { instanceOf: PublishError });
  t.is(error.step, 'upload');
  t.deepEqual(error.failures, [{ key: 'index.html', reason: 'Access denied.' }]);
});

test('a private bucket does not verify, and nothing is deleted', async (t) => {
  const { server, publish, pages, keys } = await bucketOfS3(t);
  await publish();
  server.privateBuckets.add('site');
  pages.set('/', 'changed').delete('/a');
  const error = await t.throwsAsync(publish(), { instanceOf: PublishError });
  t.is(error.step, 'verify URLs');
  t.regex(error.failures[0]?.reason ?? '', /403/);
  t.deepEqual(keys(), ['a/index.html', 'index.html']);
  server.privateBuckets.clear();
  t.is((await publish()).files.deleted, 1);
});

test('past a page of the listing, of 1,000 objects at S3 and of 100 here, all are compared', async (t) => {
  const { server, publish } = await bucketOfS3(t);
  const files = Object.fromEntries(Array.from({ length: 110 }, (_, index) => [`${index}.txt`, 'text']));
  const from = await temporaryFolder(t, files);
  await publish({ from, skipVerify: true });
  server.requests.length = 0;
  t.deepEqual((await publish({ from })).changes, []);
  t.is(server.requests.filter(({ kind }) => kind === 'list').length, 2);
  await writeFiles(from, { '99.txt': 'changed' });
  t.deepEqual(changesOf(await publish({ from })), ['upload 99.txt: other bytes']);
});

test('an object that was uploaded in parts is compared, and not uploaded every time, manifest or not', async (t) => {
  const { server, publish } = await bucketOfS3(t);
  const from = await temporaryFolder(t, { 'large.bin': 'x'.repeat(17 * 1024 * 1024) });
  await publish({ from });
  t.regex(server.bucket().objects.get('large.bin')?.etag ?? '', /-2"?$/);
  t.deepEqual((await publish({ from })).changes, []);
  server.bucket().objects.delete('.static-url/manifest.json');
  t.deepEqual((await publish({ from, force: true })).changes, []);
});

/** A public bucket of a strict server of our own, and a site of two pages that is published to it. */
async function bucketOfS3(t: ExecutionContext): Promise<{
  readonly server: StrictS3;
  readonly pages: Map<string, string>;
  readonly publish: (options?: PublishOptions) => Promise<PublishReport>;
  readonly keys: () => string[];
}> {
  const server = await startStrictS3(t, { pageObjects: 100 });
  const target = server.target({ publicUrl: server.websiteUrl() });
  const { site, pages } = await publishedSite(t, { '/': 'home', '/a': 'a' });
  return {
    server,
    pages,
    publish: async (options) => site.publish(target, options),
    keys: () =>
      [...server.bucket().objects.keys()].filter((key) => !key.startsWith('.static-url/')).toSorted(),
  };
}
