import type { Page } from 'playwright-core';
import type { Chromium } from './chromium.ts';

const PREFIX = '/static/';

/** What a browser was answered under the prefix. */
export interface Answer {
  /** Of the URL, with its query. */
  readonly path: string;
  /** The asset's name. */
  readonly asset: string;
  /** Of the URL; empty where it has none. */
  readonly version: string;
  readonly status: number;
  readonly cacheControl: string | undefined;
}

/** A page that was loaded in a browser. */
export interface WatchedPage {
  readonly page: Page;
  readonly answers: readonly Answer[];
  /** What the page, its console and its requests complained of. */
  readonly complaints: readonly string[];
}

/** Loads a page and writes down what comes of it, from its first request on. */
export async function watchPage(browser: Chromium, url: string): Promise<WatchedPage> {
  const page = await browser.newPage();
  const answers: Answer[] = [];
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('requestfailed', (request) => complaints.push(request.url()));
  page.on('response', (response) => {
    const { pathname, search } = new URL(response.url());
    if (!pathname.startsWith(PREFIX)) return;
    const [, version = '', asset = ''] =
      /^(?:([0-9a-f]{16})\/)?(.*)$/s.exec(pathname.slice(PREFIX.length)) ?? [];
    answers.push({
      path: pathname + search,
      asset: decodeURIComponent(asset),
      version,
      status: response.status(),
      cacheControl: response.headers()['cache-control'],
    });
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, answers, complaints };
}
