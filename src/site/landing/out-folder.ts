import { existsSync, lstatSync, readdirSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { isInside, realPath } from '../../files/roots.ts';
import type { SwapRule } from './options.ts';
import { adviceFor, type SiteLayout } from './site-layout.ts';

/** What the folder of a site must not be. */
export interface OutRules {
  readonly swap: SwapRule;
  /** Folders that it may neither hold nor lie in. */
  readonly protectedFolders: readonly string[];
  /** The folder of the configuration, which it may not hold; it may lie there. */
  readonly projectFolder: string;
}

/**
 * Refuses a folder that no export may fill. Nothing is changed yet.
 *
 * @throws {@link StaticUrlError} `SITE_OUT_REFUSED`, `CROSS_DEVICE`
 */
export function checkOut(layout: SiteLayout, rules: OutRules): void {
  const { out } = layout;
  if (dirname(out) === out) throw refused(out, 'it is the root of the file system');
  const found = lstatSync(out, { throwIfNoEntry: false });
  checkKind(layout, rules.swap, found);
  checkPlace(out, rules);
  if (found === undefined || found.isSymbolicLink()) return;
  checkContent(layout, rules.swap);
  if (found.dev !== statSync(dirname(out)).dev)
    throw new StaticUrlError(
      'CROSS_DEVICE',
      `${quote(out)} is the top of a file system of its own. ${adviceFor(layout).split}`,
    );
}

/** The run in whose tree the site is, when `out` is a link of ours. */
export function linkedRun({ out, sites }: SiteLayout): string | undefined {
  if (lstatSync(out, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined;
  const target = resolve(dirname(out), readlinkSync(out));
  return dirname(target) === sites ? basename(target) : undefined;
}

function refused(out: string, why: string, advice = 'Name a folder for the site alone.'): StaticUrlError {
  return new StaticUrlError('SITE_OUT_REFUSED', `Cannot export into ${quote(out)}: ${why}. ${advice}`);
}

function checkKind(layout: SiteLayout, swap: SwapRule, found: Stats | undefined): void {
  const { out } = layout;
  if (found === undefined) return;
  if (found.isSymbolicLink()) {
    const where = `it is a symbolic link to ${quote(readlinkSync(out))}`;
    if (linkedRun(layout) === undefined)
      throw refused(out, where, 'Name the folder that it leads to, or remove the link.');
    if (swap === 'files') throw refused(out, where, 'Remove the link, or set the option "swap" to "link".');
  } else if (!found.isDirectory()) throw refused(out, 'it is no folder');
}

function checkPlace(out: string, { protectedFolders, projectFolder }: OutRules): void {
  const place = join(realPath(dirname(out)), basename(out));
  const holds = (folder: string): boolean => isInside(realPath(folder), [place]);
  if (holds(homedir())) throw refused(out, 'it holds the home folder');
  if (holds(projectFolder)) throw refused(out, `it holds the project ${quote(projectFolder)}`);
  for (const folder of protectedFolders) {
    const why = holds(folder) ? 'it holds' : isInside(place, [realPath(folder)]) ? 'it lies in' : undefined;
    if (why !== undefined) throw refused(out, `${why} ${quote(folder)}, which the site is made of`);
  }
}

/** Looks into a folder that is there. */
function checkContent({ out, state }: SiteLayout, swap: SwapRule): void {
  if (swap === 'link' && readdirSync(out).length > 0)
    throw refused(
      out,
      'it is a folder that is not empty, and the option "swap" is "link"',
      'Move it away: a link takes its place.',
    );
  // A site of ours may have a package.json, and a repository to deploy it by.
  if (existsSync(state)) return;
  const isProject =
    existsSync(join(out, 'package.json')) ||
    // In a work tree beside the repository, such as one for GitHub Pages, it is a file.
    lstatSync(join(out, '.git'), { throwIfNoEntry: false })?.isDirectory() === true;
  if (isProject) throw refused(out, 'it holds a project of its own: a package.json or a .git folder');
}
