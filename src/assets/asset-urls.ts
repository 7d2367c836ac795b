import { staysInFingerprint, type Asset, type AssetIndex, type ModulesMode } from './asset-index.ts';
import { isGlob } from './references/reference.ts';
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
      const stays = staysInFingerprint(reference, modules);
      if (target.name === name)
        return stays && !isGlob(reference)
          ? spelledUrl(urlUnder(prefix, fingerprint, holder), reference.specifier, prefix)
          : urlUnder(prefix, stays ? fingerprint : target.fingerprint, name);
      const step: Step = stays
        ? { fingerprint, holder: target.name, modules: 'group' }
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

/** Where a reference of a file leads, as it is spelled, with its query. */
export function spelledUrl(holder: string, specifier: string, prefix: string): string {
  const url = new URL(specifier, new URL(holder, NOWHERE));
  url.hash = '';
  if (url.origin === NOWHERE) return url.pathname + url.search;
  return prefix.startsWith('//') ? url.href.slice(url.protocol.length) : url.href;
}
