import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { type Asset, type AssetIndex, encodeAssetName, reachOf, urlUnder } from '../assets/index.ts';
import { ENCODED_FORMS } from '../compression/content-encodings.ts';
import type { DotfileRule } from '../core/dotfiles.ts';
import { isSameSignature, signatureOf, type FileSignature } from '../files/file-signature.ts';
import { parseRequestPath, type AssetRequest } from '../http/request-path.ts';
import type { ContentDigest } from './content-digest.ts';
import { isNotThere } from './opened-file.ts';
import type { RootBoundary } from './root-boundary.ts';
import { CompressedCopy, Representation, ServedFile } from './served-file.ts';

/** What a {@link Catalogue} is prepared by. */
export interface CatalogueSettings {
  /** The prefix's path, percent-encoded, with a slash at both ends. */
  readonly prefixPath: string;
  readonly dotfileRule: DotfileRule;
  readonly memoryBudgetBytes: number;
  /** What files must be inside of; `undefined` when symbolic links may point anywhere. */
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
    const { prefixPath, boundary, dotfileRule } = settings;
    this.index = index;
    this.#prefixPath = prefixPath;
    boundary?.forget();
    const signatures = new Map([...index.assets.values()].map((asset) => [asset.file, asset.signature]));
    for (const asset of index.assets.values()) {
      const { name } = asset;
      const url = urlUnder('', asset.fingerprint, name);
      // A name that no request may have has no answer to prepare either.
      if (parseRequestPath(url, dotfileRule).kind !== 'asset' || boundary?.holds(asset.file) === false)
        continue;
      const file = serve(asset, signatures);
      if (file === undefined) continue;
      this.#byName.set(name, file);
      this.#byUrl.set(prefixPath + url, file);
    }
    this.#urlLimit = this.#byUrl.size * 2 + REMEMBERED_REACHES;
    this.#keepInMemory(settings, before);
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

  #reach(version: string): ReadonlySet<string> {
    const known = this.#reaches.get(version);
    if (known !== undefined) return known;
    const reach = reachOf(this.index, version);
    if (this.#reaches.size >= REMEMBERED_REACHES) this.#reaches.clear();
    this.#reaches.set(version, reach);
    return reach;
  }

  representations(): Representation[] {
    return [...this.#byName.values()].flatMap(({ identity, copies }) => [identity, ...copies]);
  }

  /**
   * Reads files into memory, the smallest first, until the budget is spent. A file that is no longer what it was is left
   * to whoever answers the request.
   */
  #keepInMemory(settings: CatalogueSettings, before: Catalogue | undefined): void {
    const known = new Map(before?.representations().map((each) => [each.path, each]));
    let left = settings.memoryBudgetBytes;
    for (const representation of this.representations().toSorted((a, b) => a.size - b.size)) {
      if (representation.size > left) return;
      const earlier = known.get(representation.path);
      const bytes = earlier?.isOfSameFile(representation) ? earlier.bytes : undefined;
      representation.bytes = bytes ?? readWhole(representation, settings);
      left -= representation.bytes?.length ?? 0;
    }
  }
}

/** @param signatures - those of all assets, by path: a compressed copy is an asset too */
function serve(
  asset: Asset,
  signatures: ReadonlyMap<string, FileSignature | undefined>,
): ServedFile | undefined {
  const { name, file, hash, size } = asset;
  const isReleased = asset.signature === undefined;
  const signature = asset.signature ?? signatureOnDisk(file);
  if (signature === undefined) return undefined;
  // What a release has written is not written again. A file of another length than its manifest says is taken for one
  // that has changed since.
  const expected = isReleased ? { ...signature, size, isFresh: false } : signature;
  const copies: CompressedCopy[] = [];
  for (const form of ENCODED_FORMS) {
    const path = file + form.suffix;
    const found = isReleased ? signatureOnDisk(path) : signatures.get(path);
    if (found !== undefined) copies.push(new CompressedCopy(file, form, found, hash));
  }
  return new ServedFile(name, new Representation(file, expected, hash), copies);
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

/** The bytes of a file, if they are those that were indexed. */
function readWhole(
  representation: Representation,
  { boundary, digest }: CatalogueSettings,
): Buffer | undefined {
  const { path, signature, hash } = representation;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    if (boundary?.holdsOpened(descriptor, path, fstatSync(descriptor)) === false) return undefined;
    const bytes = readFileSync(descriptor);
    if (!isSameSignature(signature, signatureOf(fstatSync(descriptor)))) return undefined;
    if (hash === undefined || hash === digest.ofBytes(bytes)) return bytes;
    // A release whose files were written over: what they look like proves nothing.
    representation.signature = { ...signature, isFresh: true };
    return undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
