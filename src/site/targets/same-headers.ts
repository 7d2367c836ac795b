import type { TargetHeaders } from './target.ts';

/** Whether two sets of headers say the same. */
export function haveSameHeaders(one: TargetHeaders, other: TargetHeaders): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
