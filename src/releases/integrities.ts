import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import type { Asset, AssetIndex } from '../assets/index.ts';
import { contentKey, type ContentKey } from './content.ts';
import type { PooledContent } from './content-pool.ts';
import { digestFile } from './digested-copy.ts';
import { inParallel } from './in-parallel.ts';
import { PARALLEL_FILES, type ReleaseLayout } from './release-layout.ts';

/**
 * An index whose assets all have their integrity: from what was just copied, from the release before, or else from the
 * file in the release.
 *
 * @throws {@link StaticUrlError} `RELEASE_DAMAGED`
 */
export async function withIntegrity(
  index: AssetIndex,
  { releases }: ReleaseLayout,
  previous: AssetIndex | undefined,
  contents: ReadonlyMap<ContentKey, PooledContent>,
  hashes: XXHashAPI,
): Promise<AssetIndex> {
  const { assets } = index;
  const known = new Map<ContentKey, string>();
  for (const asset of previous?.assets.values() ?? [])
    if (asset.integrity !== undefined) known.set(contentKey(asset), asset.integrity);
  for (const [key, { integrity }] of contents) known.set(key, integrity);
  const unknown = [...assets.values()].filter((asset) => !known.has(contentKey(asset)));
  await inParallel(unknown, PARALLEL_FILES, async ({ name, fingerprint, hash, size }) => {
    const file = join(releases, fingerprint, name);
    const { key, integrity } = await digestFile(file, hashes);
    if (key !== contentKey({ hash, size })) throw damaged(file);
    known.set(key, integrity);
  });
  const whole = new Map<string, Asset>();
  for (const [name, asset] of assets) {
    const integrity = known.get(contentKey(asset));
    whole.set(name, { ...asset, ...(integrity !== undefined && { integrity }) });
  }
  return { ...index, assets: whole };
}

function damaged(file: string): StaticUrlError {
  return new StaticUrlError(
    'RELEASE_DAMAGED',
    `The file ${quote(file)} of an earlier release has other bytes than its fingerprint says. Remove its folder, then release again.`,
  );
}
