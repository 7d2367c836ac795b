/**
 * Where a redirect leads, as it stands in `Location`: below the origin's path, or on another host.
 *
 * @param base - the path of the site's origin, with a slash at both ends
 */
export function redirectTarget(to: string, base: string): string {
  if (!to.startsWith('/')) return new URL(to).href;
  const { pathname, search, hash } = new URL(base.slice(0, -1) + to, 'http://localhost');
  return pathname + search + hash;
}
