import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { normalize } from 'node:path/posix';
import type { DeltaMaker } from '../../src/compression/delta-maker.ts';
import { deltaName } from '../../src/releases/release-layout.ts';

/** A delta in a releases folder. */
export interface DeltaFile {
  /** Relative to the releases folder. */
  readonly path: string;
  /** The file that it makes, likewise. */
  readonly file: string;
  /** The SHA-256 of its dictionary, in base64, as it says itself. */
  readonly dictionary: string;
}

/** Where a delta has the SHA-256 of its dictionary (RFC 9842 §5). */
const [DIGEST_START, DIGEST_END] = [8, 40];

/** All deltas of a releases folder, sorted by path. */
export async function deltasIn(releases: string): Promise<DeltaFile[]> {
  const deltas: DeltaFile[] = [];
  for (const path of await filesIn(releases)) {
    const [, file] = /^([0-9a-f]{16}\/.+)\.dcz\/[A-Za-z0-9+/]{41,43}=$/.exec(path) ?? [];
    if (file === undefined) continue;
    const bytes = await readFile(join(releases, path));
    const dictionary = bytes.subarray(DIGEST_START, DIGEST_END).toString('base64');
    deltas.push({ path, file, dictionary });
  }
  return deltas;
}

/**
 * The paths of deltas that are not in their place, or do not make their file from some file of the releases folder, by the
 * SHA-256 of which they are named.
 */
export async function wrongDeltas(releases: string, maker: DeltaMaker): Promise<string[]> {
  const files = new Map<string, string>();
  for (const path of await filesIn(releases)) files.set(sha256(await readFile(join(releases, path))), path);
  const wrong: string[] = [];
  for (const { path, file, dictionary } of await deltasIn(releases)) {
    const versions = {
      dictionary: join(releases, files.get(dictionary) ?? 'none'),
      content: join(releases, file),
    };
    const isInPlace = path === normalize(deltaName(file, dictionary));
    if (!isInPlace || !(await maker.holds(join(releases, path), versions))) wrong.push(path);
  }
  return wrong;
}

/** The SHA-256 of bytes, in base64. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** Text that hardly compresses, about 44 bytes a line. */
export function wordsOf(seed: string, lines = 200): string {
  return Array.from({ length: lines }, (_, line) => sha256(`${seed} ${line}`)).join('\n');
}

/** The paths of all files in the folders of a releases folder, sorted. */
async function filesIn(releases: string): Promise<string[]> {
  const entries = await readdir(releases, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(releases.length + 1))
    .filter((path) => /^[0-9a-f]{16}\//.test(path))
    .toSorted();
}
