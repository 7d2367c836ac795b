import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { coarseFolder, withinStep } from '../helpers/coarse-disk.ts';
import { writeFiles } from '../helpers/folder.ts';
import type { Answer } from '../helpers/request.ts';
import { serveRoot, YEAR } from './serve-assets.ts';

const OLD = 'a'.repeat(1000);
const NEW = 'b'.repeat(1000);

for (const memoryBudgetBytes of [0, 1_000_000]) {
  const how = `handler({ memoryBudgetBytes: ${memoryBudgetBytes} }), where times are whole seconds,`;

  test.serial(
    `${how} sends no other bytes to be kept for ever that a file got within its second`,
    async (t) => {
      const folder = await coarseFolder(t);
      const file = join(folder, 'public/app.css');
      const { assets, get } = await withinStep(
        file,
        async () => {
          await writeFiles(folder, { 'public/app.css': OLD });
          return serveRoot(t, folder, { memoryBudgetBytes });
        },
        () => writeFileSync(file, NEW),
      );
      for (let time = 0; time < 2; time += 1) {
        const { headers, body } = await get(assets.url('app.css'));
        t.is(headers['cache-control'], String(body) === OLD ? YEAR : 'no-store');
        const now = await get('/static/app.css');
        t.deepEqual([now.headers['cache-control'], now.headers.etag], ['no-cache', undefined]);
        t.is(String(now.body), NEW);
      }
    },
  );

  test.serial(`${how} sends a file that was written just before to be kept for ever`, async (t) => {
    const folder = await coarseFolder(t);
    await writeFiles(folder, { 'public/app.css': OLD, 'public/app.css.br': brotliCompressSync(OLD) });
    const { assets, get } = await serveRoot(t, folder, { memoryBudgetBytes, unknownVersion: 'not-found' });
    for (let time = 0; time < 2; time += 1) {
      const plain = await get(assets.url('app.css'));
      t.deepEqual([plain.headers['cache-control'], String(plain.body)], [YEAR, OLD]);
      const { headers, body } = await get(assets.url('app.css'), { 'accept-encoding': 'br' });
      t.deepEqual([headers['cache-control'], String(brotliDecompressSync(body))], [YEAR, OLD]);
    }
  });
}

test.serial(
  'handler() sends a file of an earlier release that changes within its second under no entity tag of before',
  async (t) => {
    const folder = await coarseFolder(t);
    const version = '0123456789abcdef';
    const file = join(folder, `releases/${version}/app.css`);
    await writeFiles(folder, { 'public/other.css': '' });
    const { get } = await serveRoot(t, folder, {}, { releases: join(folder, 'releases') });
    const ask = (): Promise<Answer> => get(`/static/${version}/app.css`);
    const { first } = await withinStep(
      file,
      async () => {
        await writeFiles(folder, { [`releases/${version}/app.css`]: OLD });
        // Long after any step of a clock.
        await pause(100);
        const asked = ask();
        // It may be answered only when its second is over.
        await Promise.race([asked, pause(500)]);
        return { first: asked };
      },
      () => writeFileSync(file, NEW),
    );
    const before = await first;
    for (let time = 0; time < 2; time += 1) {
      const now = await ask();
      t.is(String(now.body), NEW);
      t.true(String(before.body) === NEW || now.headers.etag !== before.headers.etag);
    }
  },
);
