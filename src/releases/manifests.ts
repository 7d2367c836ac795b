import { access, constants, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import { type Asset, type AssetIndex, manifestOf, readManifest } from '../assets/index.ts';
import { inParallel } from '../core/in-parallel.ts';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { isVersion } from '../core/version-format.ts';
import { writeDurably, writeFileAtomically } from '../files/durable-files.ts';
import { COARSE_STEP_MILLISECONDS } from '../files/file-signature.ts';
import { isInside } from '../files/roots.ts';
import { digestFile, type PooledContent } from './content-pool.ts';
import { changedAt, ifThere, readFolder } from '../files/disk-access.ts';
import { folderOf, manifestFile, type ReleaseLayout } from './release-layout.ts';
import type { ResolvedReleaseOptions } from './options.ts';
import { contentKey, type ContentKey } from './release-plan.ts';
import { isRunId, runState } from '../files/run-id.ts';
import type { Run } from './runs.ts';

/** A manifest in a releases folder. */
export interface StoredManifest {
  readonly version: string;
  /** When it was last released, in milliseconds. */
  readonly releasedAt: number;
  readonly index: AssetIndex;
}

/**
 * Reads all manifests, the newest first.
 *
 * @throws {@link StaticUrlError} `MANIFEST_INVALID`
 */
export async function readManifests(layout: ReleaseLayout): Promise<StoredManifest[]> {
  for (;;) {
    const listed = await listManifests(layout);
    const manifests = listed.flatMap((each) => {
      const index = readIndex(layout, each.version);
      return index ? [{ ...each, index }] : [];
    });
    // Another prune has removed what is gone, perhaps for a release that came after the listing.
    if (manifests.length === listed.length) return manifests;
  }
}

/** Reads all manifests that this version of the package can read, the newest first. */
export async function readUsableManifests(layout: ReleaseLayout): Promise<StoredManifest[]> {
  const manifests: StoredManifest[] = [];
  for (const listed of await listManifests(layout)) {
    const index = readUsableIndex(layout, listed.version);
    if (index) manifests.push({ ...listed, index });
  }
  return manifests;
}

/** Whether the manifests that can be read are still some that were read before, in their order. */
export async function isListedStill(
  layout: ReleaseLayout,
  manifests: readonly StoredManifest[],
): Promise<boolean> {
  const times = new Map(manifests.map(({ version, releasedAt }) => [version, releasedAt]));
  const listed = (await listManifests(layout)).filter(
    ({ version }) => times.has(version) || readUsableIndex(layout, version) !== undefined,
  );
  return (
    listed.length === manifests.length &&
    listed.every(({ version, releasedAt }) => times.get(version) === releasedAt)
  );
}

/**
 * Reads the newest manifest, if there is any that this version of the package can read: a release must not fail over
 * what it is to be compared with.
 */
export async function readNewestManifest(layout: ReleaseLayout): Promise<StoredManifest | undefined> {
  for (const listed of await listManifests(layout)) {
    const index = readUsableIndex(layout, listed.version);
    if (index) return { ...listed, index };
  }
  return undefined;
}

function readUsableIndex(layout: ReleaseLayout, version: string): AssetIndex | undefined {
  try {
    return readIndex(layout, version);
  } catch (error) {
    if (error instanceof StaticUrlError) return undefined;
    throw error;
  }
}

async function listManifests(layout: ReleaseLayout): Promise<Omit<StoredManifest, 'index'>[]> {
  const listed: Omit<StoredManifest, 'index'>[] = [];
  for (const name of await readFolder(layout.manifests)) {
    const version = basename(name, '.json');
    if (name === version || !isVersion(version)) continue;
    listed.push({ version, releasedAt: await changedAt(manifestFile(layout, version)) });
  }
  return listed.toSorted((a, b) => b.releasedAt - a.releasedAt || (a.version < b.version ? -1 : 1));
}

/** `undefined` when another run has removed it meanwhile. */
function readIndex(layout: ReleaseLayout, version: string): AssetIndex | undefined {
  try {
    // A release writes its own manifest again, but not that of another.
    const advice = 'Remove it, or restore it from another host.';
    return readManifest(manifestFile(layout, version), layout.releases, advice).index;
  } catch (error) {
    if (error instanceof StaticUrlError && systemErrorCode(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

async function setChangedAt(file: string, milliseconds: number): Promise<void> {
  await utimes(file, milliseconds / 1000, milliseconds / 1000);
}

/**
 * Writes the manifest of a release, with a time that makes it the newest. A slow clock would not, and the next prune
 * would remove it for an old one.
 *
 * @returns what it wrote
 */
export async function writeManifest(
  layout: ReleaseLayout,
  run: Run,
  index: AssetIndex,
  version: string,
): Promise<string> {
  const text = `${JSON.stringify(manifestOf(index, version))}\n`;
  const staged = join(run.staging, 'manifest.json');
  await writeDurably(staged, text);
  const others = (await listManifests(layout)).filter((listed) => listed.version !== version);
  const newest = Math.max(0, ...others.map(({ releasedAt }) => releasedAt));
  await setChangedAt(staged, Math.max(Date.now(), newest + 1));
  if ((await changedAt(staged)) <= newest) await setChangedAt(staged, newest + COARSE_STEP_MILLISECONDS);
  await rename(staged, manifestFile(layout, version));
  return text;
}

/**
 * An index whose assets all have their integrity: from what was just copied, from the release before, or else from the
 * file in the release.
 *
 * @throws {@link StaticUrlError} `RELEASE_DAMAGED`, `FILE_UNREADABLE`
 */
export async function withIntegrity(
  index: AssetIndex,
  layout: ReleaseLayout,
  previous: AssetIndex | undefined,
  contents: ReadonlyMap<ContentKey, PooledContent>,
  hashes: XXHashAPI,
): Promise<AssetIndex> {
  const known = new Map<ContentKey, string>();
  for (const asset of previous?.assets.values() ?? [])
    if (asset.integrity !== undefined) known.set(contentKey(asset), asset.integrity);
  for (const [key, { integrity }] of contents) known.set(key, integrity);
  const unknown = [...index.assets.values()].filter((asset) => !known.has(contentKey(asset)));
  await inParallel(unknown, async (asset) => {
    const file = join(folderOf(layout, asset.fingerprint), asset.name);
    const { key, integrity } = await digestFile(file, hashes);
    if (key !== contentKey(asset))
      throw new StaticUrlError(
        'RELEASE_DAMAGED',
        `The file ${quote(file)} of an earlier release has other bytes than its fingerprint says. Remove its folder, then release again.`,
      );
    known.set(key, integrity);
  });
  const assets = new Map<string, Asset>();
  for (const [name, asset] of index.assets) {
    const integrity = known.get(contentKey(asset));
    assets.set(name, { ...asset, ...(integrity !== undefined && { integrity }) });
  }
  return { ...index, assets };
}

/**
 * Makes sure, before anything is written, that a copy of the manifest can be.
 *
 * @throws {@link StaticUrlError} `FILE_UNWRITABLE`
 */
export async function requireManifestPlace(
  file: string,
  { releases, dryRun }: Pick<ResolvedReleaseOptions, 'releases' | 'dryRun'>,
): Promise<void> {
  const refusal = (reason: string): StaticUrlError =>
    new StaticUrlError('FILE_UNWRITABLE', `Cannot write the manifest ${quote(file)}: ${reason}`);
  const folder = dirname(file);
  if ((await ifThere(stat(folder))) === undefined) {
    // The first release makes the folder that the releases folder is in.
    if (isInside(releases, [folder])) return;
    throw refusal('its folder is not there. Make the folder, or correct the path.');
  }
  if ((await ifThere(stat(file)))?.isDirectory())
    throw refusal(`it is a folder. Name a file in it, such as ${quote(join(file, 'assets.json'))}.`);
  // Who may only look may see what a release would do.
  if (!dryRun) await access(folder, constants.W_OK);
}

/**
 * Writes a copy of the manifest outside of the releases folder, whole or not at all. Until it is whole it lies beside
 * its place under a name of its own, which a later run removes should this one be killed.
 */
export async function writeManifestCopy(run: Run, file: string, text: string): Promise<void> {
  const folder = dirname(file);
  const start = `.${basename(file)}.`;
  for (const name of await readFolder(folder)) {
    const id = name.slice(start.length);
    if (name.startsWith(start) && isRunId(id) && runState(id) === 'dead')
      await rm(join(folder, name), { force: true }).catch(() => {});
  }
  const temporary = join(folder, start + run.id);
  try {
    await writeFileAtomically(file, text, temporary);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
