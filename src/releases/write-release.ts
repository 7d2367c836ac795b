import { mkdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { writeDurably } from '../files/durable-files.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { guardRoots, rootsText } from '../files/roots.ts';
import {
  AssetCollection,
  createSourceReader,
  type AssetIndex,
  findWrongCopies,
  manifestOf,
  type WrongCopy,
} from '../assets/index.ts';
import { addFolder } from './build-folder.ts';
import { announce, waitForPrunes, type Claim } from './claims.ts';
import { ContentPool } from './content-pool.ts';
import { checkFolder, listFolders, requireOwnFolders } from './folders.ts';
import { inParallel } from './in-parallel.ts';
import { withIntegrity } from './integrities.ts';
import { writeManifestCopy } from './manifest-copy.ts';
import { requireManifestPlace } from './manifest-place.ts';
import { guardReleases, requireOutside } from './outside-roots.ts';
import { layoutOf, PARALLEL_FILES, type ReleaseLayout } from './release-layout.ts';
import { resolveReleaseOptions, type ReleaseOptions, type ResolvedReleaseOptions } from './options.ts';
import { planRelease } from './release-plan.ts';
import { reportRelease, type ReleaseReport } from './release-report.ts';
import { endRun, removeLeftovers, startRun, type Run } from './run.ts';
import {
  manifestFile,
  nextReleaseTime,
  readNewestManifest,
  type StoredManifest,
} from './stored-manifests.ts';
import { uncompressedFolders } from './uncompressed-folders.ts';
import { describeWriteError } from './write-error.ts';

/**
 * Adds a release to a releases folder: for each fingerprint a folder with every asset that a browser can reach under it,
 * and a manifest. What is there stays as it is; each folder appears in one piece; the manifest appears last. It may run
 * beside other releases and prunes, and be killed at any moment: the next run makes good.
 *
 * @throws {@link StaticUrlError} `REFERENCE_BROKEN` and what reading the sources may throw; `FILE_CHANGED` when a source
 *   changes meanwhile; `LINK_OUTSIDE`, `COPY_WRONG`; `RELEASE_NOT_FOUND` where folders look like a release's and are none;
 *   `RELEASE_DAMAGED`, `FILE_UNWRITABLE`, `DISK_FULL`, `CROSS_DEVICE`, `MANIFEST_INVALID`
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
  try {
    if (manifest !== undefined) await requireManifestPlace(manifest, resolved);
    return await release(layoutOf(releases), resolved);
  } catch (error) {
    throw describeWriteError(error, releases);
  }
}

/** Everything that one release is written from. */
interface Sources {
  readonly index: AssetIndex;
  readonly version: string;
  readonly claim: Claim;
  readonly previous: StoredManifest | undefined;
  readonly hashes: XXHashAPI;
}

async function release(layout: ReleaseLayout, options: ResolvedReleaseOptions): Promise<ReleaseReport> {
  const { dryRun, compress, onProgress } = options;
  onProgress({ stage: 'reading', done: 0, total: 0 });
  const present = await listFolders(layout);
  await requireOwnFolders(layout, present);
  const sources = await readSources(layout, options);
  const { index, version, previous, hashes } = sources;
  const plan = planRelease(index, new Set(present), previous?.index);
  const uncompressed = compress ? await uncompressedFolders(layout, plan.folders) : [];
  const facts = { dryRun, version, index, plan, previous, uncompressed };
  if (dryRun) return reportRelease({ ...facts, contents: new Map() });
  await removeLeftovers(layout, false, Date.now());
  const run = await startRun(layout);
  try {
    const contents = join(run.staging, 'contents');
    await mkdir(contents);
    const pool = new ContentPool(contents, hashes, onProgress);
    await announce(run, sources.claim);
    await addFolders(layout, options, sources, run, pool);
    await writeManifests(layout, options, sources, run, pool);
    return reportRelease({ ...facts, contents: pool.contents });
  } finally {
    await endRun(run);
  }
}

async function readSources(
  layout: ReleaseLayout,
  { assets, releases, symlinks }: ResolvedReleaseOptions,
): Promise<Sources> {
  const guard = symlinks === 'follow' ? guardReleases(releases) : guardRoots(assets.roots);
  const reader = await createSourceReader(assets, guard);
  const index = await reader.read();
  const hashes = await xxhash();
  const { version } = new AssetCollection(assets.prefix, rootsText(assets.roots), index, hashes);
  const wrong = (await findWrongCopies(index, hashes)).find(({ isReleased }) => isReleased);
  if (wrong) throw wrongCopy(wrong);
  return {
    index,
    version,
    claim: { versions: new Set([version]), fingerprints: new Set(index.members.keys()) },
    previous: await readNewestManifest(layout, Date.now()),
    hashes,
  };
}

function wrongCopy({ copy, original }: WrongCopy): StaticUrlError {
  return new StaticUrlError(
    'COPY_WRONG',
    `The file ${quote(copy.file)} holds other bytes than ${quote(original.file)}, whose compressed copy it is by its name: nginx would send them in its place. Rename one of them.`,
  );
}

/** How often folders may go that were just there, before somebody else than a prune must be at work. */
const ATTEMPTS = 3;

async function addFolders(
  layout: ReleaseLayout,
  { compress, onProgress }: ResolvedReleaseOptions,
  { index, claim, previous }: Sources,
  run: Run,
  pool: ContentPool,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    await waitForPrunes(layout, claim, () => onProgress({ stage: 'waiting for a prune', done: 0, total: 0 }));
    const { folders, contents } = planRelease(index, new Set(await listFolders(layout)), previous?.index);
    const missing = folders.filter(({ present }) => !present);
    if (missing.length === 0) {
      for (const { fingerprint, assets } of folders)
        await checkFolder(join(layout.releases, fingerprint), assets);
      return;
    }
    if (attempt === ATTEMPTS) throw vanishing(layout, missing[0]?.fingerprint);
    await pool.fill(contents, compress);
    const building = join(run.staging, `folders-${attempt}`);
    await mkdir(building);
    let done = 0;
    await inParallel(missing, PARALLEL_FILES, async (folder) => {
      const { fingerprint } = folder;
      const target = join(layout.releases, fingerprint);
      await addFolder(folder, pool.contents, join(building, fingerprint), target, run.folderMode);
      onProgress({ stage: 'linking', done: (done += 1), total: missing.length });
    });
  }
}

function vanishing({ releases }: ReleaseLayout, fingerprint: string | undefined): StaticUrlError {
  return new StaticUrlError(
    'RELEASE_DAMAGED',
    `The folder ${quote(fingerprint)} in ${quote(releases)} goes as soon as it is written. Stop what removes it, then release again.`,
  );
}

/** The manifest says that everything is there, so it comes last. */
async function writeManifests(
  layout: ReleaseLayout,
  { manifest }: ResolvedReleaseOptions,
  { index, version, previous, hashes }: Sources,
  run: Run,
  pool: ContentPool,
): Promise<void> {
  const whole = await withIntegrity(index, layout, previous?.index, pool.contents, hashes);
  const text = `${JSON.stringify(manifestOf(whole, version))}\n`;
  const staged = join(run.staging, 'manifest.json');
  await writeDurably(staged, text);
  const time = (await nextReleaseTime(layout, version)) / 1000;
  await utimes(staged, time, time);
  await rename(staged, manifestFile(layout, version));
  if (manifest !== undefined) await writeManifestCopy(run, manifest, text);
}
