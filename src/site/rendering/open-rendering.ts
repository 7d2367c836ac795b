import type { Tinypool } from 'tinypool';
import xxhash from 'xxhash-wasm';
import { createRenderer, type App } from '../../render/index.ts';
import { encodeLinks, type TargetTable } from '../checks/index.ts';
import { PageRenderer, type RenderingRules } from './page-renderer.ts';
import type { PageOutcome, PageTask } from './page-task.ts';
import type { WorkerOutcome, WorkerStart } from './worker.ts';

/** What renders pages: this thread, or several. */
export interface SiteRendering {
  render(task: PageTask): Promise<PageOutcome>;
  /** How many tasks it takes at a time. */
  readonly capacity: number;
  /** The GET routes of the app, as far as they are known. */
  appRoutes(): readonly string[];
  close(): Promise<void>;
}

/** How pages are rendered, and by how many. */
export interface RenderingSettings extends RenderingRules {
  /** How many pages at a time, in each thread. */
  readonly concurrency: number;
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
  { concurrency, parallel, appModule, ...rules }: RenderingSettings,
): Promise<SiteRendering> {
  const renderer = createRenderer();
  const pages = new PageRenderer(app, renderer, rules, targets, await xxhash());
  if (parallel > 0 && appModule !== undefined) {
    renderer.close();
    return openThreads(pages, targets, { appModule, rules }, parallel, concurrency);
  }
  return {
    capacity: concurrency,
    render: async (task) => pages.render(task),
    appRoutes: () => pages.routes.labels,
    close: async () => renderer.close(),
  };
}

async function openThreads(
  { routes }: PageRenderer,
  targets: TargetTable,
  start: WorkerStart,
  threads: number,
  concurrency: number,
): Promise<SiteRendering> {
  const { Tinypool: Pool } = await import('tinypool');
  const pool: Tinypool = new Pool({
    filename: new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: concurrency,
  });
  const labels = new Set(routes.labels);
  return {
    capacity: threads * concurrency,
    async render(task) {
      const { outcome, links, labels: learnt = [] }: WorkerOutcome = await pool.run({ task, start });
      for (const label of learnt) labels.add(label);
      if (outcome.kind !== 'page') return outcome;
      const known = links.map(({ target, ...place }) => ({ ...place, target: targets.intern(target) }));
      return { ...outcome, links: encodeLinks(known) };
    },
    appRoutes: () => revealed([...labels]),
    close: async () => pool.destroy(),
  };
}

/** What stood for a mounted app does so no more once its routes are known. */
function revealed(labels: readonly string[]): string[] {
  return labels.filter(
    (label) =>
      !label.endsWith('/*') || !labels.some((each) => each !== label && each.startsWith(label.slice(0, -1))),
  );
}
