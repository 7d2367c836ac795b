import {
  staysInFingerprint,
  type Asset,
  type AssetIndex,
  type AssetReference,
  type ModulesMode,
} from './asset-index.ts';
import { isGlob, isModuleImport, suffixOf } from './references/reference.ts';
import { encodeAssetName } from './references/resolve-reference.ts';

/** An origin that no prefix has, to resolve URLs that have none. */
const NOWHERE = 'http://static-url.invalid';

/** The static URLs of all assets of an index, by name. */
export function urlsOf({ assets }: AssetIndex, prefix: string): Map<string, string> {
  const urls = new Map<string, string>();
  for (const { name, fingerprint } of assets.values()) urls.set(name, urlUnder(prefix, fingerprint, name));
  return urls;
}

/** The URL by which a page starts an asset as a worker. */
export function workerUrl(
  { name, fingerprint, workerFingerprint = fingerprint }: Asset,
  prefix: string,
): string {
  return urlUnder(prefix, workerFingerprint, name);
}

/** The URL of an asset under a fingerprint that reaches it. */
export function urlUnder(prefix: string, fingerprint: string, name: string): string {
  return `${prefix}${fingerprint}/${encodeAssetName(name)}`;
}

/**
 * The URL by which a browser asks for an asset when it follows the references of another: under that one's
 * fingerprint, spelled as the reference is, with its query; or, where an import map sends it there, under its own.
 *
 * @returns `undefined` when nothing leads there
 */
export function urlFrom(index: AssetIndex, prefix: string, from: Asset, name: string): string | undefined {
  const steps: Step[] = [{ fingerprint: from.fingerprint, holder: from.name, modules: index.modules }];
  const seen = new Set<string>();
  // Grows on the way: the nearest reference comes first.
  for (const { fingerprint, holder, modules } of steps) {
    for (const reference of index.assets.get(holder)?.references ?? []) {
      const target = index.assets.get(reference.target);
      // A visitor who follows a link leaves the page.
      if (target === undefined || reference.kind === 'link') continue;
      const stays = staysInFingerprint(holder, reference, { modules, units: index.units });
      if (target.name === name && !stays) return urlUnder(prefix, target.fingerprint, name);
      if (target.name === name) {
        const url = referencedUrl(urlUnder(prefix, fingerprint, holder), holder, reference);
        // No request has a fragment.
        return url.replace(/#.*$/s, '');
      }
      // The map has what a module imports that is loaded under its own fingerprint.
      const isMapped = isModuleImport(reference) && target.fingerprint === fingerprint;
      const step: Step = stays
        ? { fingerprint, holder: target.name, modules: isMapped ? modules : 'group' }
        : { fingerprint: target.fingerprint, holder: target.name, modules: index.modules };
      const key = `${step.fingerprint}/${step.modules}/${step.holder}`;
      if (!seen.has(key)) steps.push(step);
      seen.add(key);
    }
  }
  return undefined;
}

/** A file whose references are followed. */
interface Step {
  /** Under which it was asked for. */
  readonly fingerprint: string;
  readonly holder: string;
  /** A worker or a document that was reached has no import map, so its modules load as in a group. */
  readonly modules: ModulesMode;
}

/**
 * Where a reference of a file leads when nothing maps it, as it is spelled, with its query and fragment: by both, import
 * maps and browsers tell modules apart.
 *
 * @param holderUrl - the URL of the file
 * @param holder - its name
 */
export function referencedUrl(holderUrl: string, holder: string, reference: AssetReference): string {
  const { specifier, target } = reference;
  if (!isGlob(reference)) return spelledUrl(holderUrl, specifier);
  const suffix = suffixOf(specifier);
  const targetUrl = holderUrl.slice(0, -encodeAssetName(holder).length) + encodeAssetName(target);
  return suffix.includes('*') ? targetUrl : spelledUrl(targetUrl, suffix);
}

function spelledUrl(base: string, specifier: string): string {
  const { origin, protocol, pathname, search, hash, href } = new URL(specifier, new URL(base, NOWHERE));
  if (origin === NOWHERE) return pathname + search + hash;
  return base.startsWith('//') ? href.slice(protocol.length) : href;
}
