import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { isPlainObject, quote } from '../core/text.ts';
import { isStringList } from '../core/option-kinds.ts';
import { isVersion } from '../core/version-format.ts';
import {
  type Asset,
  type AssetIndex,
  type AssetReference,
  type ModulesMode,
  createAssetIndex,
} from './asset-index.ts';
import type { BundleEntry } from './bundles/bundle.ts';
import { isReferenceKind } from './references/reference.ts';

/** What a release consists of, as JSON. Equal for equal files, on every host. */
export interface Manifest {
  /** The format of this file. */
  readonly format: 1;
  readonly modules: ModulesMode;
  /** Bare module names and the assets that they stand for, where there are any; by name, sorted. */
  readonly imports?: Readonly<Record<string, string>>;
  /** Folders whose files share one fingerprint each, where there are any; sorted. */
  readonly together?: readonly string[];
  /** What pages need of the entries of a bundler, where there are any; by name, sorted. */
  readonly bundle?: Readonly<Record<string, BundleEntry>>;
  /** One version over all assets. */
  readonly version: string;
  /** By name, sorted. */
  readonly assets: Readonly<Record<string, ManifestAsset>>;
}

/** One asset of a {@link Manifest}. */
export interface ManifestAsset {
  readonly fingerprint: string;
  /** Under which a worker loads it with all that it imports, where that is another. */
  readonly workerFingerprint?: string;
  /** XXH64 of its own bytes: 16 hexadecimal digits. */
  readonly hash: string;
  /** In bytes. */
  readonly size: number;
  /** `sha384-…`, where it has been computed. */
  readonly integrity?: string;
  readonly references?: readonly AssetReference[];
}

/** Writes an index down. */
export function manifestOf(
  { modules, imports, units, bundle, assets }: AssetIndex,
  version: string,
): Manifest {
  const entries = [...assets.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, fingerprint, workerFingerprint, hash, size, integrity, references }) => [
      name,
      {
        fingerprint,
        ...(workerFingerprint !== undefined && { workerFingerprint }),
        hash,
        size,
        ...(integrity !== undefined && { integrity }),
        ...(references.length > 0 && { references }),
      },
    ]);
  return {
    format: 1,
    modules,
    ...(imports.size > 0 && { imports: Object.fromEntries(imports) }),
    ...(units.length > 0 && { together: units }),
    ...(bundle.size > 0 && { bundle: Object.fromEntries(bundle) }),
    version,
    assets: Object.fromEntries(entries),
  };
}

/**
 * Reads a release's manifest.
 *
 * @param releases - the absolute releases folder, where the assets' bytes are
 * @param advice - what to do about one that is none
 * @throws {@link StaticUrlError} `MANIFEST_NOT_FOUND`, `MANIFEST_INVALID`
 */
export function readManifest(
  file: string,
  releases: string,
  advice = 'Write it again with "static-url release".',
): { readonly index: AssetIndex; readonly version: string } {
  const manifest = parseManifest(file, advice);
  const assets = new Map<string, Asset>();
  for (const [name, asset] of Object.entries(manifest.assets)) {
    const { fingerprint, workerFingerprint, hash, size, integrity, references = [] } = asset;
    assets.set(name, {
      name,
      file: join(releases, fingerprint, name),
      fingerprint,
      ...(workerFingerprint !== undefined && { workerFingerprint }),
      hash,
      size,
      references,
      ...(integrity !== undefined && { integrity }),
    });
  }
  const { modules, version, imports = {}, together: units = [], bundle = {} } = manifest;
  const rules = {
    modules,
    units,
    imports: new Map(Object.entries(imports)),
    bundle: new Map(Object.entries(bundle)),
  };
  return { index: createAssetIndex(assets, rules), version };
}

function parseManifest(file: string, advice: string): Manifest {
  const invalid = (reason: string, cause?: unknown): StaticUrlError =>
    new StaticUrlError('MANIFEST_INVALID', `The manifest ${quote(file)} ${reason}. ${advice}`, { cause });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    const what =
      code === 'ENOENT' ? 'Write it with "static-url release".' : 'Check its path and permissions.';
    throw new StaticUrlError(
      'MANIFEST_NOT_FOUND',
      `Cannot read the manifest ${quote(file)}: ${code ?? String(error)}. ${what}`,
      { cause: error },
    );
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    throw invalid('is not JSON', error);
  }
  if (isManifest(manifest)) return manifest;
  throw invalid('is not one of this version of static-url');
}

/** Whether what JSON says is a manifest of this format, down to the last reference. */
function isManifest(value: unknown): value is Manifest {
  if (!isPlainObject(value)) return false;
  const { format, modules, imports = {}, together = [], bundle = {}, version, assets } = value;
  if (format !== 1 || (modules !== 'group' && modules !== 'importmap') || typeof version !== 'string')
    return false;
  if (!isPlainObject(imports) || !Object.values(imports).every(isText)) return false;
  if (!Array.isArray(together) || !together.every(isText)) return false;
  if (!isPlainObject(bundle) || !Object.values(bundle).every(isBundleEntry)) return false;
  if (!isPlainObject(assets) || !Object.keys(assets).every(isAssetName)) return false;
  return Object.values(assets).every(isManifestAsset);
}

/** Whether a name leads to a place inside of the folder that it is looked for in, and to one alone. */
function isAssetName(name: string): boolean {
  return !name.includes('\0') && !name.split('/').some((segment) => ['', '.', '..'].includes(segment));
}

function isBundleEntry(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { module, stylesheets } = value;
  return (module === undefined || isText(module)) && isStringList(stylesheets);
}

function isManifestAsset(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { fingerprint, workerFingerprint = fingerprint, hash, size, integrity, references } = value;
  return (
    isText(fingerprint) &&
    isVersion(fingerprint) &&
    isText(workerFingerprint) &&
    isVersion(workerFingerprint) &&
    isText(hash) &&
    isVersion(hash) &&
    typeof size === 'number' &&
    (integrity === undefined || isText(integrity)) &&
    (references === undefined || (Array.isArray(references) && references.every(isReference)))
  );
}

function isReference(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { kind, specifier, target } = value;
  return isReferenceKind(kind) && isText(specifier) && isText(target);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
