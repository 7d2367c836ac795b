import { isOptionError, optionError } from '../core/errors.ts';
import { choice, validated } from '../core/option-kinds.ts';
import { checkNames, type AnyTable, type Spec } from '../core/options.ts';
import { RELEASES_OPTIONS, STATIC_OPTIONS } from '../nginx/options.ts';
import { PAGES_OPTIONS } from '../pages/options.ts';
import { PRUNE_OPTIONS, RELEASE_OPTIONS } from '../releases/options.ts';
import type { StaticUrlConfig } from './define-config.ts';

// What is said per call stays out.
const { root: _root, ...location } = { ...RELEASES_OPTIONS, ...STATIC_OPTIONS };
const { dryRun: _dryRun, onProgress: _onProgress, ...release } = { ...PRUNE_OPTIONS, ...RELEASE_OPTIONS };

const { app, ...pages } = PAGES_OPTIONS;

/** Checks what is said for pages; what is missing is found when pages are made. */
function checkPages(value: unknown): void {
  checkNames('"pages"', value, Object.keys(pages));
  // Every option has a spec.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const table = pages as AnyTable;
  for (const [name, each] of Object.entries(Object(value))) {
    if (each === undefined || table[name]?.check(each) !== false) continue;
    const error = table[name].refusal(each, name);
    throw isOptionError(error)
      ? optionError(name, (naming) => error.inWords((option) => `${naming(option)} in ${naming('pages')}`))
      : error;
  }
}

/** What the configuration may say: the options of the commands, from their own tables. */
export const CONFIG_OPTIONS: Readonly<Record<keyof StaticUrlConfig, Spec<unknown>>> = {
  ...location,
  ...release,
  symlinks: {
    ...choice('inside', 'follow', 'refuse'),
    flag: '--symlinks <rule>',
    default: 'inside',
    help: 'Which symbolic links are followed.',
  },
  app: {
    ...app,
    defaultText: 'none',
    help: 'The app, which static-url pages asks: a function that imports it, so that commands which need no app load none.',
  },
  pages: {
    ...validated({ kind: 'none' }, checkPages),
    defaultText: 'none',
    help: 'Which pages are kept and where: the options of createPages() but for app, which the app, the commands and nginx read alike.',
  },
};
