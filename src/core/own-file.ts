import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StaticUrlError } from './errors.ts';

/**
 * A file that this package has beside its modules.
 *
 * @param base - the module's `import.meta.url`, which bundles as CommonJS do not have
 * @returns `undefined` where there is none: in a bundle, and for some beside the sources
 */
export function ownFile(name: string, base: string | undefined): URL | undefined {
  const url = base === undefined ? undefined : new URL(name, base);
  return url !== undefined && existsSync(fileURLToPath(url)) ? url : undefined;
}

/**
 * As {@link ownFile}, where nothing can be done without it.
 *
 * @param what - what needs the file, as it begins a sentence
 * @throws {@link StaticUrlError} `BUNDLED`
 */
export function requireOwnFile(what: string, name: string, base: string | undefined): URL {
  const url = ownFile(name, base);
  if (url !== undefined) return url;
  throw new StaticUrlError(
    'BUNDLED',
    `${what} needs files of the package "static-url" that a bundle does not hold. Name the package as external to the bundler, and install it where the app runs.`,
  );
}
