import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import type { ModulesMode } from '../../../src/assets.ts';
import { openChromium } from '../../helpers/chromium.ts';
import { until } from '../../helpers/descriptors.ts';
import { PREFIX } from './deployment.ts';

const FOR_A_YEAR = 'public, max-age=31536000, immutable';

/** What a browser was answered under the prefix. */
export interface Answer {
  /** The asset's name. */
  readonly asset: string;
  /** Of the URL; empty where it has none. */
  readonly version: string;
  readonly status: number;
  readonly cacheControl: string | undefined;
}

/** A page in a browser of its own. */
export interface Visit {
  readonly page: Page;
  readonly answers: readonly Answer[];
  /** What the page, its console and its requests complained of. */
  readonly complaints: readonly string[];
}

export async function visit(t: ExecutionContext, url: string): Promise<Visit> {
  const page = await (await openChromium(t)).newPage();
  const answers: Answer[] = [];
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('requestfailed', (request) => complaints.push(request.url()));
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (!path.startsWith(PREFIX)) return;
    const [, version = '', asset = ''] = /^(?:([0-9a-f]{16})\/)?(.*)$/s.exec(path.slice(PREFIX.length)) ?? [];
    const cacheControl = response.headers()['cache-control'];
    answers.push({ asset, version, status: response.status(), cacheControl });
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, answers, complaints };
}

/** Waits until something is so in a page, which may complain of nothing. */
export async function comesToPass(
  t: ExecutionContext,
  { complaints }: Visit,
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
export function assertForAYear(t: ExecutionContext, visited: Visit, modules: ModulesMode): void {
  t.deepEqual(passingAnswers(visited.answers), []);
  const worker = visited.answers.find(({ asset }) => /worker[^/]*\.js$/.test(asset));
  const own = visited.answers.filter(({ version }) => modules === 'group' || version !== worker?.version);
  const versions = new Map<string, string>();
  for (const { asset, version } of own.filter((each) => /\.m?js$|\.css$/.test(each.asset))) {
    t.is(versions.get(asset) ?? version, version, `${asset} has two URLs`);
    versions.set(asset, version);
  }
}
