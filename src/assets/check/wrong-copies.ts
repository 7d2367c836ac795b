import { createReadStream } from 'node:fs';
import type { XXHashAPI } from 'xxhash-wasm';
import { describeReadError } from '../../files/scan-folder.ts';
import { reachOf, type Asset, type AssetIndex } from '../asset-index.ts';
import { holdsContent } from '../../compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../../compression/content-encodings.ts';

/**
 * An asset that is by its name the compressed copy of another, and holds other bytes. A web server that sends `a.css.gz`
 * in place of `a.css` looks at names alone.
 */
export interface WrongCopy {
  readonly copy: Asset;
  readonly original: Asset;
  /** Whether a release lays both into one folder. */
  readonly isReleased: boolean;
}

/**
 * Finds all wrong copies. A `.zst` is looked into where this Node can decode it.
 *
 * @throws {@link StaticUrlError} `FILE_CHANGED`, `FILE_UNREADABLE`
 */
export async function findWrongCopies(index: AssetIndex, hashes: XXHashAPI): Promise<WrongCopy[]> {
  const wrong: Omit<WrongCopy, 'isReleased'>[] = [];
  for (const original of index.assets.values()) {
    for (const form of ENCODED_FORMS) {
      const copy = index.assets.get(original.name + form.suffix);
      if (copy !== undefined && (await isWrong(copy, original, form, hashes))) wrong.push({ copy, original });
    }
  }
  const reaches = wrong.length === 0 ? [] : [...index.members.keys()].map((each) => reachOf(index, each));
  return wrong.map(({ copy, original }) => ({
    copy,
    original,
    isReleased: reaches.some((names) => names.has(copy.name) && names.has(original.name)),
  }));
}

async function isWrong(copy: Asset, original: Asset, form: EncodedForm, hashes: XXHashAPI): Promise<boolean> {
  try {
    return !(await holdsContent(createReadStream(copy.file), form, original, hashes));
  } catch (error) {
    throw describeReadError('file', copy.file, error);
  }
}
