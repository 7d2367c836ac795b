import { parentPort, workerData } from 'node:worker_threads';
import xxhash from 'xxhash-wasm';
import { TargetTable, type SiteBase } from '../checks/index.ts';
import { DirectWriter, type WrittenPage } from './page-writer.ts';
import type { PageBatch, WritingFailure } from './writer-thread.ts';

const base: SiteBase = workerData;
const targets = new TargetTable();
const writer = xxhash().then((hashes) => new DirectWriter(base, targets, hashes));

parentPort?.on('message', (batch: PageBatch) => void write(batch));

async function write({ bodies, pages }: PageBatch): Promise<void> {
  const ready = await writer;
  const known = targets.size;
  let start = 0;
  const written = pages.map(({ length, ...page }) => {
    const body = bodies.subarray(start, (start += length));
    try {
      return ready.write({ ...page, body });
    } catch (error) {
      return failureOf(error);
    }
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- ports have none
  parentPort?.postMessage({ pages: written, targets: targets.since(known) });
}

function failureOf(error: unknown): WritingFailure | WrittenPage {
  const { message, name, code, syscall, path }: Readonly<Record<string, unknown>> = Object(error);
  return { failure: { message: String(message), name, code, syscall, path } };
}
