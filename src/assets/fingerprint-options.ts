import { DOTFILE_OPTIONS, type DotfileOptions } from '../core/dotfiles.ts';
import { optionError } from '../core/errors.ts';
import { choice, expected, isStringList, PATH, strings } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { quote } from '../core/text.ts';
import type { ModulesMode } from './asset-index.ts';
import { UNITS } from './units.ts';

/** How files that refer to each other get their fingerprints, and what is known of them besides. */
export interface FingerprintOptions extends DotfileOptions {
  /**
   * How JavaScript modules get their fingerprints. `'group'`: modules that import each other, in any direction, share one;
   * one changed module renews its group. `'importmap'`: each module has its own, and pages must carry the import map.
   *
   * @defaultValue `'group'`
   */
  readonly modules?: ModulesMode;
  /**
   * Bare module names and the assets that they stand for: `{ three: 'vendor/three.module.js' }`. A name that ends in `/`
   * stands for a folder: `{ 'three/addons/': 'vendor/addons/' }`. They go into the import map.
   *
   * @defaultValue none; with `manifest` those of the release
   */
  readonly imports?: Readonly<Record<string, string>>;
  /**
   * Folders whose files share one fingerprint each, for code that makes URLs of text: `['vendor/tinymce/']`. Whatever URL a
   * script makes within such a folder has the same version; one file changed renews them all. `'./'` is the whole root.
   *
   * @defaultValue none; with `manifest` those of the release
   */
  readonly together?: readonly string[];
  /**
   * Files that may refer to what is not there, by patterns: `['vendor/mathjax/**']`. Their broken references are warnings
   * of `check`, never errors. A pattern that begins with `!` takes files out again.
   *
   * @defaultValue none
   */
  readonly optional?: readonly string[];
  /**
   * What a bundler says that it has written, for the tag `bundle()`: Vite's manifest or esbuild's metafile. Vite's paths are
   * relative to the folder that has the manifest in it, or in its `.vite`; esbuild's to the working folder, or else to the
   * metafile's. Not with `manifest`: a release has its own.
   */
  readonly bundle?: string | URL;
}

/** The options of {@link FingerprintOptions}. */
export const FINGERPRINT_OPTIONS: Table<FingerprintOptions, 'imports' | 'bundle'> = {
  ...DOTFILE_OPTIONS,
  modules: {
    ...choice('group', 'importmap'),
    flag: '--modules <mode>',
    default: 'group',
    help: 'How JavaScript modules get their fingerprints.',
  },
  imports: {
    ...strings({ kind: 'none' }, 'module names and assets', sortedImports),
    defaultText: 'none; with manifest those of the release',
    help: "Bare module names and the assets that they stand for: { three: 'vendor/three.module.js' }.",
  },
  together: {
    ...UNITS,
    flag: '--together <folder...>',
    default: [],
    defaultText: 'none; with manifest those of the release',
    help: "Folders whose files share one fingerprint each, for code that makes URLs of text: ['vendor/tinymce/'].",
  },
  optional: {
    ...expected(
      { kind: 'strings' },
      'a list of patterns of file names, such as "vendor/**"',
      (value): value is readonly string[] => isStringList(value) && !value.includes(''),
    ),
    flag: '--optional <pattern...>',
    default: [],
    defaultText: 'none',
    help: "Files that may refer to what is not there, by patterns: ['vendor/mathjax/**'].",
  },
  bundle: {
    ...PATH,
    flag: '--bundle <file>',
    help: "What a bundler says that it has written, for the tag bundle(): Vite's manifest or esbuild's metafile.",
  },
};

/**
 * Checks the option `imports`.
 *
 * @returns it by name, sorted
 * @throws TypeError
 */
export function sortedImports(
  imports: Readonly<Record<string, string>>,
  option: string,
): Map<string, string> {
  for (const [name, target] of Object.entries(imports)) {
    if (/^(?:$|\.{0,2}\/)/.test(name))
      throw optionError(
        option,
        (naming) =>
          `${naming(option)} takes bare module names, not ${quote(name)}: relative imports need no map.`,
      );
    if (name.endsWith('/') !== target.endsWith('/'))
      throw optionError(
        option,
        (naming) =>
          `${naming(option)} gives ${quote(name)} the value ${quote(target)}. End both with "/" for a folder, or neither for an asset.`,
      );
  }
  return new Map(Object.entries(imports).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
