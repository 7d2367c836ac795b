import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { PHASES, type FileRecord, type PlannedFile } from './planned-file.ts';
import { parentOf } from './site-tree.ts';

/** A new site, or some files of one. */
export type SitePlan = ReadonlyMap<string, PlannedFile>;

const UNSAFE_NAME = /^$|^\/|\/\/|\/$|\0|(?:^|\/)\.\.?(?:\/|$)/;

/**
 * Refuses a plan that no folder can hold, before anything is written.
 *
 * @param keep - names at the top of the folder that are not the site's
 * @throws {@link StaticUrlError} `SITE_URLS`, `SITE_OUT_REFUSED`
 */
export function checkPlan(plan: SitePlan, keep: ReadonlySet<string>): void {
  const folders = new Set<string>();
  for (const name of plan.keys()) {
    if (UNSAFE_NAME.test(name))
      throw new StaticUrlError(
        'SITE_URLS',
        `The file ${quote(name)} would lie outside of the site's folder.`,
      );
    const [top = ''] = name.split('/', 1);
    if (keep.has(top))
      throw new StaticUrlError(
        'SITE_OUT_REFUSED',
        `The site has a file ${quote(name)}, but ${quote(top)} is kept as it is. Take it from the option "keep", or the file from the site.`,
      );
    for (let folder = parentOf(name); folder !== '' && !folders.has(folder); folder = parentOf(folder)) {
      if (plan.has(folder))
        throw new StaticUrlError(
          'SITE_URLS',
          `The site has a file ${quote(folder)} and a file ${quote(name)}, for which ${quote(folder)} would have to be a folder. Give one of their routes another "file".`,
        );
      folders.add(folder);
    }
  }
}

/** The files of a plan that are to be put in their places, in the order of their phases. */
export function filesToPut(plan: SitePlan): (PlannedFile & { readonly staged: string })[] {
  const files = [...plan.values()].filter(
    (file): file is PlannedFile & { readonly staged: string } => file.staged !== undefined,
  );
  return files.toSorted((one, other) => orderOf(one.record) - orderOf(other.record));
}

/** What the last export wrote and the plan lacks, in the opposite order of phases. */
export function namesToDelete(previous: ReadonlyMap<string, FileRecord>, plan: SitePlan): string[] {
  const gone = [...previous].filter(([name]) => !plan.has(name));
  return gone.toSorted(([, one], [, other]) => orderOf(other) - orderOf(one)).map(([name]) => name);
}

/** Name and record of each file, as the state has them. */
export function* recordsOf(plan: SitePlan): IterableIterator<readonly [name: string, record: FileRecord]> {
  for (const [name, { record }] of plan) yield [name, record];
}

function orderOf({ phase }: FileRecord): number {
  return PHASES.indexOf(phase);
}
