import { Worker } from 'node:worker_threads';
import { ownFile } from '../../core/own-file.ts';
import { decodeLinks, encodeLinks, type SiteBase, type TargetTable } from '../checks/index.ts';
import type { PageWriter, WholePage, WrittenPage } from './page-writer.ts';

/** Pages for the writer's thread: their bodies one behind the other, so that one message has few parts. */
export interface PageBatch {
  readonly bodies: Uint8Array;
  readonly pages: readonly (Omit<WholePage, 'body'> & { readonly length: number })[];
}

/** What the writer's thread says of a batch. */
export interface WrittenBatch {
  /** In the order of the pages; as an error one would lose its code on the way. */
  readonly pages: readonly (WrittenPage | WritingFailure)[];
  /** The targets of links that are new in the table of the thread. */
  readonly targets: readonly string[];
}

/** Why a page could not be written. */
export interface WritingFailure {
  readonly failure: Readonly<Record<string, unknown>> & { readonly message: string };
}

interface Waiting {
  readonly page: WholePage;
  readonly resolve: (written: WrittenPage) => void;
  readonly reject: (error: unknown) => void;
}

/** What a writer's thread runs; there is none beside the sources of this package, and in a bundle. */
export const WRITER_PROGRAM: URL | undefined = ownFile('writer-worker.js', import.meta.url);

/** Has pages written by a thread of its own, so that this one has its time for the app. */
export class WriterThread implements PageWriter {
  readonly #worker: Worker;
  readonly #targets: TargetTable;
  /** By the numbers of the thread's table, those of ours. */
  readonly #numbers: number[] = [];
  #isSameTable = true;
  #next: Waiting[] = [];
  readonly #sent: Waiting[][] = [];

  /** @param program - {@link WRITER_PROGRAM} */
  constructor(program: URL, base: SiteBase, targets: TargetTable) {
    this.#targets = targets;
    this.#worker = new Worker(program, {
      workerData: base,
      // It keeps little, and would let garbage grow to 50 MB.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (batch: WrittenBatch) => this.#take(batch));
    this.#worker.on('error', (error) => this.#fail(error));
  }

  write(page: WholePage): Promise<WrittenPage> {
    return new Promise((resolve, reject) => {
      this.#next.push({ page, resolve, reject });
      // What is ready in one turn of the event loop goes together.
      if (this.#next.length === 1) setImmediate(() => this.#send());
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(): void {
    const waiting = this.#next;
    this.#next = [];
    this.#sent.push(waiting);
    const bodies = new Uint8Array(waiting.reduce((sum, { page }) => sum + page.body.length, 0));
    let start = 0;
    const pages = waiting.map(({ page: { body, ...page } }) => {
      bodies.set(body, start);
      start += body.length;
      return { ...page, length: body.length };
    });
    const batch: PageBatch = { bodies, pages };
    this.#worker.postMessage(batch, [bodies.buffer]);
  }

  #take({ pages, targets }: WrittenBatch): void {
    for (const target of targets) {
      const number = this.#targets.intern(target);
      this.#isSameTable &&= number === this.#numbers.length;
      this.#numbers.push(number);
    }
    for (const [index, { resolve, reject }] of (this.#sent.shift() ?? []).entries()) {
      const page = pages[index];
      if (page === undefined || 'failure' in page) reject(errorOf(page));
      else resolve({ ...page, links: this.#linksOf(page) });
    }
  }

  #linksOf({ links }: WrittenPage): string {
    if (this.#isSameTable) return links;
    return encodeLinks(
      [...decodeLinks(links)].map((link) => ({ ...link, target: this.#numbers[link.target] ?? 0 })),
    );
  }

  #fail(error: unknown): void {
    for (const { reject } of [...this.#sent.splice(0).flat(), ...this.#next.splice(0)]) reject(error);
  }
}

function errorOf(page: WritingFailure | undefined): Error {
  const { message = 'The page was not written.', ...others } = page?.failure ?? {};
  return Object.assign(new Error(message), others);
}
