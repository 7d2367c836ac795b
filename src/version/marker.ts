import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { isVersion } from '../core/version-format.ts';

/** What {@link markCurrent} did. */
export interface Marking {
  readonly marked: string;
  /** The versions whose markers were removed. */
  readonly removed: readonly string[];
}

/**
 * Makes a version the current one in a marker folder: its marker, an empty file, appears, then those of other versions
 * go. Folders, and files whose names are no versions, stay.
 *
 * @throws {@link StaticUrlError} `FILE_UNWRITABLE` when the folder cannot be written
 */
export function markCurrent(folder: string, version: string): Marking {
  try {
    mkdirSync(folder, { recursive: true });
    const others = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => isVersion(entry.name) && entry.name !== version && !entry.isDirectory())
      .map(({ name }) => name);
    // Being empty it appears whole; a marker that is there stays as it is.
    writeFileSync(join(folder, version), '', { flag: 'a' });
    for (const name of others) rmSync(join(folder, name), { force: true });
    return { marked: version, removed: others.toSorted() };
  } catch (error) {
    throw new StaticUrlError(
      'FILE_UNWRITABLE',
      `Cannot write the marker folder ${quote(folder)}: ${systemErrorCode(error) ?? String(error)}. Check its path and permissions.`,
      { cause: error },
    );
  }
}
