import type { TargetObject } from '../target.ts';

/** An object as a listing, or an answer of its own, tells of it. */
export function objectOf(
  key: string,
  size: number,
  etag: string | undefined,
  modified: Date | undefined,
): TargetObject {
  const tag = tagOf(etag);
  const modifiedAt = modified?.getTime() ?? 0;
  return {
    key,
    size,
    tag,
    // An ETag is of the bytes alone.
    revision: `${tag} ${modifiedAt}`,
    modifiedAt,
    ...(/^[0-9a-f]{32}(?:-\d+)?$/.test(tag) && { md5: tag }),
  };
}

/** An ETag without its quotes. */
export function tagOf(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
