import { pathOfName } from '../routes/site-place.ts';

/**
 * The URLs by which caches may have a file: its own, and of a page both forms of its path.
 *
 * @param files - `pagePath` as in `PublicFile`: encoded, without a slash at its start
 * @param publicUrl - what stands before the keys, with a slash at its end
 * @returns each once
 */
export function purgedUrls(
  files: readonly { readonly key: string; readonly pagePath?: string }[],
  publicUrl: string,
): string[] {
  const urls = new Set<string>();
  for (const { key, pagePath } of files) {
    urls.add(publicUrl + pathOfName(key).slice(1));
    if (pagePath === undefined) continue;
    const bare = pagePath.replace(/\/$/, '');
    urls.add(publicUrl + bare);
    if (bare !== '') urls.add(`${publicUrl + bare}/`);
  }
  return [...urls];
}
