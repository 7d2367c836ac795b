import type { ExecutionContext } from 'ava';
import { gcsTarget } from '../../../../src/site/targets/gcs/gcs-target.ts';
import type { GcsTargetOptions } from '../../../../src/site/targets/gcs/options.ts';
import type { Target, TargetObject } from '../../../../src/site/targets/target.ts';
import { TargetError } from '../../../../src/site/targets/target-error.ts';
import { startStrictGcs, type StrictGcs } from '../../../helpers/strict-gcs/strict-gcs.ts';

/** Those of a page. */
export const PAGE_HEADERS = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' };

/** A target on a strict server of its own. */
export async function opened(
  t: ExecutionContext,
  options: Partial<GcsTargetOptions> = {},
  server: Parameters<typeof startStrictGcs>[1] = {},
): Promise<{ readonly server: StrictGcs; readonly target: Target }> {
  const running = await startStrictGcs(t, server);
  return { server: running, target: gcsTarget({ bucket: 'site', endpoint: running.endpoint, ...options }) };
}

/** All that a target lists, by key. */
export async function listed(target: Target): Promise<Map<string, TargetObject>> {
  const objects = new Map<string, TargetObject>();
  for await (const object of target.list()) objects.set(object.key, object);
  return objects;
}

/** What a target refused with. */
export async function refused(t: ExecutionContext, asked: Promise<unknown>): Promise<TargetError> {
  const error = await t.throwsAsync(asked, { instanceOf: TargetError });
  if (error === undefined) throw new Error('It was not refused.');
  return error;
}
