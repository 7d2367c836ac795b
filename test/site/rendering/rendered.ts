import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { App } from '../../../src/render/index.ts';
import { TargetTable } from '../../../src/site/checks/index.ts';
import { openRendering, type RenderingSettings } from '../../../src/site/rendering/open-rendering.ts';
import type { PageOutcome, PageTask } from '../../../src/site/rendering/page-task.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** What became of a page, and what was written of it. */
export interface Rendered {
  readonly outcome: PageOutcome;
  /** `undefined` where no file was written. */
  readonly text: string | undefined;
}

/** Renders one page of an app, whose site is at `https://www.example.com` unless it is told another. */
export async function rendered(
  t: ExecutionContext,
  app: App,
  task: Partial<PageTask> = {},
  settings: Partial<RenderingSettings> = {},
): Promise<Rendered> {
  const folder = await temporaryFolder(t);
  const rendering = await openRendering(app, new TargetTable(), {
    base: { origin: 'https://www.example.com', path: '/', slash: 'never' },
    stripOriginPath: true,
    deadlineMilliseconds: 600_000,
    maxPageBytes: 1024 ** 3,
    concurrency: 16,
    parallel: 0,
    appModule: undefined,
    ...settings,
  });
  t.teardown(() => rendering.close());
  const staged = join(folder, 'staged');
  const target = task.target ?? '/';
  const outcome = await rendering.render({
    target,
    url: `https://www.example.com${target}`,
    language: undefined,
    statusCodes: [200],
    staged,
    known: undefined,
    isCompared: false,
    ...task,
  });
  return { outcome, text: await readFile(staged, 'utf8').catch(() => undefined) };
}
