import { StaticUrlError } from '../core/errors.ts';
import { didYouMean, quote } from '../core/text.ts';

/** A module name that stands for what is not there. */
export interface MissingTarget {
  readonly name: string;
  /** An asset's name, or a folder's with a slash at its end. */
  readonly target: string;
  /** What was probably meant: a sentence after a space, or nothing. */
  readonly advice: string;
}

/**
 * Finds the module names that stand for nothing.
 *
 * @param imports - bare module names and the assets, or folders of assets, that they stand for
 * @param assets - all assets by name
 */
export function missingTargets(
  imports: ReadonlyMap<string, string>,
  assets: ReadonlyMap<string, unknown>,
): MissingTarget[] {
  if (imports.size === 0) return [];
  const names = [...assets.keys()];
  return [...imports]
    .filter(([, target]) => !assets.has(target) && !isFolder(target, names))
    .map(([name, target]) => ({ name, target, advice: didYouMean(target, names) }));
}

function isFolder(target: string, names: readonly string[]): boolean {
  return target.endsWith('/') && names.some((name) => name.startsWith(target));
}

/**
 * Refuses module names that stand for nothing: no import map could be written with them.
 *
 * @param origin - where the assets come from, for messages
 * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`
 */
export function requireTargets(
  imports: ReadonlyMap<string, string>,
  assets: ReadonlyMap<string, unknown>,
  origin: string,
): void {
  const [missing] = missingTargets(imports, assets);
  if (missing === undefined) return;
  const { name, target, advice } = missing;
  throw new StaticUrlError(
    'ASSET_NOT_FOUND',
    `Cannot find the asset ${quote(target)} under ${origin}, for which "imports" has the name ${quote(name)}.${advice}`,
  );
}
