import { execFileSync } from 'node:child_process';
import {
  chmod,
  copyFile,
  link,
  open,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openAssets } from '../../src/assets.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { startDownload } from '../helpers/download.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { serveAssets, serveRoot, UNKNOWN_VERSION, YEAR } from './serve-assets.ts';

const OLD = 'a'.repeat(1000);
const NEW = 'b'.repeat(1000);
/** More than the system's buffers of a connection hold. */
const BIG_BYTES = 64 * 1024 * 1024;
const STREAMED = { memoryBudgetBytes: 0 };

/** Writes other bytes of the same length into a file and sets its time back, to the nanosecond. */
async function overwriteInSecret(path: string, content: string): Promise<void> {
  const before = `${path}.before`;
  execFileSync('touch', ['-r', path, before]);
  const handle = await open(path, 'r+');
  await handle.write(content, 0);
  await handle.close();
  execFileSync('touch', ['-r', before, path]);
}

const changes: Readonly<Record<string, (path: string) => Promise<void>>> = {
  rewritten: (path) => writeFile(path, NEW),
  'rewritten with its time set back': (path) => overwriteInSecret(path, NEW),
  truncated: (path) => truncate(path, 10),
  replaced: async (path) => {
    await writeFile(`${path}.new`, NEW);
    await rename(`${path}.new`, path);
  },
  emptied: (path) => truncate(path, 0),
};

for (const [how, change] of Object.entries(changes)) {
  test(`handler() sends a file that was ${how} since the start with no-store and without validators`, async (t) => {
    const { assets, get, root } = await serveAssets(t, { 'app.css': OLD }, STREAMED);
    const { etag = '' } = (await get(assets.url('app.css'))).headers;
    await change(join(root, 'app.css'));
    for (const headers of [
      {},
      { 'if-none-match': etag },
      { range: 'bytes=0-3' },
      { 'accept-encoding': 'br' },
    ]) {
      const { status, headers: answered, body } = await get(assets.url('app.css'), headers);
      t.is(status, 200);
      t.is(answered['cache-control'], 'no-store');
      t.is(answered.etag, undefined);
      t.is(answered['last-modified'], undefined);
      t.is(answered['content-length'], String(body.length));
      t.not(String(body), OLD);
      t.is(
        (await get(assets.url('app.css'), headers, 'HEAD')).headers['content-length'],
        String(body.length),
      );
    }
    t.is((await get('/static/app.css')).headers['cache-control'], 'no-cache');
    t.is((await get(`/static/${UNKNOWN_VERSION}/app.css`)).headers['cache-control'], 'no-store');
  });

  test(`handler() answers a version from memory with its own bytes though the file was ${how}`, async (t) => {
    const { assets, get, root } = await serveAssets(t, { 'app.css': OLD });
    await change(join(root, 'app.css'));
    const { headers, body } = await get(assets.url('app.css'));
    t.deepEqual([headers['cache-control'], String(body)], [YEAR, OLD]);
    for (const path of ['/static/app.css', `/static/${UNKNOWN_VERSION}/app.css`])
      t.not(String((await get(path)).body), OLD);
  });
}

test('handler({ unknownVersion: "not-found" }) answers a file that has changed with a 404', async (t) => {
  const { assets, get, root } = await serveAssets(
    t,
    { 'app.css': OLD },
    { ...STREAMED, unknownVersion: 'not-found' },
  );
  await writeFile(join(root, 'app.css'), NEW);
  t.is((await get(assets.url('app.css'))).status, 404);
});

test('handler() answers a file that is gone, or whose name is a folder now, with a 404', async (t) => {
  const { assets, get, root } = await serveAssets(t, { 'a.css': OLD, 'b.css': OLD }, STREAMED);
  await rm(join(root, 'a.css'));
  await rm(join(root, 'b.css'));
  await writeFiles(join(root, 'b.css'), { 'inner.css': NEW });
  for (const path of [assets.url('a.css'), assets.url('b.css'), '/static/a.css', '/static/b.css']) {
    const { status, headers } = await get(path);
    t.deepEqual([status, headers['cache-control']], [404, 'no-store'], path);
  }
});

test('handler() follows no symbolic link that was changed to point outside the root since the start', async (t) => {
  const folder = await temporaryFolder(t, { 'secret.txt': 'secret', 'public/target.txt': OLD });
  await symlink('target.txt', join(folder, 'public/link.txt'));
  const { assets, get } = await serveRoot(t, folder, STREAMED);
  t.is((await get(assets.url('link.txt'))).status, 200);
  await rm(join(folder, 'public/link.txt'));
  await symlink(join(folder, 'secret.txt'), join(folder, 'public/link.txt'));
  for (const path of [assets.url('link.txt'), '/static/link.txt', `/static/${UNKNOWN_VERSION}/link.txt`]) {
    t.is((await get(path)).status, 404, path);
  }
});

test('handler() goes on sending a file for ever when only its permissions or links have changed', async (t) => {
  for (const options of [STREAMED, {}]) {
    const { assets, get, root, folder } = await serveAssets(t, { 'app.css': OLD }, options);
    const path = join(root, 'app.css');
    await chmod(path, 0o640);
    const first = await get(assets.url('app.css'));
    t.deepEqual([first.headers['cache-control'], String(first.body)], [YEAR, OLD]);
    await link(path, join(folder, 'another-name'));
    const answers = await Promise.all(Array.from({ length: 5 }, () => get(assets.url('app.css'))));
    for (const { headers } of answers) t.is(headers['cache-control'], YEAR);
    t.truthy((await get('/static/app.css')).headers.etag);
  }
});

for (const [how, change] of Object.entries(changes)) {
  test(`handler() keeps no bytes of a file that was ${how} since it was indexed`, async (t) => {
    const root = await temporaryFolder(t, { 'app.css': OLD });
    const assets = await openAssets({ prefix: '/static/', roots: root });
    await change(join(root, 'app.css'));
    const { url } = await listen(t, assets.handler());
    const { status, headers, body } = await request(url, assets.url('app.css'));
    t.deepEqual([status, headers['cache-control']], [200, 'no-store']);
    t.not(String(body), OLD);
  });
}

const renewals: Readonly<Record<string, (path: string) => Promise<void>>> = {
  touched: (path) => utimes(path, 1, 1),
  'written over with equal bytes': (path) => writeFile(path, OLD),
  'replaced by an equal copy': async (path) => {
    await copyFile(path, `${path}.copy`);
    await rename(`${path}.copy`, path);
  },
};

for (const [how, renew] of Object.entries(renewals)) {
  test(`handler() goes on sending a file for ever that was ${how}`, async (t) => {
    for (const options of [STREAMED, {}]) {
      const { assets, get, root } = await serveAssets(t, { 'app.css': OLD }, options);
      const { etag } = (await get(assets.url('app.css'))).headers;
      await renew(join(root, 'app.css'));
      const part = await get(assets.url('app.css'), { range: 'bytes=1-3' });
      t.deepEqual([part.status, part.headers['cache-control'], part.headers.etag], [206, YEAR, etag]);
      t.is((await get('/static/app.css')).headers.etag, etag);
    }
  });
}

test('handler() of a release whose file was written over sends it with no-store', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.css': OLD });
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'manifest.json')];
  const { added } = await writeRelease({ roots: join(folder, 'public'), releases, manifest });
  await writeFile(join(releases, added[0]?.fingerprint ?? '', 'app.css'), NEW);
  const { assets, get } = await serveRoot(t, folder, {}, { manifest, releases });
  const { status, headers, body } = await get(assets.url('app.css'));
  t.deepEqual([status, headers['cache-control'], headers.etag], [200, 'no-store', undefined]);
  t.is(String(body), NEW);
});

const ofFourBytes = (fingerprint: string): object => ({ fingerprint, hash: fingerprint, size: 4 });

test('handler() sends what a manifest names only with the bytes that it names', async (t) => {
  const folder = await temporaryFolder(t);
  const [one, two] = ['0123456789abcdef', '1123456789abcdef'];
  const manifest = {
    format: 1,
    modules: 'group',
    version: one,
    assets: { 'a.css': ofFourBytes(one), 'b.css': ofFourBytes(two) },
  };
  const file = join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify(manifest));
  await writeFiles(join(folder, 'releases'), {
    [`${one}/a.css`]: 'longer than four',
    [`${two}/another.css`]: 'four',
  });
  const { get } = await serveRoot(t, folder, {}, { manifest: file, releases: join(folder, 'releases') });
  t.is((await get(`/static/${one}/a.css`)).headers['cache-control'], 'no-store');
  t.is((await get(`/static/${two}/b.css`)).status, 404);
});

const whileStreaming: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'is written to': async (path) => {
    const handle = await open(path, 'r+');
    await handle.write('b'.repeat(1000), BIG_BYTES - 1000);
    await handle.close();
  },
  'is written to with its time set back': (path) => overwriteInSecret(path, NEW),
  'is truncated': (path) => truncate(path, BIG_BYTES - 1),
  'is emptied': (path) => truncate(path, 0),
  grows: (path) => truncate(path, BIG_BYTES + 1),
};

for (const [how, change] of Object.entries(whileStreaming)) {
  test(`handler() ends the connection when a file ${how} while it is sent`, async (t) => {
    const { assets, root, url } = await serveAssets(t, { 'big.bin': Buffer.alloc(BIG_BYTES, 'a') }, STREAMED);
    const download = await startDownload(url, assets.url('big.bin'));
    t.is(download.headers['content-length'], String(BIG_BYTES));
    await change(join(root, 'big.bin'));
    const { isComplete, body } = await download.read();
    t.false(isComplete);
    t.true(body.length < BIG_BYTES);
    t.is(body.indexOf('b'), -1);
  });
}

for (const [how, change] of Object.entries({
  replaced: async (path: string): Promise<void> => {
    await writeFile(`${path}.new`, NEW);
    await rename(`${path}.new`, path);
  },
  removed: (path: string): Promise<void> => rm(path),
  'given another name': (path: string): Promise<void> => link(path, `${path}.link`),
})) {
  test(`handler() sends a file to its end that is ${how} while it is sent: its bytes are the same`, async (t) => {
    const { assets, root, url } = await serveAssets(t, { 'big.bin': Buffer.alloc(BIG_BYTES, 'a') }, STREAMED);
    const download = await startDownload(url, assets.url('big.bin'));
    await change(join(root, 'big.bin'));
    const { isComplete, body } = await download.read();
    t.true(isComplete);
    t.true(body.equals(Buffer.alloc(BIG_BYTES, 'a')));
  });
}
