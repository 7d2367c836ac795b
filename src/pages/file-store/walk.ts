import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { siteFolder } from '../rules/page-files.ts';
import { isBelow } from '../rules/page-files.ts';
import type { PageKey } from '../store.ts';
import { isMissing, statIfThere } from './disk.ts';
import type { Generation } from './generations.ts';
import { pageOfFile } from './names.ts';
import type { PlainFile } from './plain-files.ts';

/** A page that was found in the folder of pages. */
export interface FoundPage {
  readonly key: PageKey;
  readonly plain: PlainFile;
}

/**
 * Finds every page; one that lands or goes meanwhile may be among them or not.
 *
 * @param onOther - called for each file that is no page's plain file
 */
export async function* allPages(
  generation: Generation,
  sites: readonly string[],
  onOther: (file: string) => void = () => {},
): AsyncGenerator<FoundPage, void, undefined> {
  yield* pagesIn(generation, { folder: generation.pages, sites, onOther });
}

/** Finds every page that is below another one. */
export async function* pagesBelow(
  generation: Generation,
  { site, target }: PageKey,
): AsyncGenerator<FoundPage, void, undefined> {
  const path = target.split('?')[0] ?? target;
  // The folder in which the page's own name stands.
  const above = path.replace(/\/$/, '').replace(/[^/]*$/, '');
  const start = join(generation.pages, siteFolder(site), above);
  const wanted = (found: string): boolean =>
    isBelow(found, target) || target.startsWith(`${found}/`) || target.startsWith(`${found}?`);
  for await (const page of pagesIn(generation, { folder: start, sites: [site], wanted }))
    if (isBelow(page.key.target, target)) yield page;
}

interface Search {
  readonly folder: string;
  readonly sites: readonly string[];
  /** Whether to look into a folder, by what it would be as a target. */
  readonly wanted?: (target: string) => boolean;
  readonly onOther?: (file: string) => void;
}

async function* pagesIn(generation: Generation, search: Search): AsyncGenerator<FoundPage, void, undefined> {
  const { folder, sites, wanted, onOther } = search;
  for await (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    const name = relative(generation.pages, path).replaceAll(sep, '/');
    if (entry.isDirectory()) {
      const slash = name.indexOf('/');
      if (slash === -1 || !wanted || wanted(name.slice(slash)))
        yield* pagesIn(generation, { ...search, folder: path });
      continue;
    }
    const page = pageOfFile(name, sites);
    const stats = page && statIfThere(path);
    if (!page) onOther?.(path);
    if (!page || !stats) continue;
    const { site, target, mediaType } = page;
    yield { key: { site, target }, plain: { file: path, mediaType, stats } };
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent, void, undefined> {
  try {
    yield* await opendir(folder, { bufferSize: 64 });
  } catch (error) {
    // Tidied away meanwhile.
    if (!isMissing(error)) throw error;
  }
}
