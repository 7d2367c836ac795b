import type { FileSignature } from '../files/file-signature.ts';
import type { BundleEntry } from './bundles/bundle.ts';
import { hasOpenSuffix, isModuleImport, type ReferenceKind } from './references/reference.ts';
import { unitOf, type Units } from './units.ts';

/** How modules get their fingerprints; see {@link AssetsOptions.modules}. */
export type ModulesMode = 'group' | 'importmap';

/** A reference from one asset to another that exists. */
export interface AssetReference {
  readonly kind: ReferenceKind;
  /** As it stands in the file, unescaped. */
  readonly specifier: string;
  /** The name of the asset it leads to. */
  readonly target: string;
}

/** One file under a root. */
export interface Asset {
  /** Its path relative to its root, with `/` between segments. */
  readonly name: string;
  /** 16 hexadecimal digits that change with its bytes and those of everything a browser reaches from it. */
  readonly fingerprint: string;
  /**
   * The fingerprint that covers all that a module imports too, for a worker, which sees no import map: that of its group.
   * Absent where it is the same.
   */
  readonly workerFingerprint?: string;
  /** XXH64 of its own bytes: 16 hexadecimal digits. */
  readonly hash: string;
  /** Its length in bytes. */
  readonly size: number;
  readonly references: readonly AssetReference[];
  /** `sha384-…` (Subresource Integrity), where it has been computed. */
  readonly integrity?: string;
  /** Where its bytes are: an absolute path. */
  readonly file: string;
  /** By what the file is known to have these bytes still, where it was read. */
  readonly signature?: FileSignature;
}

/** What decides which fingerprint a browser follows a reference under. */
export interface ReferenceRules {
  readonly modules: ModulesMode;
  /** Folders whose files share one fingerprint each. */
  readonly units: Units;
}

/** All assets at one moment; never changes. */
export interface AssetIndex extends ReferenceRules {
  /** Bare module names and the assets that they stand for; by `/` at their ends, folders of assets. */
  readonly imports: ReadonlyMap<string, string>;
  readonly assets: ReadonlyMap<string, Asset>;
  /** The entries of a bundler, by name. */
  readonly bundle: ReadonlyMap<string, BundleEntry>;
  /** The names of the assets that have each fingerprint. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

type IndexRules = Pick<AssetIndex, 'modules'> & Partial<Pick<AssetIndex, 'units' | 'imports' | 'bundle'>>;

/** Indexes assets by fingerprint. */
export function createAssetIndex(
  assets: ReadonlyMap<string, Asset>,
  {
    modules,
    units = [],
    imports = new Map<string, string>(),
    bundle = new Map<string, BundleEntry>(),
  }: IndexRules,
): AssetIndex {
  const members = new Map<string, string[]>();
  const add = (fingerprint: string, name: string): void => {
    const names = members.get(fingerprint);
    if (names) names.push(name);
    else members.set(fingerprint, [name]);
  };
  for (const { name, fingerprint, workerFingerprint } of assets.values()) {
    add(fingerprint, name);
    if (workerFingerprint !== undefined) add(workerFingerprint, name);
  }
  return { modules, units, imports, bundle, assets, members };
}

/** Whether a module is imported by a URL relative to its importer, not by a name that only an import map knows. */
export function isRelativeImport(reference: Pick<AssetReference, 'kind' | 'specifier'>): boolean {
  return isModuleImport(reference) && /^\.{0,2}\//.test(reference.specifier);
}

/**
 * Whether a browser follows a reference under the fingerprint of the file that has it.
 *
 * @param holder - the name of that file
 */
export function staysInFingerprint(
  holder: string,
  reference: AssetReference,
  { modules, units }: ReferenceRules,
): boolean {
  if (!isModuleImport(reference)) return true;
  if (!isRelativeImport(reference)) return false;
  // An import map sends the modules that it has to the fingerprints of their own, which those of a unit share.
  if (modules === 'group' || hasOpenSuffix(reference)) return true;
  const unit = unitOf(holder, units);
  return unit !== undefined && reference.target.startsWith(unit);
}

/** Scripts, and documents that may have some. */
const MAKES_URLS = /\.(?:m?js|x?html?|svg)$/i;

/**
 * The names of all assets that a browser can reach under a fingerprint, those that have it first.
 *
 * Import maps are the page's. A worker or a document under the prefix has none, so what it imports is asked for under
 * the fingerprint by which it was reached itself. The modules of a unit may run in one, and whatever script of it is reached
 * may make the URL of any other of its files.
 */
export function reachOf({ modules, units, assets, members }: AssetIndex, fingerprint: string): Set<string> {
  const own = new Set(members.get(fingerprint));
  const beyond = new Set<string>();
  const add = (name: string): void => {
    const isNew = !own.has(name) && !beyond.has(name);
    beyond.add(name);
    const unit = isNew && MAKES_URLS.test(name) ? unitOf(name, units) : undefined;
    if (unit === undefined) return;
    for (const other of members.get(assets.get(name)?.fingerprint ?? '') ?? [])
      if (other.startsWith(unit)) beyond.add(other);
  };
  const follow = (names: Iterable<string>, mode: ModulesMode): void => {
    for (const name of names) {
      const rules = { modules: unitOf(name, units) === undefined ? mode : 'group', units } as const;
      for (const reference of assets.get(name)?.references ?? []) {
        if (staysInFingerprint(name, reference, rules)) add(reference.target);
      }
    }
  };
  const isForWorkers = [...own].some((name) => assets.get(name)?.workerFingerprint === fingerprint);
  follow(own, isForWorkers ? 'group' : modules);
  follow(beyond, 'group');
  return new Set([...own, ...beyond]);
}
