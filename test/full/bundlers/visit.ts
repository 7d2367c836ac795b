import type { ExecutionContext } from 'ava';
import type { ModulesMode } from '../../../src/assets.ts';
import { openChromium } from '../../helpers/chromium.ts';
import { until } from '../../helpers/descriptors.ts';
import { watchPage, type Answer, type WatchedPage } from '../../helpers/watched-page.ts';

const FOR_A_YEAR = 'public, max-age=31536000, immutable';

/** Loads a page in a browser of its own. */
export async function visit(t: ExecutionContext, url: string): Promise<WatchedPage> {
  return watchPage(await openChromium(t), url);
}

/** Waits until something is so in a page, which may complain of nothing. */
export async function comesToPass(
  t: ExecutionContext,
  { complaints }: WatchedPage,
  isSo: () => Promise<boolean> | boolean,
): Promise<void> {
  await until(async () => complaints.length > 0 || isSo());
  t.deepEqual(complaints, []);
}

/** What was answered otherwise than for a year. */
export function passingAnswers(answers: readonly Answer[]): Answer[] {
  return answers.filter(({ status, cacheControl }) => status !== 200 || cacheControl !== FOR_A_YEAR);
}

/**
 * That all is kept for a year, and each script and stylesheet was loaded under one URL alone; but for what a worker imports
 * in mode `importmap`: it sees no import map, so that all has the worker's version.
 */
export function assertForAYear(t: ExecutionContext, visited: WatchedPage, modules: ModulesMode): void {
  t.deepEqual(passingAnswers(visited.answers), []);
  const worker = visited.answers.find(({ asset }) => /worker[^/]*\.js$/.test(asset));
  const own = visited.answers.filter(({ version }) => modules === 'group' || version !== worker?.version);
  const versions = new Map<string, string>();
  for (const { asset, version } of own.filter((each) => /\.m?js$|\.css$/.test(each.asset))) {
    t.is(versions.get(asset) ?? version, version, `${asset} has two URLs`);
    versions.set(asset, version);
  }
}
