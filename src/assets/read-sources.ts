import { sep } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import type { DotfileRule } from '../core/dotfiles.ts';
import { scanFolder, type LinkGuard } from '../files/scan-folder.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';

/**
 * Reads all files under the roots; of files with one name the first root's counts.
 *
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `FILE_UNREADABLE`, `FILE_CHANGED`, `LINK_BROKEN`
 */
export function readSources(
  roots: readonly string[],
  rule: DotfileRule,
  hashes: XXHashAPI,
  guard?: LinkGuard,
): Map<string, SourceFile> {
  const sources = new Map<string, SourceFile>();
  for (const root of roots) {
    const folder = root.endsWith(sep) ? root : root + sep;
    for (const name of scanFolder(root, rule, guard)) {
      if (!sources.has(name)) sources.set(name, readSourceFile(name, folder + name, hashes));
    }
  }
  return sources;
}
