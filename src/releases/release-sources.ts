import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { AssetCollection, createSourceReader, type AssetIndex, findWrongCopies } from '../assets/index.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { guardRoots, isInside, realPath, rootsText } from '../files/roots.ts';
import type { LinkGuard } from '../files/scan-folder.ts';
import type { ResolvedReleaseOptions } from './options.ts';
import { assetOfDelta } from './release-layout.ts';

/** What a release is made of. */
export interface ReleaseSources {
  readonly index: AssetIndex;
  readonly version: string;
  readonly hashes: XXHashAPI;
}

/**
 * Reads the roots.
 *
 * @throws {@link StaticUrlError} `COPY_WRONG` for a file that a web server would send in place of another, and what reading
 *   the assets may throw
 */
export async function readSources({
  assets,
  releases,
  symlinks,
}: ResolvedReleaseOptions): Promise<ReleaseSources> {
  const guard = symlinks === 'follow' ? guardReleases(releases) : guardRoots(assets.roots);
  const reader = await createSourceReader(assets, guard);
  const index = await reader.read();
  const hashes = await xxhash();
  const { version } = new AssetCollection(assets.prefix, rootsText(assets.roots), index, hashes);
  refuseDeltas(index);
  const wrong = (await findWrongCopies(index, hashes)).find(({ isReleased }) => isReleased);
  if (wrong === undefined) return { index, version, hashes };
  throw new StaticUrlError(
    'COPY_WRONG',
    `The file ${quote(wrong.copy.file)} holds other bytes than ${quote(wrong.original.file)}, whose compressed copy it is by its name: nginx would send them in its place. Rename one of them.`,
  );
}

/** Refuses what nginx would send as a delta of another file, as when a released folder was copied into a root. */
function refuseDeltas({ assets }: AssetIndex): void {
  for (const { name, file } of assets.values()) {
    const original = assets.get(assetOfDelta(name) ?? '');
    if (original === undefined) continue;
    throw new StaticUrlError(
      'COPY_WRONG',
      `The file ${quote(file)} is named like a delta of ${quote(original.file)}: nginx would send it in its place. Remove it, or rename its folder.`,
    );
  }
}

/**
 * Makes sure that what a deploy writes is not itself part of the next one.
 *
 * @throws TypeError
 */
export function requireOutside(option: string, path: string, roots: readonly string[]): void {
  const real = realPath(path);
  for (const root of roots) {
    if (!isInside(real, [realPath(root)])) continue;
    throw new TypeError(
      `The ${option} ${quote(path)} lies in the root ${quote(root)}, so that it would count among the files of the next deploy. Choose a place beside the root.`,
    );
  }
}

/** Refuses links, with a `TypeError`, that would make the releases folder part of the next release. */
function guardReleases(releases: string): LinkGuard {
  const real = realPath(releases);
  return (link, target) => {
    if (!isInside(target, [real]) && !isInside(real, [target])) return;
    throw new TypeError(
      `The symbolic link ${quote(link)} leads to ${quote(target)} and so to the releases folder ${quote(releases)}, which would be part of the next release. Remove it.`,
    );
  };
}
