import { createReadStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openAssets } from '../../src/assets.ts';
import { ENCODED_FORMS } from '../../src/compression/content-encodings.ts';
import { runMain } from '../cli/run-main.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';

test('getStaticUrlContent() reads a file of over 4 GB in pieces', async (t) => {
  const root = await temporaryFolder(t, { 'big.bin': '' });
  await truncate(join(root, 'big.bin'), 2 ** 32 + 1);
  // The peak of its own memory: the "maxRSS" of a process counts what the process had in memory that started it.
  const { url, peak } = await runForValue<{ url: string; peak: string }>(`
    import { readFileSync } from 'node:fs';
    const url = await api.getStaticUrlContent('/static/', ${JSON.stringify(root)});
    const [, peak] = /^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    console.log(JSON.stringify({ url, peak }));`);
  // (head -c 4294967297 /dev/zero; printf 'big.bin\7\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0') | xxhsum -H64
  t.is(url, '/static/8cebfbcc73d4f137/');
  t.true(Number(peak) < 150 * 1024, `${peak} KiB`);
});

test('release --compress takes a file of over 2 GiB, and compresses it in pieces', async (t) => {
  const folder = await temporaryFolder(t, { 'public/big.json': '' });
  const size = 2 ** 31 + 1;
  await truncate(join(folder, 'public/big.json'), size);
  const args = ['--root', 'public', '--releases', 'releases', '--manifest', 'manifest.json'];
  const { code, error } = await runMain(['release', ...args, '--compress'], { cwd: folder });
  t.is(error, '');
  t.is(code, 0);
  const assets = await openAssets({
    prefix: '/static/',
    manifest: join(folder, 'manifest.json'),
    releases: join(folder, 'releases'),
  });
  const file = join(folder, 'releases', assets.url('big.json').slice('/static/'.length));
  t.is((await stat(file)).size, size);
  for (const { suffix, createDecoder } of ENCODED_FORMS) {
    const copy = createReadStream(file + suffix).pipe(createDecoder());
    let length = 0;
    for await (const piece of copy as AsyncIterable<Buffer>) length += piece.length;
    t.is(length, size, suffix);
  }
});

for (const [length, size] of Object.entries({ '600 MB': 600_000_000, 'over 2 GiB': 2 ** 31 + 1 })) {
  test(`release and check name a script of ${length}, which is too long to be read as text`, async (t) => {
    const folder = await temporaryFolder(t, { 'public/a.css': 'a {}', 'public/js/huge.js': '' });
    await truncate(join(folder, 'public/js/huge.js'), size);
    for (const command of [['release', '--releases', 'releases', '--manifest', 'manifest.json'], ['check']]) {
      const { code, error } = await runMain([...command, '--root', 'public'], { cwd: folder });
      t.is(code, 1, error);
      t.regex(error, /"[^"]*public\/js\/huge\.js" is too long to be read as text/);
      t.regex(error, /Move it out of the root/);
    }
  });
}
