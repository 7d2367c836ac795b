import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { isCompressedCopy } from '../../compression/content-encodings.ts';
import { StaticUrlError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { quote } from '../../core/text.ts';
import { isVersion } from '../../core/version-format.ts';
import { scanTree } from '../../files/scan-folder.ts';
import { layoutOf, PHASES, readState, type FileRecord, type Phase } from '../landing/index.ts';
import type { TargetContent } from '../targets/target.ts';
import { md5OfFile, readPart } from './content.ts';
import { CONTROL_FOLDER } from './control-objects.ts';

/** A file of an exported site. */
export interface LocalFile extends TargetContent {
  readonly key: string;
  readonly phase: Phase;
  /** Whether its URL changes whenever its bytes do. */
  readonly isFingerprinted: boolean;
  /** What the export remembers of it; absent where another program wrote it. */
  readonly record: FileRecord | undefined;
}

/** How the folder of a site is read. */
export interface LocalSiteOptions {
  /** Absolute. */
  readonly folder: string;
  /** Names at the top of it that are not the site's. */
  readonly keep: readonly string[];
  /** Whether compressed copies beside files are the site's too. */
  readonly compressedCopies: boolean;
  /** The folder of assets in the site, with a slash at its end, for a site of which no export tells: `static/`. */
  readonly assetsFolder: () => Promise<string | undefined>;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Reads a site that was exported: its files, in the order in which they are to be uploaded, with the MD5 of each.
 *
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_EMPTY`, `FILE_UNREADABLE`, `SITE_OUT_REFUSED`
 */
export async function readLocalSite(options: LocalSiteOptions): Promise<LocalFile[]> {
  const { folder, onProgress } = options;
  const root = rootOf(folder);
  const names = namesOf(root, options);
  const records = (await readState(layoutOf(folder).state))?.files ?? new Map<string, FileRecord>();
  const assetsFolder = records.size > 0 ? undefined : await options.assetsFolder();
  const files: LocalFile[] = [];
  const sizes = new Map(names.map((name) => [name, statSync(join(root, name)).size]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let done = 0;
  await inParallel(names, async (key) => {
    const path = join(root, key);
    const size = sizes.get(key) ?? 0;
    const record = records.get(key);
    const isFingerprinted = isFingerprint(key, record, assetsFolder);
    files.push({
      key,
      size,
      md5: await md5OfFile(path, size),
      bytes: async (start, end) => readPart(path, size, start, end),
      phase: record?.phase ?? phaseOfName(key, isFingerprinted),
      isFingerprinted,
      record,
    });
    onProgress((done += size), total);
    // Small files are not waited for, and requests are under way.
    if (files.length % 64 === 0) await immediate();
  });
  return files.toSorted(
    (one, other) => PHASES.indexOf(one.phase) - PHASES.indexOf(other.phase) || (one.key < other.key ? -1 : 1),
  );
}

/** The real folder: with `swap: 'link'` it is a link that the next export moves. */
function rootOf(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(folder);
  throw new StaticUrlError(
    'ROOT_NOT_FOUND',
    `There is no folder ${quote(folder)} to publish. Write it with "static-url export", or leave out "from" (--from).`,
  );
}

function namesOf(root: string, { folder, keep, compressedCopies }: LocalSiteOptions): string[] {
  const { files } = scanTree(
    root,
    ([top = '']) => keep.includes(top),
    (error) => {
      throw error;
    },
  );
  const all = new Set(files);
  const names = files.filter((name) => compressedCopies || !isCompressedCopy(name, all));
  if (names.length === 0)
    throw new StaticUrlError(
      'ROOT_EMPTY',
      `The folder ${quote(folder)} holds no files: an empty site would take the place of the one that is published.`,
    );
  const reserved = names.find((name) => name.startsWith(CONTROL_FOLDER));
  if (reserved !== undefined)
    throw new StaticUrlError(
      'PUBLISH_REFUSED',
      `The site has a file ${quote(reserved)}, and ${quote(CONTROL_FOLDER)} is where a publish keeps its manifest. Leave it out of the site.`,
    );
  return names;
}

function isFingerprint(
  key: string,
  record: FileRecord | undefined,
  assetsFolder: string | undefined,
): boolean {
  if (record !== undefined) return record.phase === 'asset' && key.split('/').slice(0, -1).some(isVersion);
  if (assetsFolder === undefined || !key.startsWith(assetsFolder)) return false;
  const [version = '', ...rest] = key.slice(assetsFolder.length).split('/');
  return rest.length > 0 && isVersion(version);
}

/** The phase of a file of which no export tells. */
function phaseOfName(key: string, isFingerprinted: boolean): Phase {
  if (isFingerprinted) return 'asset';
  if (['index.html', 'robots.txt'].includes(key) || /^sitemap[^/]*\.xml$/.test(key)) return 'entry';
  return /\.x?html?$/i.test(key) ? 'page' : 'file';
}
