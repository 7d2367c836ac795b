import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetIndex } from '../assets/index.ts';
import type { DeltaMaker } from '../compression/delta-maker.ts';
import { inParallel } from '../core/in-parallel.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { waitForPrunes, writeClaim, type Claim } from './claims.ts';
import { ContentPool } from './content-pool.ts';
import { planDeltas, type PlannedDelta } from './delta-plan.ts';
import { DeltaPool } from './delta-pool.ts';
import { describeWriteError } from './write-errors.ts';
import {
  readNewestManifest,
  readUsableManifests,
  requireManifestPlace,
  withIntegrity,
  writeManifest,
  writeManifestCopy,
} from './manifests.ts';
import {
  addFolder,
  checkFolder,
  listFolders,
  requireOwnFolders,
  uncompressedFolders,
} from './release-folders.ts';
import { planNames } from './name-plan.ts';
import { writeNames } from './name-tree.ts';
import { layoutOf, type ReleaseLayout } from './release-layout.ts';
import { resolveReleaseOptions, type ReleaseOptions, type ResolvedReleaseOptions } from './options.ts';
import { planRelease, type ReleasePlan } from './release-plan.ts';
import { reportRelease, type ReleaseReport } from './release-report.ts';
import { readSources, requireOutside } from './release-sources.ts';
import { measureTransfers } from './transfers.ts';
import { endRun, removeLeftovers, startRun, type Run } from './runs.ts';

/**
 * Adds a release to a releases folder: for each fingerprint a folder with every asset that a browser can reach under it,
 * and a manifest. What is there stays as it is; each folder appears in one piece; the manifest appears last. It may run
 * beside other releases and prunes, and be killed at any moment: the next run finishes the work.
 *
 * @throws {@link StaticUrlError} `REFERENCE_BROKEN` and what reading the sources may throw; `FILE_CHANGED` when a source
 *   changes meanwhile; `LINK_OUTSIDE`, `COPY_WRONG`; `RELEASE_NOT_FOUND` where folders look like a release's and are none;
 *   `RELEASE_DAMAGED`, `FILE_UNWRITABLE`, `DISK_FULL`, `CROSS_DEVICE`, `MANIFEST_INVALID`; `PACKAGE_MISSING` where nothing
 *   makes deltas
 * @throws TypeError for options of the wrong shape, and for a place inside a root
 *
 * @example
 * ```ts
 * const { version } = await writeRelease({ roots: 'public', releases: '/srv/releases', compress: true });
 * ```
 */
export async function writeRelease(options: ReleaseOptions): Promise<ReleaseReport> {
  const resolved = resolveReleaseOptions(options);
  const { assets, releases, manifest } = resolved;
  requireOutside('releases folder', releases, assets.roots);
  if (manifest !== undefined) requireOutside('manifest', manifest, assets.roots);
  let maker: DeltaMaker | undefined;
  try {
    if (manifest !== undefined) await requireManifestPlace(manifest, resolved);
    maker = await openMaker(resolved);
    return await release(layoutOf(releases), resolved, maker);
  } catch (error) {
    throw describeWriteError(error, releases);
  } finally {
    await maker?.close();
  }
}

async function openMaker({ deltas, dryRun }: ResolvedReleaseOptions): Promise<DeltaMaker | undefined> {
  if (deltas === 0 || dryRun) return undefined;
  const { openDeltaMaker } = await import('../compression/delta-maker.ts');
  return openDeltaMaker();
}

async function release(
  layout: ReleaseLayout,
  options: ResolvedReleaseOptions,
  maker: DeltaMaker | undefined,
): Promise<ReleaseReport> {
  const { dryRun, compress, manifest, onProgress } = options;
  onProgress({ stage: 'reading', done: 0, total: 0 });
  const present = await listFolders(layout);
  await requireOwnFolders(layout, present);
  const { index, version, hashes } = await readSources(options);
  const previous = await readNewestManifest(layout);
  const plan = planRelease(index, new Set(present), previous?.index);
  const uncompressed = compress ? await uncompressedFolders(layout, plan.folders) : [];
  const facts = { dryRun, version, index, plan, previous, uncompressed };
  if (dryRun) {
    const names = planNames([index, ...(await readOthers(layout, version))]);
    return reportRelease({ ...facts, contents: new Map(), names });
  }
  await removeLeftovers(layout, { keepAnnouncements: false });
  const run = await startRun(layout);
  try {
    const staged = join(run.staging, 'contents');
    const stagedDeltas = join(run.staging, 'deltas');
    for (const folder of [staged, stagedDeltas]) await mkdir(folder);
    const pools = {
      contents: new ContentPool(staged, hashes, onProgress),
      deltas: maker && new DeltaPool(stagedDeltas, maker, hashes, onProgress),
    };
    const kept = maker ? await readOthers(layout, version) : [];
    const claim = { versions: new Set([version]), fingerprints: new Set(index.members.keys()) };
    await writeClaim(run, run.announcement, claim);
    await addFolders(layout, run, claim, pools, options, (folders) => {
      const planned = planRelease(index, folders, previous?.index);
      return { ...planned, deltas: planDeltas(planned.folders, kept, options.deltas) };
    });
    const { contents } = pools.contents;
    // The manifest says that everything is there, so it comes last.
    const whole = await withIntegrity(index, layout, previous?.index, contents, hashes);
    const text = await writeManifest(layout, run, whole, version);
    onProgress({ stage: 'naming', done: 0, total: 0 });
    const names = await writeNames(layout, run);
    if (manifest !== undefined) await writeManifestCopy(run, manifest, text);
    const transfers = maker && previous && (await measureTransfers(layout, previous.index, index));
    const deltaDiskBytes = await pools.deltas?.diskUse(layout);
    const deltas = pools.deltas?.deltas;
    return reportRelease({ ...facts, contents, names, deltas, deltaDiskBytes, transfers });
  } finally {
    await endRun(run);
  }
}

/** The other releases, the newest first. */
async function readOthers(layout: ReleaseLayout, version: string): Promise<AssetIndex[]> {
  const manifests = await readUsableManifests(layout);
  return manifests.filter((each) => each.version !== version).map(({ index }) => index);
}

interface Pools {
  readonly contents: ContentPool;
  /** Where deltas were asked for. */
  readonly deltas: DeltaPool | undefined;
}

/** How often folders may disappear that were just there: after that, something other than a prune removes them. */
const ATTEMPTS = 3;

/** @param plan - given the fingerprints that have a folder */
async function addFolders(
  layout: ReleaseLayout,
  run: Run,
  claim: Claim,
  pools: Pools,
  { compress, onProgress }: ResolvedReleaseOptions,
  plan: (present: ReadonlySet<string>) => ReleasePlan & { readonly deltas: readonly PlannedDelta[] },
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    await waitForPrunes(layout, claim, () => onProgress({ stage: 'waiting for a prune', done: 0, total: 0 }));
    const { folders, contents, deltas } = plan(new Set(await listFolders(layout)));
    const missing = folders.filter(({ present }) => !present);
    if (missing.length === 0) {
      for (const folder of folders) await checkFolder(layout, folder);
      return;
    }
    if (attempt === ATTEMPTS)
      throw new StaticUrlError(
        'RELEASE_DAMAGED',
        `The folder ${quote(missing[0]?.fingerprint)} in ${quote(layout.releases)} disappears as soon as it is written. Stop what removes it, then release again.`,
      );
    await pools.contents.fill(contents, compress);
    await pools.deltas?.fill(deltas, pools.contents.contents);
    const building = join(run.staging, `folders-${attempt}`);
    await mkdir(building);
    let done = 0;
    await inParallel(missing, async (folder) => {
      await addFolder(layout, folder, {
        contents: pools.contents.contents,
        deltas: pools.deltas?.placedIn(folder.fingerprint) ?? [],
        building: join(building, folder.fingerprint),
        folderMode: run.folderMode,
      });
      onProgress({ stage: 'linking', done: (done += 1), total: missing.length });
    });
  }
}
