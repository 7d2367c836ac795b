import { statSync } from 'node:fs';
import { type Asset, type AssetIndex, encodeAssetName, reachOf, urlUnder } from '../assets/index.ts';
import { isNamedLikeCopy } from '../compression/content-encodings.ts';
import { signatureOf, type FileSignature } from '../files/file-signature.ts';
import { hasDotfile, type DotfileRule } from '../core/dotfiles.ts';
import type { AssetRequest } from '../http/request-path.ts';
import type { ContentDigest } from './content-digest.ts';
import { keepInMemory } from './memory.ts';
import { isNotThere } from './opened-file.ts';
import { Representation } from './representation.ts';
import type { RootBoundary } from './root-boundary.ts';
import { ServedFile } from './served-file.ts';
import { findSidecars } from './sidecars.ts';

/** What a {@link Catalogue} is prepared by. */
export interface CatalogueSettings {
  /** The prefix's path, percent-encoded, with a slash at both ends. */
  readonly prefixPath: string;
  readonly dotfileRule: DotfileRule;
  readonly memoryBudgetBytes: number;
  /** What files must be inside of; `undefined` when links may lead anywhere. */
  readonly boundary: RootBoundary | undefined;
  readonly digest: ContentDigest;
}

/** How many fingerprints' reach is kept, once it was asked for. */
const REMEMBERED_REACHES = 1000;

/** All that an index lets be served, prepared when the index is new. */
export class Catalogue {
  readonly index: AssetIndex;
  /** By the path of a URL with a version that is current. */
  readonly #byUrl = new Map<string, ServedFile>();
  readonly #byName = new Map<string, ServedFile>();
  readonly #reaches = new Map<string, ReadonlySet<string>>();
  readonly #prefixPath: string;
  readonly #urlLimit: number;

  /**
   * @param before - the catalogue of an earlier index, whose bytes in memory are taken over
   * @throws the system's error when it cannot be told what is there, as with too many open files
   */
  constructor(index: AssetIndex, settings: CatalogueSettings, before?: Catalogue) {
    const { prefixPath, boundary, dotfileRule, memoryBudgetBytes, digest } = settings;
    this.index = index;
    this.#prefixPath = prefixPath;
    boundary?.forget();
    const compressed = compressedAssets(index);
    for (const asset of index.assets.values()) {
      const { name } = asset;
      if (hasDotfile(name.split('/'), dotfileRule) || isOutside(asset.file, boundary)) continue;
      const file = serve(asset, compressed);
      if (file === undefined) continue;
      this.#byName.set(name, file);
      this.#byUrl.set(urlUnder(prefixPath, asset.fingerprint, name), file);
    }
    this.#urlLimit = this.#byUrl.size * 2 + REMEMBERED_REACHES;
    const known = new Map(before?.representations().map((each) => [each.path, each]));
    keepInMemory(this.representations(), memoryBudgetBytes, digest, known);
  }

  /** The file of a URL with a current version, by the whole path of the URL. */
  byUrl(path: string): ServedFile | undefined {
    return this.#byUrl.get(path);
  }

  /** The file of an asset as it is now. */
  byName(name: string): ServedFile | undefined {
    return this.#byName.get(name);
  }

  /** The file that a browser reaches under a version, if that is current and reaches it. */
  byVersion({ version = '', asset, encoded }: AssetRequest): ServedFile | undefined {
    const file = this.#byName.get(asset);
    if (file === undefined || !this.index.members.has(version) || !this.#reach(version).has(asset))
      return undefined;
    // Other spellings are endless, so they are looked up each time.
    if (this.#byUrl.size < this.#urlLimit && encoded === encodeAssetName(asset))
      this.#byUrl.set(urlUnder(this.#prefixPath, version, asset), file);
    return file;
  }

  representations(): Representation[] {
    const representations: Representation[] = [];
    for (const { identity, variants } of this.#byName.values()) representations.push(identity, ...variants);
    return representations;
  }

  #reach(version: string): ReadonlySet<string> {
    const known = this.#reaches.get(version);
    if (known !== undefined) return known;
    const reach = reachOf(this.index, version);
    if (this.#reaches.size >= REMEMBERED_REACHES) this.#reaches.clear();
    this.#reaches.set(version, reach);
    return reach;
  }
}

const NO_SIDECARS: readonly Representation[] = [];

/** The compressed files among assets, by path. */
function compressedAssets({ assets }: AssetIndex): Map<string, FileSignature> {
  const compressed = new Map<string, FileSignature>();
  for (const { file, signature } of assets.values()) {
    if (signature !== undefined && isNamedLikeCopy(file)) compressed.set(file, signature);
  }
  return compressed;
}

function serve(asset: Asset, compressed: ReadonlyMap<string, FileSignature>): ServedFile | undefined {
  const { name, file, hash, size } = asset;
  const signature = asset.signature ?? releasedSignature(file);
  if (signature === undefined) return undefined;
  // A file of another length than its manifest says is taken for one that has changed since.
  const expected = signature.size === size ? signature : { ...signature, size };
  const find = asset.signature === undefined ? signatureOnDisk : (path: string) => compressed.get(path);
  const sidecars =
    asset.signature !== undefined && compressed.size === 0 ? NO_SIDECARS : findSidecars(file, find);
  return new ServedFile(name, new Representation({ path: file, signature: expected }, hash), sidecars);
}

/** What a release has written is not written again. */
function releasedSignature(path: string): FileSignature | undefined {
  const signature = signatureOnDisk(path);
  return signature && { ...signature, isFresh: false };
}

function signatureOnDisk(path: string): FileSignature | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? signatureOf(stats) : undefined;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

function isOutside(file: string, boundary: RootBoundary | undefined): boolean {
  try {
    return boundary?.holds(file) === false;
  } catch (error) {
    if (isNotThere(error)) return true;
    throw error;
  }
}
