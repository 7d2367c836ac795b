import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { isVersion } from '../core/version-format.ts';
import {
  createAssetIndex,
  type Asset,
  type AssetIndex,
  type AssetReference,
  type ModulesMode,
} from './asset-index.ts';

/** What a release consists of, as JSON. Equal for equal files, on every host. */
export interface Manifest {
  /** The format of this file. */
  readonly format: 1;
  readonly modules: ModulesMode;
  /** One version over all assets. */
  readonly version: string;
  /** By name, sorted. */
  readonly assets: Readonly<Record<string, ManifestAsset>>;
}

/** One asset of a {@link Manifest}. */
export interface ManifestAsset {
  readonly fingerprint: string;
  /** XXH64 of its own bytes: 16 hexadecimal digits. */
  readonly hash: string;
  /** In bytes. */
  readonly size: number;
  /** `sha384-…`, where it has been computed. */
  readonly integrity?: string;
  readonly references?: readonly AssetReference[];
}

/** Writes an index down. */
export function manifestOf({ modules, assets }: AssetIndex, version: string): Manifest {
  const entries = [...assets.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, fingerprint, hash, size, integrity, references }) => [
      name,
      {
        fingerprint,
        hash,
        size,
        ...(integrity !== undefined && { integrity }),
        ...(references.length > 0 && { references }),
      },
    ]);
  return { format: 1, modules, version, assets: Object.fromEntries(entries) };
}

/**
 * Reads a release's manifest.
 *
 * @param releases - the absolute releases folder, where the assets' bytes are
 * @throws {@link StaticUrlError} `MANIFEST_NOT_FOUND`, `MANIFEST_INVALID`
 */
export function readManifest(
  file: string,
  releases: string,
): { readonly index: AssetIndex; readonly version: string } {
  const manifest = parse(file, read(file));
  const assets = new Map<string, Asset>();
  for (const [name, entry] of Object.entries(manifest.assets)) {
    const { fingerprint, hash, size, integrity, references = [] } = entry;
    assets.set(name, {
      name,
      fingerprint,
      hash,
      size,
      references,
      ...(integrity !== undefined && { integrity }),
      file: join(releases, fingerprint, name),
    });
  }
  return { index: createAssetIndex(manifest.modules, assets), version: manifest.version };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StaticUrlError(
      'MANIFEST_NOT_FOUND',
      `Cannot read the manifest ${quote(file)}: ${systemErrorCode(error) ?? String(error)}. Write it with "static-url release".`,
      { cause: error },
    );
  }
}

function parse(file: string, text: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(text);
    if (isManifest(manifest)) return manifest;
  } catch (error) {
    throw invalid(file, 'is not JSON', error);
  }
  throw invalid(file, 'is not one of this version of static-url');
}

function invalid(file: string, reason: string, cause?: unknown): StaticUrlError {
  return new StaticUrlError(
    'MANIFEST_INVALID',
    `The manifest ${quote(file)} ${reason}. Write it again with "static-url release".`,
    { cause },
  );
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value)) return false;
  const { format, modules, version, assets } = value;
  if (format !== 1 || (modules !== 'group' && modules !== 'importmap') || typeof version !== 'string')
    return false;
  return isRecord(assets) && Object.values(assets).every(isManifestAsset);
}

function isManifestAsset(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['fingerprint'] === 'string' &&
    isVersion(value['fingerprint']) &&
    typeof value['hash'] === 'string' &&
    isVersion(value['hash']) &&
    typeof value['size'] === 'number'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
