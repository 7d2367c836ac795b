import { closeSync, openSync, readSync } from 'node:fs';
import { sep } from 'node:path';
import type { XXHash } from 'xxhash-wasm';
import { StaticUrlError } from '../core/errors.ts';
import { hexadecimal } from '../core/hash.ts';
import { absolutePath } from '../core/option-kinds.ts';
import { resolveOptions } from '../core/options.ts';
import { parsePrefix, staticUrl } from '../core/prefix.ts';
import { quote } from '../core/text.ts';
import type { DotfileRule } from '../core/dotfiles.ts';
import { describeReadError, scanFolder } from '../files/scan-folder.ts';
import { CONTENT_OPTIONS, type StaticUrlContentOptions } from './options.ts';

/**
 * A static URL whose version is a digest (XXH64) of all files under a root, their names and their bytes: equal on every
 * host with equal files, whatever their times, their order on disk or the locale.
 *
 * Reads the whole tree synchronously once started, so it blocks the event loop meanwhile: call it at start-up, before
 * the server listens. Big files are read in pieces of 256 KiB. Links are followed; sockets and devices do not count.
 *
 * A root without files is an error: its version would be the same for whatever comes into it later, and mostly a build
 * has failed or has not run yet.
 *
 * @param prefix - what static URLs start with: `/static/` or `https://cdn.example.com/static/`
 * @param root - the folder whose files the prefix serves: a path, or a `file:` URL
 * @param options - which files count
 * @returns prefix + version + `/`
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `ROOT_EMPTY`, `FILE_UNREADABLE`, `FILE_CHANGED`,
 * `LINK_BROKEN`
 * @throws TypeError for a prefix, a root or an option of the wrong shape
 *
 * @example
 * ```ts
 * import { getStaticUrlContent } from 'static-url';
 *
 * const STATIC_URL = await getStaticUrlContent('/static/', 'public');
 * ```
 */
export async function getStaticUrlContent(
  prefix: string,
  root: string | URL,
  options: StaticUrlContentOptions = {},
): Promise<string> {
  parsePrefix(prefix); // a wrong one fails before the tree is read
  return staticUrl(prefix, await versionOfContent(root, options));
}

/** The version that the files under a root give; see {@link getStaticUrlContent}. */
export async function versionOfContent(
  root: string | URL,
  options: StaticUrlContentOptions,
): Promise<string> {
  const rule = resolveOptions('getStaticUrlContent()', options, CONTENT_OPTIONS);
  const folder = absolutePath('root', root);
  const { default: xxhash } = await import('xxhash-wasm');
  const hashes = await xxhash();
  const names = scanFolder(folder, rule);
  if (names.length === 0) throw emptyRoot(folder, rule);
  return digestTree(folder, names, hashes.create64());
}

function emptyRoot(folder: string, { dotfiles }: DotfileRule): StaticUrlError {
  const besides = dotfiles ? '' : ', dotfiles aside';
  return new StaticUrlError(
    'ROOT_EMPTY',
    `The root ${quote(folder)} holds no files${besides}, so every deploy would have this one URL. Build the files first, or correct the path.`,
  );
}

/** Big enough that the cost of a call does not show, small enough for the processor's cache. */
const PIECE_BYTES = 256 * 1024;

/**
 * Each file gives its name, its bytes and a frame with the lengths of both, so that no two trees give the same stream.
 * The frame stands behind: only then is the number of bytes known that were really read.
 */
function digestTree(root: string, names: readonly string[], hash: XXHash<bigint>): string {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const frame = Buffer.alloc(16);
  const base = root.endsWith(sep) ? root : root + sep;
  for (const name of names) {
    const bytes = digestFile(base + name, hash, piece);
    const nameBytes = piece.write(name);
    hash.update(piece.subarray(0, nameBytes));
    frame.writeBigUInt64LE(BigInt(nameBytes), 0);
    frame.writeBigUInt64LE(BigInt(bytes), 8);
    hash.update(frame);
  }
  return hexadecimal(hash.digest());
}

/** Digests a file's bytes and returns how many they were. */
function digestFile(path: string, hash: XXHash<bigint>, piece: Buffer): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    let total = 0;
    for (;;) {
      // A piece shorter than asked for is not the end: network mounts and the kernel's own files give what suits them.
      const length = readSync(descriptor, piece, 0, piece.length, null);
      if (length === 0) return total;
      hash.update(length === piece.length ? piece : piece.subarray(0, length));
      total += length;
    }
  } catch (error) {
    throw describeReadError('file', path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
