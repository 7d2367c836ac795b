import { choice } from '../core/option-kinds.ts';
import type { Spec } from '../core/options.ts';
import { RELEASES_OPTIONS, STATIC_OPTIONS } from '../nginx/options.ts';
import { PRUNE_OPTIONS, RELEASE_OPTIONS } from '../releases/options.ts';
import type { StaticUrlConfig } from './define-config.ts';

const { dryRun: _, ...prune } = PRUNE_OPTIONS;
const { root: __, ...inStatic } = STATIC_OPTIONS;
const { root: ___, ...inReleases } = RELEASES_OPTIONS;
const { dryRun: ____, onProgress: _____, ...release } = RELEASE_OPTIONS;

/** What the configuration may say: the options of the commands, from their own tables. */
export const CONFIG_OPTIONS: Readonly<Record<keyof StaticUrlConfig, Spec<unknown>>> = {
  ...inStatic,
  ...inReleases,
  ...prune,
  ...release,
  symlinks: {
    ...choice('inside', 'follow', 'refuse'),
    default: 'inside',
    help: 'Which symbolic links are followed.',
  },
};
