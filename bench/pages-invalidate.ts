import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fileStore } from '../src/pages/file-store/index.ts';
import { alternate } from './alternate.ts';
import { temporaryFolder } from './folder.ts';
import { landAll, measureMilliseconds, PAGE_BODY } from './page-load.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';

const SITE = 'https://www.example.com';
const PAGES = 100_000;
const TAGGED = 10;

/** invalidate() of a tag that ten of many pages have, against unlinking ten files in the same folder. */
export async function benchPagesInvalidate(context: BenchContext): Promise<Report> {
  const folder = join(await temporaryFolder(context), 'pages');
  const setting = {
    sites: [SITE],
    deadlineMilliseconds: 10_000,
    environment: 'production',
    onWarning: (error: Error) => console.error(error),
  };
  const store = fileStore({ folder });
  await store.open(setting);
  context.teardown(() => store.close());
  // Without copies, which would take long: those that are not invalidated do not matter to it.
  const others = fileStore({ folder, compress: [] });
  await others.open(setting);
  const before = heapMegabytes();
  for (let first = 0; first < PAGES; first += 1000) {
    context.progress(`storing pages: ${first} of ${PAGES}`);
    const numbers = Array.from({ length: 1000 }, (_, index) => first + index);
    await landAll(others, SITE, numbers, (number) => [`author:${number % 1000}`, `section:${number % 20}`]);
  }
  const heap = heapMegabytes() - before;
  const files = Array.from({ length: TAGGED }, (_, index) =>
    join(folder, 'current/pages/www.example.com/posts', `file-${index}`),
  );
  const rounds = context.rounds ?? 101;
  const comparison = await alternate(
    {
      name: `unlink() of node:fs/promises, ${TAGGED} files one after the other`,
      measure: async () => {
        for (const file of files) await writeFile(file, PAGE_BODY);
        return measureMilliseconds(async () => {
          for (const file of files) await unlink(file);
        });
      },
    },
    [
      {
        name: `invalidate(), ${TAGGED} of ${PAGES} pages with a copy each`,
        asked: { atMost: 5 },
        measure: async () => {
          const numbers = Array.from({ length: TAGGED }, (_, index) => index * (PAGES / TAGGED));
          await landAll(store, SITE, numbers, (number) => [`author:${number % 1000}`, 'tagged']);
          return measureMilliseconds(async () => {
            const removed = await store.invalidate(['tagged']);
            if (removed.length !== TAGGED) throw new Error(`${removed.length} pages were removed.`);
          });
        },
      },
      {
        name: `unlink(), ${TAGGED} files at once`,
        measure: async () => {
          for (const file of files) await writeFile(file, PAGE_BODY);
          return measureMilliseconds(() => Promise.all(files.map((file) => unlink(file))));
        },
      },
    ],
    rounds,
    context.progress,
  );
  return {
    name: 'pages-invalidate',
    title: `a store of ${PAGES} pages of two tags each, on ${process.platform}, ${rounds} rounds`,
    versions: { node: process.version },
    tables: [{ title: 'time', unit: 'ms', rows: comparisonRows(comparison) }],
    notes: [
      `The index is on the disk: two links to one record for each page. Storing the pages left ${heap.toFixed(1)} MB more in the heap of the process, which keeps pages of up to 64 MiB in memory.`,
    ],
  };
}

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed / 1e6;
}
