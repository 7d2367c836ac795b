import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
 * Makes a version the current one in a marker folder: its marker appears by a rename, then those of other versions go.
 * Files whose names are no versions stay.
 *
 * @throws {@link StaticUrlError} `FILE_UNREADABLE` when the folder cannot be written
 */
export function markCurrent(folder: string, version: string): Marking {
  try {
    mkdirSync(folder, { recursive: true });
    const others = readdirSync(folder).filter((name) => isVersion(name) && name !== version);
    const unfinished = join(folder, `.${version}-${randomBytes(6).toString('hex')}`);
    writeFileSync(unfinished, '');
    renameSync(unfinished, join(folder, version));
    for (const name of others) rmSync(join(folder, name), { force: true });
    return { marked: version, removed: others.toSorted() };
  } catch (error) {
    throw new StaticUrlError(
      'FILE_UNREADABLE',
      `Cannot write the marker folder ${quote(folder)}: ${systemErrorCode(error) ?? String(error)}. Check its path and permissions.`,
      { cause: error },
    );
  }
}
