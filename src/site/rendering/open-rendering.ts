import type { Tinypool } from 'tinypool';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError } from '../../core/errors.ts';
import { ownFile, requireOwnFile } from '../../core/own-file.ts';
import { createRenderer, type App } from '../../render/index.ts';
import { encodeLinks, type SiteBase, type TargetTable } from '../checks/index.ts';
import { PageRenderer, type RenderingRules } from './page-renderer.ts';
import type { FailedPage, PageOutcome, PageTask } from './page-task.ts';
import { DirectWriter, type PageWriter, type WholePage, type WrittenPage } from './page-writer.ts';
import type { WorkerOutcome, WorkerReply, WorkerStart } from './worker.ts';
import { WRITER_PROGRAM, WriterThread } from './writer-thread.ts';

/** The longest that a timer takes. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** What renders pages: this thread, or several. */
export interface SiteRendering {
  /** @param isWanted - asked once it is the page's turn */
  render(task: PageTask, isWanted?: () => boolean): Promise<PageOutcome>;
  /** How many tasks it takes at a time. */
  readonly capacity: number;
  /** The GET routes of the app, as far as they are known. */
  appRoutes(): readonly string[];
  close(): Promise<void>;
}

/** How pages are rendered, and by how many. */
export interface RenderingSettings extends RenderingRules {
  /** How many worker threads; 0: this thread. */
  readonly parallel: number;
  /** Absolute; there are worker threads only with it. */
  readonly appModule: string | undefined;
}

/**
 * Makes ready to render, in this thread or in others.
 *
 * @param targets - by which links are written
 */
export async function openRendering(
  app: App,
  targets: TargetTable,
  { parallel, appModule, ...rules }: RenderingSettings,
): Promise<SiteRendering> {
  const renderer = createRenderer();
  const hashes = await xxhash();
  const writer = new SpareWriter(rules.base, targets, hashes);
  const pages = new PageRenderer(app, renderer, rules, { targets, hashes, writer });
  if (parallel > 0 && appModule !== undefined) {
    renderer.close();
    return openThreads(pages, targets, { appModule, rules }, parallel);
  }
  return {
    capacity: rules.concurrency + WRITTEN_PAGES,
    render: async (task, isWanted) => pages.render(task, isWanted),
    appRoutes: () => pages.routes.labels,
    async close() {
      renderer.close();
      await writer.close();
    },
  };
}

/** How many pages may wait for being written, while others are rendered. */
const WRITTEN_PAGES = 48;

/** So many pages are written at once before a thread for them is worth its start. */
const FIRST_PAGES = 100;

/** Writes the first pages itself, and has a thread write the others. */
class SpareWriter implements PageWriter {
  readonly #direct: PageWriter;
  readonly #startThread: (program: URL) => WriterThread;
  #thread: WriterThread | undefined;
  #count = 0;

  constructor(base: SiteBase, targets: TargetTable, hashes: XXHashAPI) {
    this.#direct = new DirectWriter(base, targets, hashes);
    this.#startThread = (program) => new WriterThread(program, base, targets);
  }

  write(page: WholePage): WrittenPage | Promise<WrittenPage> {
    this.#count += 1;
    if (this.#count <= FIRST_PAGES || WRITER_PROGRAM === undefined) return this.#direct.write(page);
    this.#thread ??= this.#startThread(WRITER_PROGRAM);
    return this.#thread.write(page);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }
}

async function openThreads(
  { routes }: PageRenderer,
  targets: TargetTable,
  start: WorkerStart,
  threads: number,
): Promise<SiteRendering> {
  const { concurrency } = start.rules;
  const base: string | undefined = import.meta.url;
  const program = ownFile('worker.ts', base) ?? requireOwnFile('The option "parallel"', 'worker.js', base);
  const { Tinypool: Pool } = await import('tinypool');
  const pool: Tinypool = new Pool({
    filename: program.href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: concurrency,
  });
  const labels = new Set(routes.labels);
  let loaded: Promise<unknown> | undefined;
  return {
    capacity: threads * concurrency,
    async render(task) {
      // Before any clock runs: a free thread takes the next task, so each of them has one.
      loaded ??= Promise.all(Array.from({ length: threads }, () => pool.run({ start }).then(outcomeOf)));
      await loaded;
      const reply = outcomeOf(await replyOf(pool.run({ task, start }), start.rules));
      const { outcome, links, labels: learnt = [] } = reply;
      for (const label of learnt) labels.add(label);
      if (outcome.kind !== 'page') return outcome;
      const known = links.map(({ target, ...place }) => ({ ...place, target: targets.intern(target) }));
      return { ...outcome, links: encodeLinks(known) };
    },
    appRoutes: () => revealed([...labels]),
    close: async () => pool.destroy(),
  };
}

/** The deadline of a page ends it in its thread; where nothing there has its turn any more, this does. */
async function replyOf(
  reply: Promise<WorkerReply>,
  { deadlineMilliseconds }: RenderingRules,
): Promise<WorkerReply> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<WorkerReply>((resolve) => {
    const outcome: FailedPage = {
      kind: 'failed',
      status: undefined,
      reason: `took longer than ${deadlineMilliseconds} ms, and its thread answers no more: does this page, or one beside it, compute for ever?`,
      details: undefined,
    };
    // Twice: a page that is late may take a moment to say so.
    const milliseconds = Math.min(2 * deadlineMilliseconds, MOST_MILLISECONDS);
    timer = setTimeout(() => resolve({ outcome, links: [] }), milliseconds);
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer);
  }
}

function outcomeOf(reply: WorkerReply): WorkerOutcome {
  if (!('thrown' in reply)) return reply;
  const { message, code, isUsage } = reply.thrown;
  if (isUsage) throw new TypeError(message);
  if (code !== undefined) throw Object.assign(new Error(message), { code, syscall: 'write' });
  throw new StaticUrlError('APP_FAILED', `A worker thread cannot render: ${message}`);
}

/** What stood for a mounted app does so no more once its routes are known. */
function revealed(labels: readonly string[]): string[] {
  return labels.filter(
    (label) =>
      !label.endsWith('/*') || !labels.some((each) => each !== label && each.startsWith(label.slice(0, -1))),
  );
}
