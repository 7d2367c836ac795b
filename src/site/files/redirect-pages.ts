import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import type { RedirectStatus, SiteRedirect } from '../hosting/redirects.ts';
import { fileOfPath } from '../routes/file-name.ts';
import { canonicalPath, urlOf, type SitePlace } from '../routes/site-place.ts';
import type { MadeFile } from './sitemap.ts';

/** A redirect with everything decided. */
export interface ResolvedRedirect {
  /** A path of the site. */
  readonly from: string;
  /** Absolute. */
  readonly to: string;
  /** The path of the site that it leads to; `undefined` where it leads elsewhere. */
  readonly toPath: string | undefined;
  readonly status: RedirectStatus;
}

/**
 * Decides where redirects lead.
 *
 * @throws {@link StaticUrlError} `SITE_URLS` for those that lead in a circle, and for two of one path
 */
export function resolveRedirects(redirects: readonly SiteRedirect[], place: SitePlace): ResolvedRedirect[] {
  const resolved = redirects.map(({ from, to, status = 301 }) => {
    const url = to.startsWith('/') ? urlOf(place, to) : to;
    return { from, to: url, toPath: pathOfUrl(url, place), status };
  });
  const byPath = new Map<string, ResolvedRedirect>();
  for (const redirect of resolved) {
    const key = keyOf(redirect.from);
    const other = byPath.get(key);
    if (other !== undefined && other.to !== redirect.to)
      throw new StaticUrlError(
        'SITE_URLS',
        `Two redirects lead from ${quote(redirect.from)}: to ${quote(other.to)} and to ${quote(redirect.to)}. Keep one.`,
      );
    byPath.set(key, redirect);
  }
  for (const redirect of byPath.values()) refuseCircle(redirect, byPath);
  return [...byPath.values()];
}

function refuseCircle(start: ResolvedRedirect, byPath: ReadonlyMap<string, ResolvedRedirect>): void {
  const way = [start.from];
  let next = start.toPath;
  while (next !== undefined) {
    const redirect = byPath.get(keyOf(next));
    if (redirect === undefined) return;
    way.push(redirect.from);
    if (redirect === start)
      throw new StaticUrlError(
        'SITE_URLS',
        `Redirects lead in a circle: ${way.map(quote).join(' to ')}. Let one of them lead to a page.`,
      );
    // A circle that this one only leads into is found from within.
    if (way.length > byPath.size + 1) return;
    next = redirect.toPath;
  }
}

/** The same for both forms of a page's path. */
function keyOf(path: string): string {
  return path === '/' ? path : path.replace(/[?#].*$/s, '').replace(/\/$/, '');
}

/** The path of the site of a URL; `undefined` for one elsewhere. */
export function pathOfUrl(url: string, { origin, basePath }: SitePlace): string | undefined {
  const parsed = new URL(url);
  if (parsed.origin !== origin) return undefined;
  const { pathname } = parsed;
  if (pathname === basePath.slice(0, -1)) return '/';
  return pathname.startsWith(basePath) ? pathname.slice(basePath.length - 1) : undefined;
}

/** The pages by which hosts redirect that know no other way: they lead on at once, and name the URL for search engines. */
export function redirectPages(redirects: readonly ResolvedRedirect[]): MadeFile[] {
  return redirects.map(({ from, to, status }) => ({
    name: fileOfPath(from),
    text: redirectPage(to),
    redirect: { to, status },
  }));
}

function redirectPage(url: string): string {
  const attribute = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<title>${attribute}</title>
<link rel="canonical" href="${attribute}">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=${attribute}">
</head>
<body><a href="${attribute}">${attribute}</a></body>
</html>
`;
}

/** The path of the site from which a redirect leads, in the form that visitors ask for. */
export function pathOfRedirect({ from }: ResolvedRedirect, place: SitePlace): string {
  return canonicalPath(from, fileOfPath(from), place.slash);
}
