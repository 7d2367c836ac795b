import test from 'ava';
import { MANIFEST_KEY } from '../../../src/site/publishing/control-objects.ts';
import { memoryTarget } from '../../helpers/memory-target.ts';
import { changesOf, publishedSite } from './published.ts';

const DAY = 24 * 60 * 60 * 1000;

test('publish() uploads a site, pages before entry pages, and nothing the second time', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'home', '/about': 'about' });
  const report = await publish();
  t.deepEqual(changesOf(report), ['upload about/index.html: new', 'upload index.html: new']);
  t.like(report, { number: 1, files: { count: 2, uploaded: 2, deleted: 0 } });
  t.is(target.text('about/index.html'), '<!doctype html><title>x</title>about');
  t.deepEqual(target.objects.get('index.html')?.headers, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
  });
  target.calls.length = 0;
  const again = await publish();
  t.deepEqual(again.changes, []);
  t.is(again.number, 1);
  t.deepEqual(target.calls, ['list', `read ${MANIFEST_KEY}`]);
});

test('publish() leaves neither lock nor journal', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'home' });
  await publish();
  t.deepEqual([...target.objects.keys()].toSorted(), [MANIFEST_KEY, 'index.html']);
});

test('publish() uploads what has other bytes, and deletes what has gone when all else is done', async (t) => {
  const { publish, target, pages } = await publishedSite(t, { '/': 'home', '/a': 'a', '/b': 'b' });
  await publish();
  pages.set('/a', 'other');
  pages.delete('/b');
  target.calls.length = 0;
  const report = await publish();
  t.deepEqual(changesOf(report), [
    'upload a/index.html: other bytes',
    'delete b/index.html: not in the site any more',
  ]);
  t.is(report.number, 2);
  t.false(target.objects.has('b/index.html'));
  const { calls } = target;
  t.true(calls.indexOf('delete b/index.html') > calls.indexOf(`write ${MANIFEST_KEY}`));
});

test('publish() changes nothing with dryRun, and tells all the same', async (t) => {
  const { publish, target, pages } = await publishedSite(t, { '/': 'home', '/a': 'a' });
  await publish();
  pages.delete('/a');
  pages.set('/', 'other');
  const before = new Map(target.objects);
  target.calls.length = 0;
  const report = await publish({ dryRun: true });
  t.true(report.dryRun);
  t.deepEqual(changesOf(report), [
    'upload index.html: other bytes',
    'delete a/index.html: not in the site any more',
  ]);
  t.deepEqual(target.objects, before);
  t.deepEqual(target.calls, ['list', `read ${MANIFEST_KEY}`]);
});

test('publish() gives an object other headers without its bytes', async (t) => {
  const target = memoryTarget();
  const pages = { '/': 'home', '/a': 'a' };
  const first = await publishedSite(t, pages, target);
  await first.publish();
  const headers = [{ path: '/a', headers: { 'Cache-Control': 'max-age=60' } }];
  const second = await publishedSite(t, pages, target, { headers });
  target.calls.length = 0;
  const report = await second.publish();
  t.deepEqual(changesOf(report), ['headers a/index.html: other headers']);
  t.like(report.files, { uploaded: 0, headersChanged: 1 });
  t.true(target.calls.includes('setHeaders a/index.html'));
  t.is(target.objects.get('a/index.html')?.headers['cache-control'], 'max-age=60');
  t.deepEqual((await second.publish()).changes, []);
});

test('publish() uploads an object again whose headers the target cannot change alone', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'home', '/a': 'a' });
  await publish();
  target.put('a/index.html', target.text('a/index.html') ?? '', { 'content-type': 'text/plain' });
  target.setHeaders = async () => undefined;
  const report = await publish();
  t.deepEqual(changesOf(report), ['headers a/index.html: headers changed by others']);
  t.true(target.calls.includes('write a/index.html'));
  t.is(target.objects.get('a/index.html')?.headers['content-type'], 'text/html; charset=utf-8');
  t.deepEqual((await publish()).changes, []);
});

test('publish() uploads again for other headers where the target cannot give them alone', async (t) => {
  const target = memoryTarget();
  delete target.setHeaders;
  await (await publishedSite(t, { '/': 'home' }, target)).publish();
  const headers = [{ path: '/', headers: { 'Cache-Control': 'max-age=60' } }];
  const report = await (await publishedSite(t, { '/': 'home' }, target, { headers })).publish();
  t.deepEqual(changesOf(report), ['upload index.html: other headers']);
  t.is(target.objects.get('index.html')?.headers['cache-control'], 'max-age=60');
});

test('publish() repairs what others have changed or deleted, and asks for nothing else', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'home', '/a': 'a', '/b': 'b', '/c': 'c' });
  await publish();
  const html = target.objects.get('b/index.html')?.headers;
  target.put('a/index.html', 'defaced', html);
  target.put('b/index.html', target.text('b/index.html') ?? '', { 'content-type': 'text/plain' });
  target.objects.delete('c/index.html');
  target.calls.length = 0;
  const report = await publish();
  t.deepEqual(changesOf(report), [
    'upload a/index.html: changed by others',
    'headers b/index.html: headers changed by others',
    'upload c/index.html: deleted by others',
  ]);
  t.is(target.text('a/index.html'), '<!doctype html><title>x</title>a');
  t.deepEqual(target.objects.get('b/index.html')?.headers, html);
  t.deepEqual(
    target.calls.filter((call) => call.startsWith('inspect')),
    ['inspect b/index.html'],
  );
});

test('publish() asks once for what others have written and is as it should be', async (t) => {
  const { publish, target } = await publishedSite(t, { '/': 'home' });
  await publish();
  const { bytes, headers } = target.objects.get('index.html') ?? t.fail();
  target.put('index.html', Buffer.from(bytes ?? []).toString(), headers);
  t.deepEqual((await publish()).changes, []);
  target.calls.length = 0;
  await publish();
  t.false(target.calls.includes('inspect index.html'));
});

test('publish() takes over objects that are as the site wants them, without uploading them', async (t) => {
  const target = memoryTarget();
  const site = await publishedSite(t, { '/': 'home' }, target);
  await site.publish();
  target.objects.delete(MANIFEST_KEY);
  t.deepEqual((await site.publish()).changes, []);
  t.true(target.objects.has(MANIFEST_KEY));
});

test('publish() with ignoreRemote uploads everything', async (t) => {
  const { publish } = await publishedSite(t, { '/': 'home', '/a': 'a' });
  await publish();
  const report = await publish({ ignoreRemote: true });
  t.is(report.files.uploaded, 2);
});

test('publish() retires fingerprinted assets, and deletes them after thirty days and three publishes', async (t) => {
  const { publish, target, pages } = await publishedSite(t, { '/': '0' });
  const asset = 'static/0123456789abcdef/app.css';
  await publish();
  target.put(asset, 'body {}');
  nameInManifest(target, asset);
  pages.set('/', '1');
  const report = await publish();
  t.like(report.files, { retired: 1, leftToDelete: 1, deleted: 0 });
  target.now += 31 * DAY;
  for (const text of ['2', '3']) {
    pages.set('/', text);
    await publish();
    t.true(target.objects.has(asset), text);
  }
  pages.set('/', '4');
  const last = await publish();
  t.deepEqual(changesOf(last), ['upload index.html: other bytes', `delete ${asset}: retired long enough`]);
  t.false(target.objects.has(asset));
  t.like(await publish(), { files: { leftToDelete: 0 } });
});

test('publish() tells of its progress in bytes', async (t) => {
  const { publish } = await publishedSite(t, { '/': 'home', '/a': 'a' });
  const uploads: number[][] = [];
  const { files } = await publish({
    onProgress: ({ stage, done, total }) => {
      if (stage === 'uploading') uploads.push([done, total]);
    },
  });
  t.deepEqual(uploads.at(-1), [files.bytes, files.bytes]);
});

test('publish() says which headers the target cannot keep', async (t) => {
  const headers = [{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }];
  const { publish } = await publishedSite(t, { '/': 'home' }, memoryTarget(), { headers });
  const { warnings } = await publish();
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /x-frame-options.*CDN/);
});

test('publish() tells caches of what has changed and of what has gone, and says when it cannot', async (t) => {
  const told: string[][] = [];
  const target = memoryTarget({
    purge: async (urls) => void told.push([...urls]),
    publicUrl: 'https://cdn.example/',
  });
  const { publish, pages } = await publishedSite(t, { '/': 'home', '/a': 'a', '/b': 'b' }, target);
  await publish({ skipVerify: true });
  told.length = 0;
  pages.set('/a', 'other');
  pages.delete('/b');
  const { purged } = await publish({ skipVerify: true });
  t.deepEqual(told, [urlsOfPage('a'), urlsOfPage('b')]);
  t.is(purged, 6);
  const untold = memoryTarget({ purge: async () => {} });
  const { warnings } = await (await publishedSite(t, { '/': 'home' }, untold)).publish();
  t.regex(warnings[0] ?? '', /"purge" needs a "publicUrl"/);
});

test('publish() tells caches again after a purge that failed', async (t) => {
  let isAway = true;
  const told: string[] = [];
  const purge = async (urls: readonly string[]): Promise<void> => {
    if (isAway) throw new Error('The CDN is away.');
    told.push(...urls);
  };
  const target = memoryTarget({ purge, publicUrl: 'https://cdn.example/' });
  const { publish } = await publishedSite(t, { '/': 'home' }, target);
  await t.throwsAsync(publish({ skipVerify: true }), { code: 'PUBLISH_FAILED', message: /The CDN is away/ });
  isAway = false;
  await publish({ skipVerify: true });
  t.deepEqual(told, ['https://cdn.example/index.html', 'https://cdn.example/']);
});

test('publish() takes a target by its name, the default, or the only one', async (t) => {
  const [production, staging] = [memoryTarget(), memoryTarget()];
  const { site } = await publishedSite(t, { '/': 'home' }, production, {
    targets: { default: production, staging },
  });
  await site.publish('staging');
  t.deepEqual([production.objects.size, staging.objects.size], [0, 2]);
  await site.publish();
  t.is(production.objects.size, 2);
  await t.throwsAsync(site.publish('stagging'), { instanceOf: TypeError, message: /"default", "staging"/ });
  const only = memoryTarget();
  const other = await publishedSite(t, { '/': 'home' }, only, { targets: { only } });
  await other.site.publish();
  t.is(only.objects.size, 2);
});

function urlsOfPage(page: string): string[] {
  return [`${page}/index.html`, page, `${page}/`].map((path) => `https://cdn.example/${path}`);
}

/** Makes a fingerprinted asset of what another publish would have uploaded. */
function nameInManifest(target: ReturnType<typeof memoryTarget>, key: string): void {
  const object = target.objects.get(key);
  const text = target.text(MANIFEST_KEY) ?? '';
  const line = JSON.stringify([
    key,
    object?.md5,
    object?.size,
    0,
    'fingerprinted',
    object?.tag,
    object?.revision,
  ]);
  target.put(MANIFEST_KEY, text.replace('"files":[\n', `"files":[\n${line},\n`));
}
