import type { ResolvedSite } from '../resolve-site.ts';
import { urlOf } from '../routes/site-place.ts';
import type { Target } from '../targets/target.ts';

/** What stands before the keys of a target in its public URLs, with a slash at its end; `undefined` where nobody can ask. */
export function publicUrlOf(
  { place }: Pick<ResolvedSite, 'place'>,
  { publicUrl }: Target,
): string | undefined {
  if (publicUrl === false) return undefined;
  return (publicUrl ?? urlOf(place, '/')).replace(/\/*$/, '/');
}
