import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ENCODED_FORMS } from '../../compression/content-encodings.ts';
import { quote } from '../../core/text.ts';
import { isVersion } from '../../core/version-format.ts';
import type { Prefix } from '../../core/prefix.ts';
import { guardRoots } from '../../files/roots.ts';
import { scanFolder } from '../../files/scan-folder.ts';
import { writeRelease } from '../../releases/index.ts';
import { sourcesOf } from '../../serve/index.ts';
import { COPY_ENCODINGS } from '../landing/options.ts';
import type { SiteAssets } from '../options.ts';
import type { Phase } from '../landing/index.ts';
import type { ResolvedSite } from '../resolve-site.ts';

/** A file that goes into the site as it is. */
export interface StaticFile {
  /** Relative to the site's folder. */
  readonly name: string;
  /** The file that is copied: an absolute path. */
  readonly source: string;
  readonly phase: Phase;
  /** Whether its bytes are told by its name, so that one that is there need not be read. */
  readonly isFingerprinted: boolean;
}

/** The files that are copied from the folders of the options `passThrough` and `copies`. */
export function listCopies({ passThrough, copies }: ResolvedSite): StaticFile[] {
  const files: StaticFile[] = [];
  const add = (name: string, source: string): void => {
    files.push({ name, source, phase: 'file', isFingerprinted: false });
  };
  const addFolder = (folder: string, path: string, dotfiles: boolean): void => {
    for (const name of scanFolder(folder, { dotfiles, wellKnown: true }, guardRoots([folder])))
      add(path + name, join(folder, name));
  };
  if (passThrough !== undefined) addFolder(passThrough, '', true);
  for (const { from, to, dotfiles = false } of copies) {
    const path = to.slice(1);
    const isFile = statSync(from, { throwIfNoEntry: false })?.isFile() === true;
    if (isFile) add(path === '' || path.endsWith('/') ? path + basename(from) : path, from);
    else addFolder(from, path === '' || path.endsWith('/') ? path : `${path}/`, dotfiles);
  }
  return files;
}

/**
 * The folder of assets in the site: `static/`; `undefined` where they are on another host.
 *
 * @throws TypeError where they would lie outside of the site
 */
export function assetsFolderOf(assets: SiteAssets, { place }: ResolvedSite): string | undefined {
  const prefix = prefixOf(assets);
  const url = new URL(prefix.href, place.origin);
  if (url.origin !== place.origin) return undefined;
  if (!prefix.path.startsWith(place.basePath))
    throw new TypeError(
      `The prefix of the assets is ${quote(prefix.path)}, and the site lives under ${quote(place.basePath)}. Open them with the prefix ${quote(place.basePath + prefix.path.slice(1))}.`,
    );
  return decodeURIComponent(prefix.path.slice(place.basePath.length));
}

/** The prefix of opened assets. */
export function prefixOf(assets: SiteAssets): Prefix {
  const sources = sourcesOf(assets);
  if (sources === undefined)
    throw new TypeError('The option "assets" is what openAssets() gives, or a function that gives it.');
  return sources.prefix;
}

/**
 * The files of assets: under the fingerprints of every release that is kept, so that tabs which were open before still find theirs, and
 * by name, as they are now.
 *
 * @param folder - the folder of assets in the site, with a slash at its end
 * @param ownReleases - where the releases of a site are kept whose assets come from their sources
 */
export async function listAssets(
  assets: SiteAssets,
  folder: string,
  { compress }: ResolvedSite,
  ownReleases: string,
): Promise<StaticFile[]> {
  const {
    roots,
    releases = ownReleases,
    manifest,
    prefix,
    modules,
    imports,
    units,
    optional,
    dotfiles,
    wellKnown,
  } = sourcesOf(assets)!;
  if (manifest === undefined)
    await writeRelease({
      roots,
      releases,
      prefix: prefix.href,
      modules,
      together: units.map((unit) => `./${unit}`),
      optional,
      dotfiles,
      wellKnown,
      compress,
      ...(imports !== undefined && { imports: Object.fromEntries(imports) }),
    });
  const files: StaticFile[] = [];
  for (const fingerprint of readdirSync(releases).filter(isVersion).toSorted()) {
    const names = scanFolder(join(releases, fingerprint), { dotfiles: true, wellKnown: true });
    for (const name of withoutCopies(names, compress))
      files.push({
        name: `${folder}${fingerprint}/${name}`,
        source: join(releases, fingerprint, name),
        phase: 'asset',
        isFingerprinted: true,
      });
  }
  for (const name of assets.paths()) {
    const fingerprint = assets.url(name).slice(prefix.href.length).split('/')[0] ?? '';
    files.push({
      name: folder + name,
      source: join(releases, fingerprint, name),
      phase: 'asset',
      isFingerprinted: false,
    });
  }
  return files;
}

/** Compressed copies in a release go along where the site has such copies; those that hosts do not know never do. */
function withoutCopies(names: readonly string[], compress: boolean): string[] {
  const all = new Set(names);
  return names.filter((name) =>
    ENCODED_FORMS.every(
      ({ suffix, encoding }) =>
        !name.endsWith(suffix) ||
        !all.has(name.slice(0, -suffix.length)) ||
        (compress && COPY_ENCODINGS.includes(encoding)),
    ),
  );
}
