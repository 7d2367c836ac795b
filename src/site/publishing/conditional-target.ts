import type { Target, TargetContent, TargetHeaders } from '../targets/target.ts';

/** A target that decides itself whether a write happens. */
export type ConditionalTarget = Target & Required<Pick<Target, 'writeIf'>>;

/** Whether a target has conditional writes, at least by name. */
export function isConditional(target: Target): target is ConditionalTarget {
  return target.writeIf !== undefined;
}

/**
 * Whether a target refuses to write what is there under conditions that do not hold. One that does not know a condition writes all the
 * same, and says nothing.
 *
 * @param content - other bytes than are there: a write that is tried again is known by its own
 * @param oldTag - of bytes that were there before
 */
export async function heedsConditions(
  target: ConditionalTarget,
  key: string,
  content: TargetContent,
  headers: TargetHeaders,
  oldTag: string,
): Promise<boolean> {
  for (const condition of [{ absent: true }, { tag: oldTag }] as const)
    if ((await target.writeIf(key, content, headers, condition)) !== undefined) return false;
  return true;
}
