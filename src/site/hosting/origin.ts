import { choice, expected, type Kind } from '../../core/option-kinds.ts';
import { parsePrefix } from '../../core/prefix.ts';
import type { TrailingSlash } from './site-path.ts';

/** Where a site will be. */
export const SITE_ORIGIN: Kind<string> = expected(
  { kind: 'string' },
  'an origin such as "https://www.example.com", perhaps with a path, without query and password',
  (value): value is string => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const { protocol, search, hash, username, password } = new URL(value);
    return /^https?:$/.test(protocol) && search + hash + username + password === '';
  },
);

/** Whether the paths of pages end in a slash. */
export const TRAILING_SLASH: Kind<TrailingSlash> = choice('never', 'always');

/** The path that a site is under, as it stands in URLs, with a slash at both ends. */
export function originPath(origin: string): string {
  return new URL(origin).pathname.replace(/\/?$/, '/');
}

/**
 * The path of the site that its assets are under, with a slash at both ends: the prefix may have the origin's path, or
 * not. `undefined` for assets of another host.
 */
export function assetPathOf(prefix: string, origin: string): string | undefined {
  const { href, path } = parsePrefix(prefix);
  const host = /^(?:https?:)?\/\/([^/]*)/i.exec(href)?.[1];
  if (host !== undefined && host.toLowerCase() !== new URL(origin).host) return undefined;
  const base = originPath(origin);
  return path.startsWith(base) ? path.slice(base.length - 1) : path;
}
