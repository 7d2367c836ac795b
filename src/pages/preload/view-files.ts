import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, unlinkSync, utimesSync, type Stats } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { versionOf } from '../../core/hash.ts';
import { quote } from '../../core/text.ts';
import { ENCODED_FORMS } from '../../compression/content-encodings.ts';
import { makeFolder, writeDurably } from '../../files/durable-files.ts';
import { FOLDER_MODE, ifThere, namesIn, statIfThere, unlinkIfThere, writeNew } from '../file-store/disk.ts';
import { STORED_TYPES, type StoredType } from '../rules/index.ts';
import { isStoredType } from '../storing/media-type.ts';
import type { PageContent } from '../store.ts';
import type { ResolvedPreload } from './options.ts';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** What a process is still writing is younger. */
const LEFT_MILLISECONDS = 60 * 60 * 1000;

const NAME = /^[0-9a-f]{16}\.([a-z-]+)$/;
const COPY = /^([0-9a-f]{16}\.[a-z-]+)\.gz$/;
const GIVEN = /^[0-9a-f]{16}\.view$/;
const TEMPORARY = /^\.[0-9a-f]{16}\.[a-z-]+(?:\.gz)?\.[0-9a-f]{12}$/;

/** The compressed copies of files. */
const GZIP = ENCODED_FORMS.filter(({ encoding }) => encoding === 'gzip');

/** The media type of a file of a view by its name; `undefined` for any other name. */
export function typeOfFile(name: string): StoredType | undefined {
  const end = NAME.exec(name)?.[1];
  for (const type in STORED_TYPES) if (isStoredType(type) && STORED_TYPES[type] === end) return type;
  return undefined;
}

/**
 * The folder of preloaded views: files named by their content, which never changes, and for each view that was ever
 * preloaded a small file `….view` with the name that pages have of it.
 */
export class ViewFiles {
  readonly folder: string;
  /** Of the time when the pages of the app were last looked at. */
  readonly #swept: string;
  readonly #keepMilliseconds: number;

  /** @param app - whose views they are: another app with the same folder sees to the files of its own pages */
  constructor({ folder, keepDays }: Pick<ResolvedPreload, 'folder' | 'keepDays'>, app: string) {
    this.folder = folder;
    this.#swept = join(folder, `.${versionOf(app)}.swept`);
    this.#keepMilliseconds = keepDays * DAY_MILLISECONDS;
  }

  /**
   * The name of the file that a view has, or would have. A hash that nobody can aim at: visitors may write a part of what
   * views have.
   */
  nameOf({ body, mediaType }: Pick<PageContent, 'body' | 'mediaType'>): string {
    return `${versionOf(body)}.${STORED_TYPES[mediaType]}`;
  }

  /**
   * Makes sure that a view has its file.
   *
   * @throws the system's error where it cannot be written
   */
  async ensure(page: PageContent): Promise<string> {
    const name = this.nameOf(page);
    const file = join(this.folder, name);
    const stats = statIfThere(file);
    if (stats?.isFile() === true && stats.size === page.body.length) noteUse(file, stats);
    else if (stats !== undefined)
      throw new StaticUrlError(
        'FILE_CHANGED',
        `${quote(file)} holds something else than its view. Remove it.`,
      );
    else await this.#write(name, page.body);
    return name;
  }

  async #write(name: string, body: Buffer): Promise<void> {
    makeFolder(this.folder, FOLDER_MODE);
    // Before the file, so that whoever finds the one finds the other.
    for (const { suffix, compress } of GZIP) {
      const copy = await compress(body);
      if (copy.length < body.length) await this.#land(`${name}${suffix}`, copy);
    }
    await this.#land(name, body);
  }

  async #land(name: string, bytes: Buffer): Promise<void> {
    const temporary = this.#temporary(name);
    try {
      await writeDurably(temporary, bytes);
      await rename(temporary, join(this.folder, name));
    } catch (error) {
      unlinkIfThere(temporary);
      throw error;
    }
  }

  #temporary(name: string): string {
    return join(this.folder, `.${name}.${randomBytes(6).toString('hex')}`);
  }

  /** The name that pages have of a view; `undefined` for one that was never preloaded. */
  given(url: string): string | undefined {
    const file = this.#givenFile(url);
    if (statIfThere(file) === undefined) return undefined;
    return ifThere(() => readFileSync(file, 'utf8'));
  }

  /** Notes the first name that pages get of a view. @returns `false` where another process was faster */
  giveFirst(url: string, name: string): boolean {
    const temporary = this.#temporary(name);
    writeNew(temporary, name);
    try {
      linkSync(temporary, this.#givenFile(url));
      return true;
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      unlinkSync(temporary);
    }
  }

  /** Notes that pages get another name of a view from now on. */
  async giveOther(url: string, name: string): Promise<void> {
    const temporary = this.#temporary(name);
    writeNew(temporary, name);
    await rename(temporary, this.#givenFile(url));
  }

  /** Takes note that pages name a view. */
  useGiven(url: string): void {
    const file = this.#givenFile(url);
    const stats = statIfThere(file);
    if (stats !== undefined) noteUse(file, stats);
  }

  /** Which views were ever preloaded, as a question that costs no look at the disk. */
  allGiven(): (url: string) => boolean {
    const names = new Set(namesIn(this.folder));
    return (url) => names.has(givenName(url));
  }

  #givenFile(url: string): string {
    return join(this.folder, givenName(url));
  }

  /** Whether it is time for a sweep: once a day, whichever process does it. */
  get isSweepDue(): boolean {
    const stats = statIfThere(this.#swept);
    return stats === undefined || Math.abs(Date.now() - stats.mtimeMs) > DAY_MILLISECONDS;
  }

  /** Removes files that nothing has used for long, and what crashes have left. Whatever has another name stays. */
  sweep(): void {
    makeFolder(this.folder, FOLDER_MODE);
    for (const name of namesIn(this.folder)) {
      const age = ageOf(join(this.folder, name));
      if (TEMPORARY.test(name) ? age > LEFT_MILLISECONDS : this.#isUnused(name))
        unlinkIfThere(join(this.folder, name));
    }
    const now = new Date();
    if (statIfThere(this.#swept) === undefined) writeNew(this.#swept, '');
    else ifThere(() => utimesSync(this.#swept, now, now));
  }

  #isUnused(name: string): boolean {
    const copied = COPY.exec(name)?.[1];
    // A copy lives as long as its file, which is listed before it; one without a file may be about to get it.
    if (copied !== undefined && typeOfFile(copied) !== undefined)
      return (
        statIfThere(join(this.folder, copied)) === undefined &&
        ageOf(join(this.folder, name)) > LEFT_MILLISECONDS
      );
    if (!GIVEN.test(name) && typeOfFile(name) === undefined) return false;
    return ageOf(join(this.folder, name)) > this.#keepMilliseconds;
  }
}

/** Takes note at most once a day that a file is used. */
function noteUse(file: string, { mtimeMs }: Stats): void {
  if (Math.abs(Date.now() - mtimeMs) < DAY_MILLISECONDS) return;
  const now = new Date();
  ifThere(() => utimesSync(file, now, now));
}

function givenName(url: string): string {
  return `${versionOf(url)}.view`;
}

/** In milliseconds; a file that is gone is new. */
function ageOf(file: string): number {
  const stats = statIfThere(file);
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}
