import { readdirSync } from 'node:fs';
import type { AssetIndex } from '../assets/index.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/options.ts';

/**
 * Makes sure that a releases folder holds a release: without its bytes answers would be 404s.
 *
 * @throws {@link StaticUrlError} `RELEASE_NOT_FOUND`
 */
export function requireRelease(folder: string, { members }: AssetIndex): void {
  const there = new Set(namesIn(folder));
  const missing = [...members].filter(([fingerprint]) => !there.has(fingerprint));
  const [first] = missing;
  if (first === undefined) return;
  const [fingerprint, [name]] = first;
  throw new StaticUrlError(
    'RELEASE_NOT_FOUND',
    `The releases folder ${quote(folder)} lacks ${missing.length} of the ${members.size} folders that the manifest names, such as ${quote(fingerprint)} of ${quote(name)}: the release was pruned, or never written there. Run "static-url release" with the sources of this deploy.`,
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new StaticUrlError(
      'RELEASE_NOT_FOUND',
      `Cannot find a releases folder at ${quote(folder)}. Name the one that "static-url release --out" wrote.`,
      { cause: error },
    );
  }
}
