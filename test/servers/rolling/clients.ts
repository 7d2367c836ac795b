import type { BrowserContext, Page, Response } from 'playwright-core';
import { request } from '../../helpers/request.ts';
import { CHOICE_HEADER, type Choice } from './fleet.ts';
import { PREFIX } from './host.ts';
import { digestOf, type Ledger } from './ledger.ts';

/** A plain HTTP client: asks for a URL and writes down what it got. */
export async function ask(
  ledger: Ledger,
  by: string,
  origin: string,
  url: string,
  choice?: Choice,
): Promise<string> {
  const { status, headers, body } = await request(origin, url, {
    headers: choice ? { [CHOICE_HEADER]: choice } : {},
  });
  ledger.add({
    url,
    status,
    digest: digestOf(body),
    cacheControl: String(headers['cache-control']),
    by,
    stored: headers['x-cache'] === 'HIT',
  });
  return status === 200 ? body.toString() : '';
}

/** Asks for a page and, as a browser would, for all it leads to. The choice is for the assets. */
export async function crawl(
  ledger: Ledger,
  by: string,
  origin: string,
  page: string,
  choice?: Choice,
): Promise<void> {
  const { body } = await request(origin, page, { headers: choice ? { [CHOICE_HEADER]: choice } : {} });
  const pending = new Set(
    Array.from(body.toString().matchAll(/(?:src|href)="(\/static\/[^"]+)"/g), ([, url = '']) => url),
  );
  for (const url of pending) {
    const text = await ask(ledger, by, origin, url, choice);
    if (!/\.(?:css|js)$/.test(url)) continue;
    for (const [, reference = ''] of text.matchAll(/(?:from '|@import '|url\()([^')]+)/g)) {
      pending.add(new URL(reference, `${origin}${url}`).pathname);
    }
  }
}

/** Chromium visits a page and writes down what it got. The page stays open. */
export async function visit(
  ledger: Ledger,
  by: string,
  context: BrowserContext,
  origin: string,
  page: string,
  choice: Choice,
): Promise<Page> {
  await context.setExtraHTTPHeaders({ [CHOICE_HEADER]: choice });
  const tab = await context.newPage();
  const responses: Response[] = [];
  tab.on('response', (response) => responses.push(response));
  tab.on('requestfailed', (failed) => {
    const url = new URL(failed.url()).pathname;
    if (!url.startsWith(PREFIX)) return;
    ledger.add({ url, status: 0, digest: '', cacheControl: 'no-store', by, stored: false });
  });
  await tab.goto(origin + page, { waitUntil: 'load' });
  // A font that is on its way when the tab closes would count as failed.
  await tab.evaluate('document.fonts.ready.then(() => document.fonts.size)');
  for (const response of responses) {
    const url = new URL(response.url()).pathname;
    if (!url.startsWith(PREFIX)) continue;
    const headers = await response.allHeaders();
    ledger.add({
      url,
      status: response.status(),
      digest: digestOf(await response.body()),
      cacheControl: headers['cache-control'] ?? '',
      by,
      stored: false,
    });
  }
  return tab;
}

/** Runs in the page, so it is text: what TypeScript makes of a function does not run there. */
const STORED = `async (paths) => {
  const look = async (path) => {
    try {
      const response = await fetch(path, { cache: 'only-if-cached', mode: 'same-origin' });
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
      const hexadecimal = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
      return [{ path, status: response.status, digest: hexadecimal }];
    } catch {
      return [];
    }
  };
  return (await Promise.all(paths.map(look))).flat();
}`;

/** Writes down what Chromium has stored for URLs, without asking any server. */
export async function inspectStored(
  ledger: Ledger,
  by: string,
  tab: Page,
  urls: readonly string[],
): Promise<void> {
  const found = await tab.evaluate<{ path: string; status: number; digest: string }[]>(
    `(${STORED})(${JSON.stringify(urls)})`,
  );
  for (const { path, status, digest } of found) {
    ledger.add({ url: path, status, digest, cacheControl: 'stored', by, stored: true });
  }
}
