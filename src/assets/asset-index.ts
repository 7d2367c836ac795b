import type { FileSignature } from '../files/file-signature.ts';
import type { BundleEntry } from './bundles/bundle.ts';
import { isModuleImport, type ReferenceKind } from './references/reference.ts';

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

/** All assets at one moment; never changes. */
export interface AssetIndex {
  readonly modules: ModulesMode;
  /** Bare module names and the assets that they stand for; by `/` at their ends, folders of assets. */
  readonly imports: ReadonlyMap<string, string>;
  readonly assets: ReadonlyMap<string, Asset>;
  /** The entries of a bundler, by name. */
  readonly bundle: ReadonlyMap<string, BundleEntry>;
  /** The names of the assets that have each fingerprint. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Indexes assets by fingerprint. */
export function createAssetIndex(
  modules: ModulesMode,
  assets: ReadonlyMap<string, Asset>,
  imports: ReadonlyMap<string, string> = new Map(),
  bundle: ReadonlyMap<string, BundleEntry> = new Map(),
): AssetIndex {
  const members = new Map<string, string[]>();
  for (const { name, fingerprint } of assets.values()) {
    const names = members.get(fingerprint);
    if (names) names.push(name);
    else members.set(fingerprint, [name]);
  }
  return { modules, imports, assets, bundle, members };
}

/** Whether a module is imported by a URL relative to its importer, not by a name that only an import map knows. */
export function isRelativeImport(reference: Pick<AssetReference, 'kind' | 'specifier'>): boolean {
  return isModuleImport(reference) && /^\.{0,2}\//.test(reference.specifier);
}

/** Whether a browser follows a reference under the fingerprint of the file that has it. */
export function staysInFingerprint(
  reference: Pick<AssetReference, 'kind' | 'specifier'>,
  modules: ModulesMode,
): boolean {
  // An import map sends modules to the fingerprints of their own.
  return !isModuleImport(reference) || (modules === 'group' && isRelativeImport(reference));
}

/**
 * The names of all assets that a browser can reach under a fingerprint, those that have it first.
 *
 * Import maps are the page's. A worker or a document under the prefix has none, so what it imports is asked for under
 * the fingerprint by which it was reached itself.
 */
export function reachOf({ modules, assets, members }: AssetIndex, fingerprint: string): Set<string> {
  const own = new Set(members.get(fingerprint));
  const beyond = new Set<string>();
  const follow = (names: Iterable<string>, mode: ModulesMode): void => {
    for (const name of names) {
      for (const reference of assets.get(name)?.references ?? []) {
        if (staysInFingerprint(reference, mode)) beyond.add(reference.target);
      }
    }
  };
  follow(own, modules);
  follow(beyond, 'group');
  return new Set([...own, ...beyond]);
}
