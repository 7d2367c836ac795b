import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
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
