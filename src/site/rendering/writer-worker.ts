import { parentPort, workerData } from 'node:worker_threads';
import xxhash from 'xxhash-wasm';
import { TargetTable, type SiteBase } from '../checks/index.ts';
import { DirectWriter, type WrittenPage } from './page-writer.ts';
import { writeInPool } from './write-in-pool.ts';
import type { PageBatch, WritingFailure } from './writer-thread.ts';

const base: SiteBase = workerData;
const targets = new TargetTable();
const writer = xxhash().then((hashes) => new DirectWriter(base, targets, hashes));

parentPort?.on('message', (batch: PageBatch) => void write(batch));

async function write({ number, bodies, pages }: PageBatch): Promise<void> {
  const ready = await writer;
  const before = targets.size;
  let start = 0;
  const examined = pages.map(({ length, ...page }) => {
    const body = bodies.subarray(start, (start += length));
    return { page: { ...page, body }, known: ready.examine({ ...page, body }) };
  });
  // Before any other batch is read: links are numbers in one table.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- ports have none
  if (targets.size > before) parentPort?.postMessage({ targets: targets.since(before) });
  const written = await Promise.all(
    examined.map(async ({ page: { staged, body, known: there }, known }) => {
      if (known.digest === there) return known;
      return writeInPool(staged, body).then((mtimeMs) => ({ ...known, mtimeMs }), failureOf);
    }),
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- ports have none
  parentPort?.postMessage({ number, pages: written });
}

function failureOf(error: unknown): WritingFailure | WrittenPage {
  const { message, name, code, syscall, path }: Readonly<Record<string, unknown>> = Object(error);
  return { failure: { message: String(message), name, code, syscall, path } };
}
