import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Where in a file an error arose: the first place in it that the error's stack names.
 *
 * @param file - its absolute path
 * @returns `:line:column` or `:line`; empty when the stack names none, as Node's of a mistake in a module's syntax
 */
export function placeIn(file: string, error: unknown): string {
  if (!(error instanceof Error)) return '';
  // Node resolves symbolic links, jiti does not.
  const real = realpathSync(file);
  const names = [pathToFileURL(real).href, real, file];
  for (const line of error.stack?.split('\n') ?? []) {
    for (const name of names) {
      const [, after = ''] = line.split(name);
      const [place] = /^(?::\d+){1,2}/.exec(after) ?? [];
      if (place !== undefined) return place;
    }
  }
  return '';
}
