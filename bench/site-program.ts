import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findDjango } from './django.ts';
import { numberIn, runProgram } from './node-program.ts';

/** What a program of `programs/` that exports a site is told, as JSON. */
export interface SiteOrder {
  /** The file of {@link writePageTemplate}. */
  readonly template: string;
  /** How many pages the site has. */
  readonly pages: number;
  /** The folder that the site is written to. */
  readonly out: string;
  /** How many pages are rendered at a time. */
  readonly concurrency: number;
  /** Worker threads of static-url. */
  readonly parallel?: number;
  /** What each page burns: iterations of PBKDF2. */
  readonly iterations?: number;
  /** Whether a route of static-url says when its pages last changed. */
  readonly dated?: boolean;
}

/** What an export took, timed inside its process from its start to its end: without imports. */
export interface ExportFigures {
  readonly milliseconds: number;
  /** The most that the whole process ever had in memory. */
  readonly peakBytes: number;
  /** How many pages the app was asked for. */
  readonly rendered: number;
}

/** The programs that export. */
export type Exporter = 'export-command.js' | 'export-site.js' | 'export-hono.js' | 'export-distill.py';

const PAGE_BYTES = 8192;
/** Where the links to the page before and the page after go, which make it as long as it is to be. */
const LINKS = '{{links}}';
const LINKS_BYTES = 2 * link('note-000000').length;
const EXPORT_MILLISECONDS = 1_800_000;

/** Writes the page that all sites consist of, 8 KB with two links, and returns its path. */
export async function writePageTemplate(folder: string): Promise<string> {
  const start = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A note of the harbour</title></head>
<body>
<nav>${LINKS}</nav>
<main>
<h1 id="top">A note of the harbour</h1>
`;
  const end = '</main>\n</body>\n</html>\n';
  let paragraphs = '';
  const length = PAGE_BYTES - start.length - end.length - LINKS_BYTES + LINKS.length;
  for (let number = 1; paragraphs.length < length; number += 1)
    paragraphs += `<p class="entry">Entry ${number}: the tide rose by ${(number * 7919) % 500} centimetres &amp; fell again.</p>\n`;
  // Cut inside of a comment, so that the page stays well-formed.
  const comment = '<!---->';
  const whole = paragraphs.slice(0, paragraphs.lastIndexOf('\n', length - comment.length - 1) + 1);
  const padding = `<!--${'.'.repeat(length - whole.length - comment.length)}-->`;
  const path = join(folder, 'page.html');
  await writeFile(path, start + whole + padding + end);
  return path;
}

/** Has a program export a site in a process of its own. */
export async function exportSite(exporter: Exporter, order: SiteOrder): Promise<ExportFigures> {
  const answer = exporter.endsWith('.py')
    ? await runPython(exporter, order)
    : await runProgram(exporter, [JSON.stringify(order)], EXPORT_MILLISECONDS);
  return {
    milliseconds: numberIn(answer, 'milliseconds'),
    peakBytes: numberIn(answer, 'peakBytes'),
    rendered: numberIn(answer, 'rendered'),
  };
}

/** The figures of an export into a new folder, which is removed again; it is looked at before. */
export async function exportAnew(
  exporter: Exporter,
  folder: string,
  order: Omit<SiteOrder, 'out'>,
): Promise<ExportFigures> {
  const parent = await mkdtemp(join(folder, 'export-'));
  const out = join(parent, 'site');
  try {
    const figures = await exportSite(exporter, { ...order, out });
    await checkPages(out, order);
    return figures;
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** All peers write `notes/<slug>/index.html`, with the same bytes. */
async function checkPages(out: string, { template, pages }: Omit<SiteOrder, 'out'>): Promise<void> {
  const written = (await readdir(join(out, 'notes'))).length;
  if (written !== pages) throw new Error(`${written} of ${pages} pages were exported.`);
  const page = await readFile(join(out, 'notes/note-000001/index.html'), 'utf8');
  const links = link('note-000000') + link('note-000002');
  if (page !== (await readFile(template, 'utf8')).replace(LINKS, links))
    throw new Error('A page was not exported as the app renders it.');
}

function link(slug: string): string {
  return `<a href="/notes/${slug}/">${slug}</a>`;
}

async function runPython(program: Exporter, order: SiteOrder): Promise<unknown> {
  const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  const { stdout } = await promisify(execFile)(
    findDjango()?.python ?? 'python3',
    [path, JSON.stringify(order)],
    {
      timeout: EXPORT_MILLISECONDS,
    },
  );
  return JSON.parse(stdout) as unknown;
}
