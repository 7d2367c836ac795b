import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { isPlainObject, quote } from '../../core/text.ts';
import { makeFolder } from '../../files/durable-files.ts';
import { FOLDER_MODE, ifThere, namesIn, writeNew } from './disk.ts';

/** Whose store a folder is. */
export interface OwnerMark {
  readonly owner: string;
  /** `NODE_ENV` of who writes. */
  readonly environment: string;
}

const FORMAT = 1;
const MARK = 'store.json';
const TEMPORARY = /^store-[0-9a-f]{12}\.json$/;

/**
 * Makes the folder of a store and marks it, or makes sure that the mark there is ours.
 *
 * @throws {@link StaticUrlError} `STORE_NOT_OURS`, `STORE_ENVIRONMENT`; the system's error where it cannot be written
 */
export function claimFolder(folder: string, mark: OwnerMark): void {
  requireFolder(folder);
  makeFolder(folder, FOLDER_MODE);
  if (readMark(folder) === undefined) writeMark(folder, mark);
  const found = readMark(folder);
  if (found === undefined || found.owner !== mark.owner)
    throw notOurs(
      folder,
      `belongs to ${quote(found?.owner)}, and this app is ${quote(mark.owner)}. Give each app a folder of its own, or both the same "owner" if they are one app.`,
    );
  if (found.environment !== mark.environment)
    throw new StaticUrlError(
      'STORE_ENVIRONMENT',
      `The store of pages ${quote(folder)} is written with ${environmentText(found)}, and this process runs with ${environmentText(mark)}. Run it with the same NODE_ENV, or give it a folder of its own.`,
    );
}

function environmentText({ environment }: OwnerMark): string {
  return environment === '' ? 'no NODE_ENV' : `NODE_ENV=${environment}`;
}

function notOurs(folder: string, what: string): StaticUrlError {
  return new StaticUrlError('STORE_NOT_OURS', `The folder ${quote(folder)} ${what}`);
}

function requireFolder(folder: string): void {
  const stats = ifThere(() => statSync(folder, { throwIfNoEntry: false }));
  if (stats && !stats.isDirectory())
    throw notOurs(folder, 'is no folder. Name one that is empty or not there yet for the store of pages.');
}

function readMark(folder: string): OwnerMark | undefined {
  const text = ifThere(() => readFileSync(join(folder, MARK), 'utf8'));
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below.
  }
  const { format, owner, environment } = isPlainObject(value) ? value : {};
  if (format === FORMAT && typeof owner === 'string' && typeof environment === 'string')
    return { owner, environment };
  throw notOurs(
    folder,
    `holds a ${quote(MARK)} that is not one of this version of static-url. Remove the folder if it was a store of pages, or name another.`,
  );
}

function writeMark(folder: string, mark: OwnerMark): void {
  const foreign = namesIn(folder).find((name) => name !== MARK && !TEMPORARY.test(name));
  // Others that make the same store have marked it before they write anything else.
  if (foreign !== undefined && readMark(folder) === undefined)
    throw notOurs(
      folder,
      `is no store of pages: it holds ${quote(foreign)}. Name a folder that is empty or not there yet.`,
    );
  const temporary = join(folder, `store-${randomBytes(6).toString('hex')}.json`);
  writeNew(temporary, `${JSON.stringify({ format: FORMAT, ...mark })}\n`);
  try {
    // Unlike a rename, it leaves the mark of a process that was faster.
    linkSync(temporary, join(folder, MARK));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(temporary);
  }
}
