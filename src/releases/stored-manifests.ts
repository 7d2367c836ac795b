import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { isVersion } from '../core/version-format.ts';
import { type AssetIndex, readManifest } from '../assets/index.ts';
import type { ReleaseLayout } from './release-layout.ts';
import { changedAt, readFolder } from './run.ts';

/** A manifest in a releases folder. */
export interface StoredManifest {
  readonly version: string;
  /** When it was last released, in milliseconds. */
  readonly releasedAt: number;
  readonly index: AssetIndex;
}

/** A release writes its own manifest again, but not that of another. */
const MEND = 'Remove it, or restore it from another host.';

/** Where the manifest of a release is. */
export function manifestFile({ manifests }: ReleaseLayout, version: string): string {
  return join(manifests, `${version}.json`);
}

/**
 * Reads all manifests, the newest first.
 *
 * @throws {@link StaticUrlError} `MANIFEST_INVALID`
 */
export async function readManifests(layout: ReleaseLayout, now: number): Promise<StoredManifest[]> {
  for (;;) {
    const listed = await listManifests(layout, now);
    const manifests = listed.flatMap((each) => {
      const index = readIndex(layout, each.version);
      return index ? [{ ...each, index }] : [];
    });
    // Another prune has removed what is gone, perhaps for a release that came after the listing.
    if (manifests.length === listed.length) return manifests;
  }
}

/**
 * Reads the newest manifest, if there is any that this version of the package can read: a release must not fail over
 * what it is to be compared with.
 */
export async function readNewestManifest(
  layout: ReleaseLayout,
  now: number,
): Promise<StoredManifest | undefined> {
  for (const listed of await listManifests(layout, now)) {
    try {
      const index = readIndex(layout, listed.version);
      if (index) return { ...listed, index };
    } catch (error) {
      if (!(error instanceof StaticUrlError)) throw error;
    }
  }
  return undefined;
}

/**
 * The time, in milliseconds, that makes a release the newest, which a slow clock would not: the next prune would remove
 * it for an old one.
 */
export async function nextReleaseTime(layout: ReleaseLayout, version: string): Promise<number> {
  const now = Date.now();
  const others = (await listManifests(layout, now)).filter((listed) => listed.version !== version);
  return Math.max(now, ...others.map(({ releasedAt }) => releasedAt + 1));
}

async function listManifests(layout: ReleaseLayout, now: number): Promise<Omit<StoredManifest, 'index'>[]> {
  const listed: Omit<StoredManifest, 'index'>[] = [];
  for (const name of await readFolder(layout.manifests)) {
    const version = name.replace(/\.json$/, '');
    if (name === version || !isVersion(version)) continue;
    listed.push({ version, releasedAt: await changedAt(join(layout.manifests, name), now) });
  }
  return listed.toSorted((a, b) => b.releasedAt - a.releasedAt || (a.version < b.version ? -1 : 1));
}

/** `undefined` when another run has removed it meanwhile. */
function readIndex(layout: ReleaseLayout, version: string): AssetIndex | undefined {
  try {
    return readManifest(manifestFile(layout, version), layout.releases, MEND).index;
  } catch (error) {
    if (error instanceof StaticUrlError && systemErrorCode(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}
