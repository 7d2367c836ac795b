import { optionError, StaticUrlError } from '../core/errors.ts';
import { isStringList, validated, type Kind } from '../core/option-kinds.ts';
import { didYouMean, quote } from '../core/text.ts';

/**
 * Folders whose files are one unit each: they share a fingerprint, so that whatever URL a script makes of text within its
 * unit has the same version.
 */
export type Units = readonly string[];

/** The option `together`. */
export const UNITS: Kind<readonly string[]> = validated({ kind: 'strings' }, (value, option) => {
  if (!isStringList(value))
    throw optionError(option, (name) => `${name(option)} is a list of folders, not ${quote(value)}.`);
  for (const folder of value) requireFolder(folder, option);
});

const FOLDER = /^(?:\.\/|(?:\.\/)?(?:(?!\.{1,2}\/)[^/\\]+\/)+)$/;

function requireFolder(folder: string, option: string): void {
  if (FOLDER.test(folder)) return;
  throw optionError(
    option,
    (name) =>
      `${name(option)} names folders by their paths below the root, with "/" at the end, not ${quote(folder)}. Write them such as "vendor/tinymce/", or "./" for the whole root.`,
  );
}

/** Units by their names alone, sorted; those that lie in others are part of them. */
export function unitsOf(folders: readonly string[]): Units {
  const names = [...new Set(folders.map((folder) => folder.replace(/^\.\//, '')))].toSorted();
  return names.filter((name) => !names.some((other) => other !== name && name.startsWith(other)));
}

/** Finds the units without files: the folder was renamed, or what builds it has not run. */
export function emptyUnits(units: Units, assets: ReadonlyMap<string, unknown>): string[] {
  const names = [...assets.keys()];
  return units.filter((unit) => !names.some((name) => name.startsWith(unit)));
}

/**
 * Refuses units without files.
 *
 * @param origin - where the assets come from, for messages
 * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`
 */
export function requireUnits(units: Units, assets: ReadonlyMap<string, unknown>, origin: string): void {
  const [unit] = emptyUnits(units, assets);
  if (unit === undefined) return;
  throw optionError(
    'together',
    (name) =>
      `Cannot find a file in the folder ${quote(unit || './')} under ${origin}, which ${name('together')} names.${adviceFor(unit, assets)}`,
    (message) => new StaticUrlError('ASSET_NOT_FOUND', message),
  );
}

/** What was probably meant by a unit without files: a sentence after a space, or nothing. */
export function adviceFor(unit: string, assets: ReadonlyMap<string, unknown>): string {
  return didYouMean(unit, foldersOf([...assets.keys()]));
}

function foldersOf(names: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const name of names)
    for (let end = name.indexOf('/'); end !== -1; end = name.indexOf('/', end + 1))
      folders.add(name.slice(0, end + 1));
  return [...folders];
}

/** The unit that an asset is part of, if any. */
export function unitOf(name: string, units: Units): string | undefined {
  return units.find((unit) => name.startsWith(unit));
}
