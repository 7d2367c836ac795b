import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { isVersion } from '../core/version-format.ts';

/**
 * Makes a version the current one in a marker folder: its marker, an empty file, appears, then those of other versions
 * go. Folders, and files whose names are no versions, stay.
 *
 * @returns the versions whose markers were removed, sorted
 * @throws {@link StaticUrlError} `FILE_UNWRITABLE` when the folder cannot be written
 */
export function markCurrent(folder: string, version: string): string[] {
  return changing(folder, () => {
    makeReachable(folder, mkdirSync(folder, { recursive: true }));
    const others = markersIn(folder).filter((name) => name !== version);
    // Being empty it appears whole; a marker that is there stays as it is.
    const marker = openSync(join(folder, version), 'a');
    // By its descriptor: another deploy may have removed it already.
    fchmodSync(marker, 0o644);
    closeSync(marker);
    return removeMarkers(folder, others);
  });
}

/**
 * Removes all markers, so that no version is cached for long while files change. A folder that is not there has none.
 *
 * @returns the versions whose markers were removed, sorted
 * @throws {@link StaticUrlError} `FILE_UNWRITABLE` when the folder cannot be read or written
 */
export function unmark(folder: string): string[] {
  return changing(folder, () => (existsSync(folder) ? removeMarkers(folder, markersIn(folder)) : []));
}

function markersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => isVersion(entry.name) && !entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

function removeMarkers(folder: string, names: readonly string[]): string[] {
  for (const name of names) rmSync(join(folder, name), { force: true });
  return [...names];
}

function changing(folder: string, change: () => string[]): string[] {
  try {
    return change();
  } catch (error) {
    throw new StaticUrlError(
      'FILE_UNWRITABLE',
      `Cannot write the marker folder ${quote(folder)}: ${systemErrorCode(error) ?? String(error)}. Check its path and permissions.`,
      { cause: error },
    );
  }
}

/** Opens the folders that were made to nginx, which runs as another user, whatever the umask. */
function makeReachable(folder: string, firstMade: string | undefined): void {
  if (firstMade === undefined) return;
  const below = relative(firstMade, folder).split(sep).filter(Boolean);
  let path = firstMade;
  for (const name of ['', ...below]) {
    path = join(path, name);
    chmodSync(path, 0o755);
  }
}
