import { isOptionError, optionError } from '../core/errors.ts';
import { choice, validated, type Kind } from '../core/option-kinds.ts';
import { checkNames, type Spec } from '../core/options.ts';
import { RELEASES_OPTIONS, STATIC_OPTIONS } from '../nginx/options.ts';
import { PAGES_OPTIONS } from '../pages/options.ts';
import { PRUNE_OPTIONS, RELEASE_OPTIONS } from '../releases/options.ts';
import { SITE_OPTIONS } from '../site/options.ts';
import type { StaticUrlConfig } from './define-config.ts';

// What is said per call stays out.
const { root: _root, ...location } = { ...RELEASES_OPTIONS, ...STATIC_OPTIONS };
const { dryRun: _dryRun, onProgress: _onProgress, ...release } = { ...PRUNE_OPTIONS, ...RELEASE_OPTIONS };

const { app, ...pages } = PAGES_OPTIONS;
const { app: _app, ...site } = SITE_OPTIONS;

/** Checks what is said for a capability as a whole; what is missing is found when it is made. */
function nested(option: string, table: object): Kind<unknown> {
  return validated({ kind: 'none' }, (value) => {
    checkNames(JSON.stringify(option), value, Object.keys(table));
    for (const [name, each] of Object.entries(Object(value))) {
      // Every option has a spec.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const spec = Reflect.get(table, name) as Spec<unknown>;
      if (each === undefined || spec.check(each)) continue;
      const error = spec.refusal(each, name);
      throw isOptionError(error)
        ? optionError(name, (naming) => error.inWords((other) => `${naming(other)} in ${naming(option)}`))
        : error;
    }
  });
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
  deltas: {
    ...release.deltas,
    help: 'Whether releases have deltas, against the last 3 that are kept or as many as are given, and nginx sends them.',
  },
  app: {
    ...app,
    defaultText: 'none',
    help: 'The app, which static-url pages and export ask: a function that imports it, so that commands which need no app load none.',
  },
  pages: {
    ...nested('pages', pages),
    defaultText: 'none',
    help: 'Which pages are kept and where: the options of createPages() but for app, which the app, the commands and nginx read alike.',
  },
  site: {
    ...nested('site', site),
    defaultText: 'none',
    help: 'The site that the app is exported as: the options of createSite() but for app.',
  },
};
