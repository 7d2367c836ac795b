import type { Command } from 'commander';
import { BOOLEAN } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { byteText, countText, quote } from '../core/text.ts';
import type { Pages, StoredPage } from '../pages/index.ts';
import { createPagesCommand } from './pages-of-config.ts';
import type { Terminal } from './terminal.ts';

interface ListOptions {
  readonly bypassed?: boolean;
}

const LIST_OPTIONS: Table<ListOptions> = {
  bypassed: {
    ...BOOLEAN,
    flag: '--bypassed',
    default: false,
    help: 'Tells instead which cookies have sent how many requests to the app, most first.',
  },
};

/** `static-url pages list`: tells which pages are stored. */
export function pagesListCommand(terminal: Terminal): Command {
  return createPagesCommand(terminal, {
    name: 'list',
    description: 'Tell which pages are stored.',
    options: LIST_OPTIONS,
    json: 'Print [{"url", "mediaType", "size", "storedAt", "tags", "assetsVersion"}] instead; with --bypassed [{"cookie", "requests"}].',
    notes: '\nExample: why do so few requests get stored pages?\n  $ static-url pages list --bypassed\n',
    async run(pages, { bypassed }, { json }) {
      if (bypassed) terminal.write(bypassedText(await pages.bypassed(), json));
      else await (json ? printJson(pages, terminal) : printText(pages, terminal));
    },
  });
}

/** One array, a page on each line, written as the pages are found. */
async function printJson(pages: Pages, terminal: Terminal): Promise<void> {
  let before = '[';
  for await (const { url, mediaType, size, storedAt, tags, assetsVersion } of pages.list()) {
    terminal.write(`${before}\n${JSON.stringify({ url, mediaType, size, storedAt, tags, assetsVersion })}`);
    before = ',';
  }
  terminal.write(before === '[' ? '[]\n' : '\n]\n');
}

async function printText(pages: Pages, terminal: Terminal): Promise<void> {
  let [count, bytes] = [0, 0];
  for await (const page of pages.list()) {
    count += 1;
    bytes += page.size;
    terminal.write(lineOf(page));
  }
  terminal.write(count === 0 ? 'No page is stored.\n' : `${countText(count, 'page')}, ${byteText(bytes)}.\n`);
}

function lineOf({ url, mediaType, size, storedAt, tags }: StoredPage): string {
  const columns = [
    storedAt.toISOString(),
    byteText(size).padStart(6),
    mediaType,
    url,
    tags.map(quote).join(' '),
  ];
  return `${columns.join('  ').trimEnd()}\n`;
}

function bypassedText(counts: Readonly<Record<string, number>>, json: boolean): string {
  const sorted = Object.entries(counts)
    .map(([cookie, requests]) => ({ cookie, requests }))
    .toSorted((one, other) => other.requests - one.requests);
  if (json) return `${JSON.stringify(sorted)}\n`;
  if (sorted.length === 0)
    return 'No request is known to have gone to the app for a cookie. A running app writes its counts every ten seconds.\n';
  const width = String(sorted[0]?.requests).length;
  return `${sorted.map(({ cookie, requests }) => `${String(requests).padStart(width)}  ${quote(cookie)}\n`).join('')}Name those that only scripts read in "ignoreCookies", or the only ones that matter in "bypassCookies".\n`;
}
