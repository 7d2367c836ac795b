import type { BigIntStats } from 'node:fs';
import { absolutePath } from '../../../core/option-kinds.ts';
import { resolveOptions } from '../../../core/options.ts';
import type {
  StoredObject,
  Target,
  TargetContent,
  TargetHeaders,
  TargetObject,
  WriteCondition,
  Written,
} from '../target.ts';
import { DIRECTORY_TARGET_OPTIONS, type DirectoryTargetOptions } from './options.ts';
import { TargetFolder } from './target-folder.ts';

/**
 * A folder that a server reads, such as nginx, or that another computer has mounted. It keeps no headers: the server sends them, as
 * `static-url nginx site` tells it. What a publish keeps for itself is in `.static-url`, which that server never sends.
 *
 * @throws TypeError for options of a wrong shape
 *
 * @example
 * ```js
 * directoryTarget({ folder: '/srv/www/site' });
 * ```
 */
export function directoryTarget(options: DirectoryTargetOptions): Target {
  const { folder, publicUrl } = resolveOptions('directoryTarget()', options, DIRECTORY_TARGET_OPTIONS);
  return new DirectoryTarget(absolutePath('option "folder"', folder), publicUrl);
}

class DirectoryTarget implements Target {
  readonly name: string;
  readonly details: Readonly<Record<string, string>>;
  readonly publicUrl: string | false;
  readonly headers: readonly string[] = [];
  readonly compressedCopies = true;
  readonly #folder: TargetFolder;

  constructor(folder: string, publicUrl: string | false) {
    this.name = folder;
    this.details = { folder };
    this.publicUrl = publicUrl;
    this.#folder = new TargetFolder(folder);
  }

  async *list(): AsyncGenerator<TargetObject> {
    for await (const { key, stats } of this.#folder.files()) yield objectOf(key, stats);
  }

  async inspect(key: string): Promise<StoredObject | undefined> {
    const stats = await this.#folder.stats(key);
    if (stats === undefined) return undefined;
    return { ...objectOf(key, stats), md5: await this.#folder.md5(key), headers: {} };
  }

  async read(key: string): Promise<{ bytes: Uint8Array; tag: string } | undefined> {
    const found = await this.#folder.read(key);
    return found && { bytes: found.bytes, tag: tagOf(found.stats) };
  }

  async write(key: string, content: TargetContent, _headers: TargetHeaders): Promise<Written> {
    return { tag: tagOf(await this.#folder.write(key, content)) };
  }

  async writeIf(
    key: string,
    content: TargetContent,
    headers: TargetHeaders,
    condition: WriteCondition,
  ): Promise<Written | undefined> {
    return this.#folder.alone(async () => {
      const stats = await this.#folder.stats(key);
      const isMet = 'absent' in condition ? stats === undefined : stats && tagOf(stats) === condition.tag;
      return isMet === true ? this.write(key, content, headers) : undefined;
    });
  }

  async delete(key: string): Promise<void> {
    await this.#folder.delete(key);
  }
}

function objectOf(key: string, stats: BigIntStats): TargetObject {
  const tag = tagOf(stats);
  return {
    key,
    size: Number(stats.size),
    tag,
    revision: tag,
    modifiedAt: Number(stats.mtimeNs / 1_000_000n),
  };
}

/** Another one for every file that was written. */
function tagOf({ mtimeNs, size, ino }: BigIntStats): string {
  return `${mtimeNs}-${size}-${ino}`;
}
