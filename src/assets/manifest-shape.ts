import { isPlainObject } from '../core/options.ts';
import { isVersion } from '../core/version-format.ts';
import type { Manifest } from './manifest.ts';
import { isReferenceKind } from './references/reference.ts';

/** Whether what JSON says is a manifest of this format, down to the last reference. */
export function isManifest(value: unknown): value is Manifest {
  if (!isPlainObject(value)) return false;
  const { format, modules, imports = {}, version, assets } = value;
  if (format !== 1 || (modules !== 'group' && modules !== 'importmap') || typeof version !== 'string')
    return false;
  if (!isPlainObject(imports) || !Object.values(imports).every(isText)) return false;
  return isPlainObject(assets) && Object.values(assets).every(isManifestAsset);
}

function isManifestAsset(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { fingerprint, hash, size, integrity, references } = value;
  return (
    isText(fingerprint) &&
    isVersion(fingerprint) &&
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
