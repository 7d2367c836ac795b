import { createHash } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { PublishError } from '../../../src/site/index.ts';
import { temporaryFolder, writeFiles } from '../../helpers/folder.ts';
import { memoryTarget, type MemoryTarget } from '../../helpers/memory-target.ts';
import { listen } from '../../helpers/listen.ts';
import { changesOf, publishedSite } from './published.ts';

// What django-distill documents of publishing, in our spelling, and what is wrong with it.

/** A bucket in memory that everybody may read, and which paths were asked for. */
async function publicBucket(
  t: ExecutionContext,
): Promise<{ target: MemoryTarget; asked: string[]; answers: { status: number } }> {
  const asked: string[] = [];
  const answers = { status: 200 };
  const { url } = await listen(t, (request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    asked.push(path);
    const object = target.objects.get(path) ?? target.objects.get(`${path}/index.html`.replace(/^\//, ''));
    if (object === undefined || answers.status !== 200) {
      response.writeHead(object === undefined ? 404 : answers.status).end('<Error/>');
      return;
    }
    response.writeHead(200, { ...object.headers }).end(object.bytes);
  });
  const target = memoryTarget({ publicUrl: url });
  return { target, asked, answers };
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
  const { target, answers } = await publicBucket(t);
  const { publish, pages } = await publishedSite(t, { '/': 'home', '/a': 'a' }, target);
  await publish();
  answers.status = 403;
  pages.set('/', 'changed').delete('/a');
  const error = await t.throwsAsync(publish(), { instanceOf: PublishError });
  t.is(error.step, 'verify URLs');
  t.regex(error.failures[0]?.reason ?? '', /403/);
  t.true(target.objects.has('a/index.html'));
  answers.status = 200;
  t.is((await publish()).files.deleted, 1);
});

test('past 1,000 objects all are compared', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`${index}.txt`, 'text']));
  const from = await temporaryFolder(t, files);
  const { publish, target } = await publishedSite(t, { '/': 'home' });
  await publish({ from });
  t.deepEqual((await publish({ from })).changes, []);
  await writeFiles(from, { '1099.txt': 'changed' });
  target.put('7.txt', 'by others');
  t.deepEqual(changesOf(await publish({ from })), [
    'upload 1099.txt: other bytes',
    'upload 7.txt: changed by others',
  ]);
});

test('an object that was uploaded in parts is compared, and not uploaded every time', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'home' });
  await publish();
  const object = target.objects.get('index.html');
  t.truthy(object);
  if (object === undefined) return;
  const { bytes } = object;
  const parts = createHash('md5').update(createHash('md5').update(bytes).digest()).digest('hex');
  target.objects.set('index.html', { ...object, tag: `${parts}-1`, md5: `${parts}-1`, revision: 'in parts' });
  t.deepEqual((await publish()).changes, []);
  target.calls.length = 0;
  t.deepEqual((await publish()).changes, []);
  t.false(target.calls.includes('inspect index.html'), 'the manifest remembers it');
});
