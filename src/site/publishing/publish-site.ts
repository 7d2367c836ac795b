import type { Resolved } from '../../core/options.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { Target } from '../targets/target.ts';
import type { PublishOptions } from './options.ts';
import type { PublishReport } from './reports.ts';

/** {@link PublishOptions} with everything decided. */
export type ResolvedPublish = Resolved<PublishOptions, 'from' | 'confirm' | 'onProgress'>;

/** Publishes a site. */
export async function publishSite(
  _site: ResolvedSite,
  _target: Target,
  _options: ResolvedPublish,
): Promise<PublishReport> {
  throw new Error('Not built yet.');
}
