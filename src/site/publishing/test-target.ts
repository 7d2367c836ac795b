import type { ResolvedSite } from '../resolve-site.ts';
import type { Target } from '../targets/target.ts';
import type { TestReport } from './reports.ts';

/** Tries whether a target can be published to. */
export async function testTarget(_site: ResolvedSite, _target: Target): Promise<TestReport> {
  throw new Error('Not built yet.');
}
