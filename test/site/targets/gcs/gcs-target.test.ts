import { gzipSync } from 'node:zlib';
import test from 'ava';
import { gcsTarget } from '../../../../src/site/targets/gcs/gcs-target.ts';
import type { WriteCondition, Written } from '../../../../src/site/targets/target.ts';
import { contentOf, md5Hex } from '../../../helpers/target-content.ts';
import { listed, opened, PAGE_HEADERS } from './opened.ts';

test('gcsTarget() writes an object with its headers, which the public URL serves', async (t) => {
  const { server, target } = await opened(t);
  const { tag } = await target.write('about/index.html', contentOf('<h1>About</h1>'), PAGE_HEADERS);
  const answer = await fetch(`${server.publicUrl('site')}about/index.html`);
  t.is(await answer.text(), '<h1>About</h1>');
  t.is(answer.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(answer.headers.get('cache-control'), 'no-cache');
  const object = await target.inspect('about/index.html');
  t.like(object, {
    key: 'about/index.html',
    size: 14,
    tag,
    md5: md5Hex('<h1>About</h1>'),
    headers: PAGE_HEADERS,
  });
  t.is((await listed(target)).get('about/index.html')?.tag, tag);
});

test('gcsTarget() keeps every header that it says it keeps', async (t) => {
  const { target } = await opened(t);
  const headers = {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'gzip',
    'content-disposition': 'inline',
    'content-language': 'de',
  };
  t.deepEqual([...target.headers].toSorted(), Object.keys(headers).toSorted());
  await target.write('logo.svg', contentOf(gzipSync('<svg/>')), headers);
  t.deepEqual((await target.inspect('logo.svg'))?.headers, headers);
  // Google decompresses for who does not accept gzip.
  t.deepEqual((await target.read('logo.svg'))?.bytes, gzipSync('<svg/>'));
});

test('gcsTarget() gives an object other headers, clears the others, and leaves its bytes', async (t) => {
  const { server, target } = await opened(t);
  await target.write('a.html', contentOf('a'), { ...PAGE_HEADERS, 'content-language': 'en' });
  const before = await target.inspect('a.html');
  t.assert(before !== undefined);
  if (before === undefined) return;
  const { tag } = (await target.setHeaders?.(before, { 'content-type': 'text/html' })) ?? {};
  const after = await target.inspect('a.html');
  t.deepEqual(after?.headers, { 'content-type': 'text/html' });
  t.is(after?.tag, tag);
  t.is(after?.tag, before.tag);
  t.not(after?.revision, before.revision);
  t.deepEqual(server.objects('site').get('a.html')?.bytes, Buffer.from('a'));
});

test('gcsTarget() tells by the revision that others changed the headers alone', async (t) => {
  const { server, target } = await opened(t);
  await target.write('a.html', contentOf('a'), PAGE_HEADERS);
  const before = (await listed(target)).get('a.html');
  await fetch(`${server.endpoint}/storage/v1/b/site/o/a.html`, {
    method: 'PATCH',
    body: JSON.stringify({ cacheControl: 'public, max-age=9' }),
  });
  const after = (await listed(target)).get('a.html');
  t.is(after?.tag, before?.tag);
  t.not(after?.revision, before?.revision);
});

test('gcsTarget() does not set headers of an object that others have written meanwhile', async (t) => {
  const { server, target } = await opened(t);
  await target.write('a.html', contentOf('a'), PAGE_HEADERS);
  const object = await target.inspect('a.html');
  server.put('site', 'a.html', 'other bytes');
  t.assert(object !== undefined);
  if (object === undefined) return;
  await t.throwsAsync(target.setHeaders?.(object, PAGE_HEADERS) ?? Promise.resolve(), {
    message: 'Somebody else has just changed "gs://site/a.html". Publish again.',
  });
});

test('gcsTarget() has no MD5 of an object that was composed of others', async (t) => {
  const { server, target } = await opened(t);
  server.put('site', 'composed.bin', 'ab', { composite: true });
  t.false('md5' in ((await listed(target)).get('composed.bin') ?? { md5: '' }));
});

test('gcsTarget() lists page by page', async (t) => {
  const { server, target } = await opened(t, { prefix: 'docs' }, { pageObjects: 10 });
  for (let index = 0; index < 35; index += 1) server.put('site', `docs/${index}.txt`, `${index}`);
  server.put('site', 'docs/', '');
  server.put('site', 'docs-of-others.txt', '');
  t.is((await listed(target)).size, 35);
  t.is(server.requests.filter(({ kind }) => kind === 'list').length, 4);
});

test('gcsTarget() fails when the second page of a listing fails', async (t) => {
  const { server, target } = await opened(t, { attempts: 1 }, { pageObjects: 10 });
  for (let index = 0; index < 15; index += 1) server.put('site', `${index}.txt`, `${index}`);
  server.faults.push(({ query }) => (query.has('pageToken') ? { status: 503 } : undefined));
  await t.throwsAsync(listed(target), { code: 'TARGET_FAILED', message: /too busy/ });
});

test('gcsTarget() takes what is no listing for a failure, never for an empty bucket', async (t) => {
  const { server, target } = await opened(t, { attempts: 1 });
  server.put('site', 'a.html', 'a');
  server.faults.push(() => 'garbage');
  await t.throwsAsync(listed(target), { message: /is not Google Cloud Storage/ });
});

test('gcsTarget() never touches what another prefix begins like', async (t) => {
  const { server, target } = await opened(t, { prefix: '/a/' });
  const other = gcsTarget({ bucket: 'site', endpoint: server.endpoint, prefix: 'ab' });
  await target.write('x.txt', contentOf('a'), {});
  await other.write('x.txt', contentOf('ab'), {});
  t.deepEqual([...(await listed(target)).keys()], ['x.txt']);
  await target.delete('x.txt');
  t.deepEqual([...server.objects('site').keys()], ['ab/x.txt']);
});

for (const key of [
  'a b.txt',
  'a+b.txt',
  '100%.txt',
  'a%2Fb.txt',
  'q?x=1&y=\'"#.txt',
  'größe/日本/😀.html',
  `${'long/'.repeat(199)}abcde`,
  '.static-url/lock',
])
  test(`gcsTarget() writes, lists, reads and deletes the key ${key.slice(0, 20)}`, async (t) => {
    const { server, target } = await opened(t);
    await target.write(key, contentOf(key), {});
    t.deepEqual([...server.objects('site').keys()], [key]);
    t.true((await listed(target)).has(key));
    t.is((await target.inspect(key))?.key, key);
    t.is(Buffer.from((await target.read(key))?.bytes ?? []).toString(), key);
    await target.delete(key);
    t.is(server.objects('site').size, 0);
  });

test('gcsTarget() finds nothing where nothing is, and deletes it without an error', async (t) => {
  const { target } = await opened(t);
  t.is(await target.inspect('a'), undefined);
  t.is(await target.read('a'), undefined);
  await t.notThrowsAsync(target.delete('a'));
});

test('gcsTarget() lets one of many writes with a condition win', async (t) => {
  const { target } = await opened(t);
  const race = async (condition: WriteCondition): Promise<Written[]> => {
    const writes = Array.from({ length: 20 }, async (_, index) =>
      target.writeIf?.('lock', contentOf(`${index}`), {}, condition),
    );
    return (await Promise.all(writes)).filter((written) => written !== undefined);
  };
  const [first, ...others] = await race({ absent: true });
  t.deepEqual(others, []);
  t.is((await race({ tag: first?.tag ?? '' })).length, 1);
  t.deepEqual(await race({ tag: first?.tag ?? '' }), []);
});

test('gcsTarget() shows no secret, whoever prints it', async (t) => {
  const { inspect } = await import('node:util');
  const target = gcsTarget({
    bucket: 'site',
    projectId: 'my-project',
    credentials: { client_email: 'me@example.iam.gserviceaccount.com', private_key: 'SECRET' },
  });
  t.notRegex(inspect(target, { depth: 9, showHidden: true }) + JSON.stringify(target), /SECRET/);
  t.deepEqual(target.details, { bucket: 'site', projectId: 'my-project' });
  t.is(target.name, 'gs://site/');
});
