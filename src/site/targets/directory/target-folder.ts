import { createHash } from 'node:crypto';
import { createReadStream, type BigIntStats } from 'node:fs';
import { open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StaticUrlError, systemErrorCode } from '../../../core/errors.ts';
import { quote } from '../../../core/text.ts';
import { describeWriteError, ifThere } from '../../../files/disk-access.ts';
import { FILE_MODE, makeFolder } from '../../../files/durable-files.ts';
import { removeDeadCandidates, takeFolderLock } from '../../../files/folder-lock.ts';
import { createRunId } from '../../../files/run-id.ts';
import { CheckedReading } from '../checked-reading.ts';
import type { TargetContent } from '../target.ts';
import { TargetError } from '../target-error.ts';

const FOLDER_MODE = 0o755;

/** Where files are written before they are in their places, and where the lock is: no key may be below it. */
const PRIVATE_FOLDER = '.static-url/.writing';

/** How much of a file is read and written at once. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** How long another process may take for one conditional write. */
const LOCK_MILLISECONDS = 10_000;

const UNSAFE_KEY = /^$|^\/|\/\/|\/$|\0|(?:^|\/)\.\.?(?:\/|$)/;

/** A folder that files are written to, each whole or not at all. */
export class TargetFolder {
  readonly #folder: string;
  readonly #private: string;

  /** @param folder - absolute */
  constructor(folder: string) {
    this.#folder = folder;
    this.#private = join(folder, PRIVATE_FOLDER);
  }

  /** Every file: its key, and what the system tells of it. Links are not followed. */
  async *files(): AsyncGenerator<{ readonly key: string; readonly stats: BigIntStats }> {
    const pending = [''];
    for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
      const entries = await this.#reading(
        ifThere(readdir(join(this.#folder, parent), { withFileTypes: true })),
      );
      for (const entry of entries ?? []) {
        const key = `${parent}${entry.name}`;
        if (key === PRIVATE_FOLDER) continue;
        if (entry.isDirectory()) pending.push(`${key}/`);
        else if (entry.isFile()) {
          const stats = await this.#reading(this.#stats(key));
          if (stats !== undefined) yield { key, stats };
        }
      }
    }
  }

  /** What the system tells of a file; `undefined` when it is not there. */
  async stats(key: string): Promise<BigIntStats | undefined> {
    return this.#reading(this.#stats(key));
  }

  /** The MD5 of a file, in hexadecimal. */
  async md5(key: string): Promise<string> {
    return this.#reading(
      (async () => {
        const hash = createHash('md5');
        const pieces = createReadStream(this.#path(key), { highWaterMark: PIECE_BYTES });
        for await (const piece of pieces as AsyncIterable<Buffer>) hash.update(piece);
        return hash.digest('hex');
      })(),
    );
  }

  /** The bytes of a file, with what the system tells of them; `undefined` when it is not there. */
  async read(key: string): Promise<{ readonly bytes: Buffer; readonly stats: BigIntStats } | undefined> {
    return this.#reading(
      ifThere(
        (async () => {
          // Of one file, should another take its name meanwhile.
          const file = await open(this.#path(key));
          try {
            return { bytes: await file.readFile(), stats: await file.stat({ bigint: true }) };
          } finally {
            await file.close();
          }
        })(),
      ),
    );
  }

  /** Writes a file, in place of what has its name. */
  async write(key: string, content: TargetContent): Promise<BigIntStats> {
    return this.#describing(async () => {
      const path = this.#path(key);
      makeFolder(this.#private, FOLDER_MODE);
      const temporary = join(this.#private, `write-${createRunId()}`);
      try {
        const stats = await writeChecked(temporary, content, key);
        makeFolder(dirname(path), FOLDER_MODE);
        await rename(temporary, path);
        return stats;
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  /** Deletes a file, and the folders that are empty without it. */
  async delete(key: string): Promise<void> {
    await this.#describing(async () => {
      await ifThere(unlink(this.#path(key)));
      for (let folder = dirname(key); folder !== '.'; folder = dirname(folder)) {
        try {
          await rmdir(join(this.#folder, folder));
        } catch {
          // It has other files, or is gone.
          return;
        }
      }
    });
  }

  /** Does something that no other process does at the same time. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#describing(async () => {
      makeFolder(this.#private, FOLDER_MODE);
      const lock = join(this.#private, 'lock');
      // What was killed left them behind.
      for (const path of [lock, join(this.#private, 'write')]) await removeDeadCandidates(path);
      const end = performance.now() + LOCK_MILLISECONDS;
      for (;;) {
        const taken = await takeFolderLock(lock, createRunId());
        if ('unlock' in taken)
          try {
            return await work();
          } finally {
            await taken.unlock();
          }
        const { file, text } = taken.holder;
        if (performance.now() > end)
          throw new TargetError(
            'other',
            `${text === '' ? 'Something' : text} has locked ${quote(this.#folder)} for ${LOCK_MILLISECONDS / 1000} seconds. If it does not run any more, remove ${quote(file)}.`,
          );
        await wait(5 + Math.random() * 20);
      }
    });
  }

  #path(key: string): string {
    if (UNSAFE_KEY.test(key) || key === PRIVATE_FOLDER || key.startsWith(`${PRIVATE_FOLDER}/`))
      throw new TargetError('other', `${quote(key)} cannot be the name of a file in ${quote(this.#folder)}.`);
    return join(this.#folder, key);
  }

  async #stats(key: string): Promise<BigIntStats | undefined> {
    const stats = await ifThere(stat(this.#path(key), { bigint: true }));
    return stats?.isFile() === true ? stats : undefined;
  }

  async #reading<Value>(reading: Promise<Value>): Promise<Value> {
    try {
      return await reading;
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined || error instanceof StaticUrlError) throw error;
      throw new TargetError(
        'access',
        `Cannot read in ${quote(this.#folder)}: ${code}. Check its permissions.`,
        error,
      );
    }
  }

  async #describing<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TargetError) throw error;
      const told = describeWriteError(error, this.#folder, {
        full: 'Free some room, and publish again.',
        split: `Let all of ${quote(this.#folder)} be on one file system.`,
      });
      if (!(told instanceof StaticUrlError)) throw told;
      throw new TargetError(told.code === 'DISK_FULL' ? 'full' : 'access', told.message, error);
    }
  }
}

/** Writes a new file, piece by piece, and refuses bytes with another MD5 than was told. */
async function writeChecked(path: string, content: TargetContent, key: string): Promise<BigIntStats> {
  const reading = new CheckedReading(content, key);
  const file = await open(path, 'wx', FILE_MODE);
  try {
    for (let start = 0; start < content.size; start += PIECE_BYTES) {
      // Until all of it is written, or it fails.
      await file.appendFile(await reading.read(start, Math.min(start + PIECE_BYTES, content.size)));
    }
    reading.verify();
    await file.chmod(FILE_MODE);
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}
