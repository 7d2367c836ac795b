import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import express, { type Express } from 'express';
import type { SiteOptions } from '../../src/site/options.ts';
import { createSite, type Site, type SiteFinding } from '../../src/site/index.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';

/** Where the sites of tests are. */
const ORIGIN = 'https://www.example.com';

/** A site that is written to a folder of its own. */
export interface OpenedSite {
  readonly site: Site;
  /** What the site's folder, `site`, stands in. */
  readonly folder: string;
  readonly out: string;
  /** The files of the site, each with its text. */
  readonly files: () => Promise<Record<string, string>>;
}

/**
 * Opens a site in a temporary folder.
 *
 * @param files - what is in the folder beside it
 */
export async function openSite(
  t: ExecutionContext,
  options: Omit<SiteOptions, 'out' | 'origin'> & Partial<SiteOptions>,
  files: Files = {},
): Promise<OpenedSite> {
  const folder = await temporaryFolder(t, files);
  return openSiteIn(t, folder, options);
}

/** Opens a site in a folder that is there. */
export function openSiteIn(
  t: ExecutionContext,
  folder: string,
  options: Omit<SiteOptions, 'out' | 'origin'> & Partial<SiteOptions>,
): OpenedSite {
  const out = join(folder, 'site');
  // A busy machine takes its time, and no test here is about that unless it says so.
  const site = createSite({ origin: ORIGIN, deadlineSeconds: 600, ...options, out });
  t.teardown(() => site.close());
  return { site, folder, out, files: () => filesOf(out) };
}

/** The files of a folder, each with its text, by their names with `/` between segments. */
export async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

/** A page with a title and links. */
export function pageText(title: string, ...links: readonly string[]): string {
  return `<!doctype html>\n<title>${title}</title>\n${links.map((link) => `<a href="${link}">${link}</a>\n`).join('')}`;
}

/** An Express app without the header that names Express. */
export function newApp(): Express {
  return express().disable('x-powered-by');
}

/** The kinds of findings, each with what it is about. */
export function kindsOf(findings: readonly SiteFinding[]): string[] {
  return findings.map(({ kind, file }) => (file === undefined ? kind : `${kind} ${file}`));
}
