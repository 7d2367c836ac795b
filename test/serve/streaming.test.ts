import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { descriptorsOf, failOnForgottenDescriptors, until } from '../helpers/descriptors.ts';
import { startDownload } from '../helpers/download.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { serveAssets, serveRoot, YEAR } from './serve-assets.ts';

const STREAMED = { memoryBudgetBytes: 0 };
/** More than the system's buffers of a connection hold. */
const BIG_BYTES = 64 * 1024 * 1024;
const GIGABYTE = 1024 ** 3;

/** Pieces of a megabyte that differ, so that no part of a body is like another. */
function manyBytes(megabytes: number): Buffer {
  const piece = randomBytes(1024 * 1024);
  return Buffer.concat(
    Array.from({ length: megabytes }, (_, index) => {
      const next = Buffer.from(piece);
      next.writeUInt32LE(index);
      return next;
    }),
  );
}

const digest = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

test.serial('handler() sends many files at once, each whole, and closes them', async (t) => {
  failOnForgottenDescriptors(t);
  const content = manyBytes(3);
  const { assets, root, url } = await serveAssets(t, { 'big.bin': content }, STREAMED);
  const path = assets.url('big.bin');
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const download = await startDownload(
        url,
        path,
        index % 2 === 0 ? {} : { range: `bytes=${index * 1000}-` },
      );
      const { isComplete, body } = await download.read();
      return {
        isComplete,
        body: digest(body),
        expected: digest(content.subarray(index % 2 === 0 ? 0 : index * 1000)),
      };
    }),
  );
  for (const { isComplete, body, expected } of answers) {
    t.true(isComplete);
    t.is(body, expected);
  }
  await until(async () => (await descriptorsOf(join(root, 'big.bin'))) === 0);
  t.pass();
});

test.serial(
  'handler() holds little memory for a client that does not read, and closes the file when it goes',
  async (t) => {
    failOnForgottenDescriptors(t);
    const { assets, root, url } = await serveAssets(t, { 'big.bin': Buffer.alloc(BIG_BYTES) }, STREAMED);
    const file = join(root, 'big.bin');
    const before = process.memoryUsage().arrayBuffers;
    const downloads = await Promise.all(
      Array.from({ length: 10 }, () => startDownload(url, assets.url('big.bin'))),
    );
    t.is(await descriptorsOf(file), 10);
    t.true(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
    for (const download of downloads) download.abort();
    await until(async () => (await descriptorsOf(file)) === 0);
    t.is((await request(url, assets.url('big.bin'), { headers: { range: 'bytes=-2' } })).status, 206);
  },
);

test.serial(
  'handler() closes the file of a pipelined answer whose connection ends before its turn',
  async (t) => {
    failOnForgottenDescriptors(t);
    const { assets, root, url } = await serveAssets(
      t,
      { 'big.bin': Buffer.alloc(BIG_BYTES), 'other.bin': Buffer.alloc(BIG_BYTES, 'x') },
      STREAMED,
    );
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const ask = (name: string): string => `GET ${assets.url(name)} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    socket.write(ask('big.bin') + ask('other.bin'));
    await until(async () => (await descriptorsOf(join(root, 'other.bin'))) === 1);
    socket.destroy();
    for (const name of ['big.bin', 'other.bin'])
      await until(async () => (await descriptorsOf(join(root, name))) === 0);
    t.pass();
  },
);

test.serial(
  'handler() adds one listener to a connection, however many pipelined answers wait on it',
  async (t) => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', onWarning);
    t.teardown(() => process.off('warning', onWarning));
    const { assets, url } = await serveAssets(t, { 'big.bin': manyBytes(1) }, STREAMED);
    const ask = (more: string): string =>
      `GET ${assets.url('big.bin')} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(ask('').repeat(19) + ask('Connection: close\r\n'));
    const answers = Buffer.concat(await socket.toArray());
    t.is(answers.toString('latin1').match(/HTTP\/1\.1 200 OK\r\n/g)?.length, 20);
    t.true(answers.length > 20 * 1024 * 1024);
    t.deepEqual(warnings, []);
  },
);

test.serial('handler() sends ranges of a file of 20 GB', async (t) => {
  const version = '0123456789abcdef';
  const folder = await temporaryFolder(t);
  const file = join(folder, 'releases', version, 'huge.bin');
  await mkdir(join(file, '..'), { recursive: true });
  const size = 20 * GIGABYTE;
  const handle = await open(file, 'w');
  await handle.write('the end', size - 7);
  await handle.write('middle', 10 * GIGABYTE);
  await handle.close();
  const assets = { 'huge.bin': { fingerprint: version, hash: version, size } };
  await writeFile(
    join(folder, 'manifest.json'),
    JSON.stringify({ format: 1, modules: 'group', version, assets }),
  );
  const { get, url } = await serveRoot(
    t,
    folder,
    {},
    { manifest: join(folder, 'manifest.json'), releases: join(folder, 'releases') },
  );
  const path = `/static/${version}/huge.bin`;
  const last = await get(path, { range: 'bytes=-7' });
  t.deepEqual(
    [last.status, String(last.body), last.headers['content-range']],
    [206, 'the end', `bytes ${size - 7}-${size - 1}/${size}`],
  );
  t.is(last.headers['cache-control'], YEAR);
  const middle = 10 * GIGABYTE;
  t.is(String((await get(path, { range: `bytes=${middle}-${middle + 5}` })).body), 'middle');
  const before = process.memoryUsage().arrayBuffers;
  const whole = await startDownload(url, path, { range: 'bytes=0-' });
  t.is(whole.headers['content-length'], String(size));
  t.true(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024);
  whole.abort();
  await until(async () => (await descriptorsOf(file)) === 0);
});

test.serial('handler() keeps the smallest files in memory, up to its budget', async (t) => {
  const files = {
    'a.css': 'a'.repeat(100),
    'b.css': 'b'.repeat(200),
    'c.css': 'c'.repeat(300),
    'empty.css': '',
  };
  const cases: readonly (readonly [number, readonly string[]])[] = [
    [0, ['empty.css']],
    [99, ['empty.css']],
    [100, ['empty.css', 'a.css']],
    [599, ['empty.css', 'a.css', 'b.css']],
    [600, ['empty.css', 'a.css', 'b.css', 'c.css']],
  ];
  for (const [memoryBudgetBytes, kept] of cases) {
    const { assets, get, root } = await serveAssets(t, files, { memoryBudgetBytes });
    await rm(root, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      const { status, body } = await get(assets.url(name));
      if (kept.includes(name))
        t.deepEqual([status, String(body)], [200, content], `${name} of ${memoryBudgetBytes}`);
      else t.is(status, 404, `${name} of ${memoryBudgetBytes}`);
    }
  }
});

test.serial('handler() hands fresh memory to a response that middleware has wrapped', async (t) => {
  const content = manyBytes(3);
  const { assets } = await serveAssets(t, { 'big.bin': content }, STREAMED);
  const handler = assets.handler(STREAMED);
  const { url } = await listen(t, (incoming, response) => {
    // As middleware does that changes what is sent: it keeps what it is given, and calls nobody back.
    const pieces: Buffer[] = [];
    const end = response.end.bind(response);
    Object.assign(response, {
      write: (piece: Buffer) => pieces.push(piece) > 0,
      end: (piece: Buffer) => end(Buffer.concat([...pieces, piece])),
    });
    handler(incoming, response);
  });
  const answers = await Promise.all(Array.from({ length: 8 }, () => request(url, assets.url('big.bin'))));
  for (const { body } of answers) t.is(digest(body), digest(content));
});
