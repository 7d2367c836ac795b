import {
  closeSync,
  existsSync,
  fchmodSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { makeFolder } from '../files/durable-files.ts';
import { quote } from '../core/text.ts';
import { isVersion } from '../core/version-format.ts';

/** Open to nginx, which runs as another user. */
const FOLDER_MODE = 0o755;

/**
 * Makes a version the current one in a marker folder: the markers of other versions go, then its own, an empty file,
 * appears. Folders, and files whose names are no versions, stay.
 *
 * Killed on the way it leaves one marker or none, and of two at once either one leaves its marker, or none: never are two
 * versions current for longer than two at once take.
 *
 * @returns the versions whose markers were removed, sorted
 * @throws {@link StaticUrlError} `FILE_UNWRITABLE` when the folder cannot be written, `FILE_CHANGED` when another deploy
 * took the marker away again
 */
export function markCurrent(folder: string, version: string): string[] {
  const path = join(folder, version);
  const removeOthers = (): string[] =>
    removeMarkers(
      folder,
      markersIn(folder).filter((name) => name !== version),
    );
  const removed = changing(folder, () => {
    makeFolder(folder, FOLDER_MODE);
    const before = removeOthers();
    const made = makeMarker(path);
    try {
      // Once more: of two deploys at once the later one sees the marker of the other.
      return [...before, ...removeOthers()].toSorted();
    } catch (error) {
      if (made) rmSync(path, { force: true });
      throw error;
    }
  });
  if (existsSync(path)) return removed;
  throw removedMeanwhile(path);
}

/**
 * Removes all markers, so that no version is cached for long while files change.
 *
 * @returns the versions whose markers were removed, sorted; `undefined` when there is no such folder
 * @throws {@link StaticUrlError} `FILE_UNWRITABLE` when the folder cannot be read or written
 */
export function unmark(folder: string): string[] | undefined {
  return changing(
    folder,
    () => statSync(folder, { throwIfNoEntry: false }) && removeMarkers(folder, markersIn(folder)),
  );
}

/**
 * Makes a marker unless it is there, perhaps as another user's: nginx only looks whether it is. Being empty it appears
 * whole.
 *
 * @returns whether it was made
 */
function makeMarker(path: string): boolean {
  let marker: number;
  try {
    marker = openSync(path, 'wx');
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    // A link that leads nowhere is there, and no marker.
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) throw removedMeanwhile(path);
    if (entry.isFile() || statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    throw error;
  }
  // By its descriptor: another deploy may have removed it already.
  fchmodSync(marker, 0o644);
  closeSync(marker);
  return true;
}

function removedMeanwhile(path: string): StaticUrlError {
  return new StaticUrlError(
    'FILE_CHANGED',
    `The marker ${quote(path)} was removed as it was set: another deploy marks or unmarks a version there too. Mark again when that one has ended.`,
  );
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

function changing<Result>(folder: string, change: () => Result): Result {
  try {
    return change();
  } catch (error) {
    if (error instanceof StaticUrlError) throw error;
    throw new StaticUrlError(
      'FILE_UNWRITABLE',
      `Cannot write the marker folder ${quote(folder)}: ${systemErrorCode(error) ?? String(error)}. Check its path and permissions.`,
      { cause: error },
    );
  }
}

/** The right to enter a folder. */
const OTHERS_ENTER = 0o001;
const GROUP_ENTERS = 0o010;

/**
 * Tells when the permissions of a marker folder, or of one above it, keep nginx out, which then finds no marker and
 * caches no version. A group other than this process's own counts as let in on purpose.
 *
 * @returns a warning, or `undefined`
 */
export function warnOfClosedFolder(folder: string): string | undefined {
  // Windows has other permissions.
  if (process.getegid === undefined) return undefined;
  const ownGroup = process.getegid();
  for (const each of upwards(realpathSync(folder))) {
    const stats = statSync(each);
    if (!isClosed(stats, ownGroup)) continue;
    const octal = (stats.mode & 0o777).toString(8).padStart(4, '0');
    return `The folder ${quote(each)} has the mode ${octal}, so nginx finds no marker in ${quote(folder)} and caches no version unless its user may enter. Run "chmod o+x" with it.`;
  }
  return undefined;
}

function isClosed({ mode, gid }: Stats, ownGroup: number): boolean {
  return (mode & OTHERS_ENTER) === 0 && ((mode & GROUP_ENTERS) === 0 || gid === ownGroup);
}

/** A folder and all above it. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
