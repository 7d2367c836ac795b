import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import test, { type ExecutionContext } from 'ava';
import {
  createSite,
  PublishError,
  route,
  s3Target,
  type S3TargetOptions,
  type Site,
} from '../../src/site/index.ts';
import type { SiteOptions } from '../../src/site/options.ts';
import { startCeph, type Ceph } from '../helpers/ceph.ts';
import { openChromium } from '../helpers/chromium.ts';
import { startCountingProxy } from '../helpers/counting-proxy.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { contract, listed, text } from '../site/targets/contract.ts';
import { exportTwoVersions } from '../site/publishing/killed/two-versions.ts';
import { changesOf } from '../site/publishing/published.ts';
import { publishesOnlyWhatChanged } from './published-bucket.ts';

// Needs Ceph: ceph-mon, ceph-osd and radosgw of Debian.

const OBJECTS = 2500;
const MEBIBYTE = 1024 * 1024;

let ceph: Ceph;
let client: S3Client;
const ends: (() => unknown)[] = [];
let buckets = 0;
const bucketOf = new WeakMap<object, string>();

test.before(async (t) => {
  t.timeout(5 * 60 * 1000);
  ceph = await startCeph();
  ends.push(ceph.stop);
  const { endpoint, credentials } = ceph;
  client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  ends.unshift(() => client.destroy());
});

test.after.always(async () => {
  for (const end of ends) await end();
});

contract(test, 's3Target() with Ceph', async (t, prefix = '') => {
  t.timeout(5 * 60 * 1000);
  return targetOf(await bucketFor(t), { prefix });
});

test('publish() to Ceph uploads what has changed, and repairs what others did', async (t) => {
  await publishesOnlyWhatChanged(t, targetOf(await bucketFor(t), { prefix: 'docs' }));
});

test.serial(
  `publish() to Ceph: of ${OBJECTS} objects a second publish uploads none, and asks little`,
  async (t) => {
    t.timeout(10 * 60 * 1000);
    const from = await manyFiles(t);
    const bucket = await bucketFor(t);
    const proxy = await startCountingProxy(t, ceph.port);
    await allowReaders(bucket);
    // Visitors get each of them, whatever its name.
    const publicUrl = `${ceph.endpoint}/${bucket}/`;
    const target = targetOf(bucket, { endpoint: proxy.endpoint, publicUrl });
    const first = await siteWith().publish(target, { from });
    t.like(first, { files: { count: OBJECTS, uploaded: OBJECTS }, verified: OBJECTS });
    const before = proxy.count();
    t.deepEqual((await siteWith().publish(target, { from })).changes, []);
    const requests = proxy.count() - before;
    // The bucket has the manifest too.
    t.true(requests <= Math.ceil((OBJECTS + 1) / 1000) + 5, String(requests));

    const headers = [{ path: '/plain/17.txt', headers: { 'Cache-Control': 'max-age=60' } }];
    const changed = await siteWith({ headers }).publish(target, { from });
    t.deepEqual(changesOf(changed), ['headers plain/17.txt: other headers']);
    t.is((await target.inspect('plain/17.txt'))?.headers['cache-control'], 'max-age=60');

    await target.write('plain/18.txt', text('defaced'), { 'content-type': 'text/plain' });
    await target.delete('plain/19.txt');
    const edited = (await listed(target)).find(({ key }) => key === 'plain/20.txt');
    if (edited !== undefined) await target.setHeaders?.(edited, { 'content-type': 'text/html' });
    const repaired = await siteWith({ headers }).publish(target, { from });
    t.deepEqual(changesOf(repaired).toSorted(), [
      'headers plain/20.txt: headers changed by others',
      'upload plain/18.txt: changed by others',
      'upload plain/19.txt: deleted by others',
    ]);
  },
);

test('publish() to Ceph does not upload what was uploaded in parts, by itself or by another program', async (t) => {
  const bytes = randomBytes(18 * MEBIBYTE);
  const from = await temporaryFolder(t, { 'ours.bin': bytes, 'theirs.bin': bytes, 'index.html': 'x' });
  const bucket = await bucketFor(t);
  const target = targetOf(bucket);
  const type = 'application/octet-stream';
  await uploadInParts(bucket, 'theirs.bin', bytes, 5 * MEBIBYTE, type);
  const first = await siteWith().publish(target, { from });
  t.deepEqual(changesOf(first), ['upload ours.bin: new', 'upload index.html: new']);
  t.regex((await listed(target)).find(({ key }) => key === 'ours.bin')?.md5 ?? '', /-2$/);
  t.deepEqual((await siteWith().publish(target, { from })).changes, []);
  // Without a manifest too.
  await target.delete('.static-url/manifest.json');
  t.deepEqual((await siteWith().publish(target, { from })).changes, []);
});

test('publish() to Ceph finds that a bucket is private, and deletes nothing', async (t) => {
  const [first, second] = await exportTwoVersions(t);
  const bucket = await bucketFor(t);
  const publicUrl = `${ceph.endpoint}/${bucket}/`;
  await siteWith().publish(targetOf(bucket), { from: first });
  const before = await listed(targetOf(bucket));
  const target = targetOf(bucket, { publicUrl });
  const error = await t.throwsAsync(siteWith().publish(target, { from: second, verifySeconds: 0 }), {
    instanceOf: PublishError,
    message: /403: visitors may not read it/,
  });
  t.is(error.step, 'verify URLs');
  const keys = new Set((await listed(target)).map(({ key }) => key));
  for (const { key } of before) t.true(keys.has(key), key);
  await allowReaders(bucket);
  const mended = await siteWith().publish(target, { from: second });
  t.true(mended.verified > 5);
  t.is(mended.files.deleted, 1);
});

test('a site that was published to Ceph is whole in Chromium: pages, their assets, 404 page, redirects', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'a b.css'), 'body { color: rgb(1, 2, 3) }');
  await writeFile(join(folder, 'index.html'), pageWith('<a href="/docs/">home</a>'));
  await mkdir(join(folder, 'docs'));
  await writeFile(join(folder, 'docs/index.html'), pageWith('docs'));
  await writeFile(join(folder, '404.html'), pageWith('nothing here'));
  const bucket = await bucketFor(t);
  await allowReaders(bucket);
  const website = { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: '404.html' } };
  await client.send(new PutBucketWebsiteCommand({ Bucket: bucket, WebsiteConfiguration: website }));
  const target = targetOf(bucket);
  await siteWith().publish(target, { from: folder });
  await target.write('old/index.html', text(pageWith('moved')), {
    'content-type': 'text/html',
    location: '/docs/',
  });

  const tab = await (await openChromium(t)).newPage();
  const proxy = await startCountingProxy(t, ceph.port);
  const site = `http://${bucket}.web.localhost:${new URL(proxy.endpoint).port}`;
  const visit = async (path: string): Promise<readonly [number | undefined, string | null, string]> => {
    const response = await tab.goto(site + path);
    const color = await tab.evaluate<string>('getComputedStyle(document.body).color');
    return [response?.status(), await tab.textContent('body'), `${new URL(tab.url()).pathname} ${color}`];
  };
  const messages: string[] = [];
  tab.on('console', (message) => message.type() === 'error' && messages.push(message.text()));
  t.deepEqual(await visit('/'), [200, 'home', '/ rgb(1, 2, 3)']);
  await tab.click('a');
  await tab.waitForURL(`${site}/docs/`);
  t.is(await tab.textContent('body'), 'docs');
  t.deepEqual(await visit('/nothing'), [404, 'nothing here', '/nothing rgb(1, 2, 3)']);
  t.deepEqual(await visit('/old/'), [200, 'docs', '/docs/ rgb(1, 2, 3)']);
  // For the page that is not there, and for the icon that no browser can do without.
  t.true(messages.length <= 2, messages.join('\n'));
  for (const message of messages) t.regex(message, /404/);
});

/** A site without an app: what is published is a folder. */
function siteWith(options: Partial<SiteOptions> = {}): Site {
  return createSite({
    app: (_request, response) => response.end(),
    origin: 'https://www.example.com',
    out: 'unused',
    routes: [route('/')],
    ...options,
  });
}

function targetOf(bucket: string, options: Partial<S3TargetOptions> = {}): ReturnType<typeof s3Target> {
  const { endpoint, credentials } = ceph;
  return s3Target({ bucket, endpoint, credentials, region: 'us-east-1', publicUrl: false, ...options });
}

/** A bucket of its own for each test. */
async function bucketFor(t: ExecutionContext): Promise<string> {
  const known = bucketOf.get(t);
  if (known !== undefined) return known;
  const bucket = `site-${(buckets += 1)}`;
  bucketOf.set(t, bucket);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

async function allowReaders(bucket: string): Promise<void> {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allowing('s3:GetObject', `arn:aws:s3:::${bucket}/*`),
      // Who may list is told that something is not there.
      allowing('s3:ListBucket', `arn:aws:s3:::${bucket}`),
    ],
  });
  await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
}

/** Files with plain names and odd ones. */
async function manyFiles(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const odd = ['a b', 'a+b', 'a%20b', '100%', 'grüße/日本語', 'a&b=c', "it's", 'a#b', '(x)!~*'];
  for (let index = 0; index < OBJECTS; index += 1) {
    const name = odd[index] ?? `plain/${index}`;
    const path = join(folder, `${name}.txt`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `file ${index}`);
  }
  return folder;
}

/** As other programs do. */
async function uploadInParts(
  Bucket: string,
  Key: string,
  bytes: Buffer,
  length: number,
  ContentType: string,
): Promise<void> {
  const CacheControl = 'no-cache';
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType, CacheControl }),
  );
  const Parts: { readonly ETag: string | undefined; readonly PartNumber: number }[] = [];
  for (let start = 0; start < bytes.length; start += length) {
    const PartNumber = Parts.length + 1;
    const Body = bytes.subarray(start, start + length);
    const ContentMD5 = createHash('md5').update(Body).digest('base64');
    const { ETag } = await client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ContentMD5 }),
    );
    Parts.push({ ETag, PartNumber });
  }
  await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );
}

function pageWith(body: string): string {
  return `<!doctype html><title>x</title><link rel="stylesheet" href="/a b.css">${body}`;
}

function allowing(Action: string, Resource: string): object {
  return { Effect: 'Allow', Principal: '*', Action, Resource };
}
