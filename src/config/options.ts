import { choice } from '../core/option-kinds.ts';
import type { Spec } from '../core/options.ts';
import { RELEASES_OPTIONS, STATIC_OPTIONS } from '../nginx/options.ts';
import { PRUNE_OPTIONS, RELEASE_OPTIONS } from '../releases/options.ts';
import type { StaticUrlConfig } from './define-config.ts';

// What is said per call stays out.
const { root: _root, ...location } = { ...RELEASES_OPTIONS, ...STATIC_OPTIONS };
const { dryRun: _dryRun, onProgress: _onProgress, ...release } = { ...PRUNE_OPTIONS, ...RELEASE_OPTIONS };

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
};
