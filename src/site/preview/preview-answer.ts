import { hasDotfile } from '../../core/dotfiles.ts';
import { answerOf, redirectTarget, type SiteRedirect, type TrailingSlash } from '../hosting/index.ts';

/** What the preview makes of a request's path. */
export type PreviewAnswer =
  | { readonly kind: 'file'; readonly file: string; readonly status: 200 | 404 }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | { readonly kind: 'missing' };

/** What decides about a path. */
export interface PreviewedSite {
  /** The path of the origin, with a slash at both ends. */
  readonly base: string;
  readonly trailingSlash: TrailingSlash;
  readonly redirects: readonly SiteRedirect[];
  readonly notFound: string;
  /** Whether the folder has a file of a name. */
  readonly has: (file: string) => boolean;
}

/** Files that hosts read, and do not serve. */
const HOST_FILES: readonly string[] = ['_headers', '_redirects'];

/**
 * Decides what a request gets.
 *
 * @param path - as it was sent, without its query
 * @param query - with its question mark, or empty
 */
export function previewAnswer(path: string, query: string, site: PreviewedSite): PreviewAnswer {
  const { base, notFound } = site;
  const missing: PreviewAnswer = site.has(notFound)
    ? { kind: 'file', file: notFound, status: 404 }
    : { kind: 'missing' };
  if (path === base.slice(0, -1)) return { kind: 'redirect', status: 301, location: base + query };
  if (!path.startsWith(base)) return missing;
  const sitePath = path.slice(base.length - 1);
  const redirect = site.redirects.find(({ from }) => isSamePath(from, sitePath));
  if (redirect !== undefined) {
    const { to, status = 301 } = redirect;
    return { kind: 'redirect', status, location: withQuery(redirectTarget(to, base), query) };
  }
  const isListed = (file: string): boolean =>
    !HOST_FILES.includes(file) &&
    !hasDotfile(file.split('/'), { dotfiles: false, wellKnown: true }) &&
    site.has(file);
  const answer = answerOf(sitePath, site.trailingSlash, isListed);
  if (answer.kind === 'missing' || (answer.kind === 'file' && answer.file === notFound)) return missing;
  return answer.kind === 'file'
    ? { ...answer, status: 200 }
    : { kind: 'redirect', status: 301, location: base.slice(0, -1) + answer.path + query };
}

/** A redirect's target has the query of the request, unless it has its own. */
function withQuery(location: string, query: string): string {
  const [, before = '', fragment = ''] = /^([^#]*)(.*)$/.exec(location) ?? [];
  return before.includes('?') ? location : before + query + fragment;
}

/** Whether two paths are one, however they are percent-encoded. */
function isSamePath(one: string, other: string): boolean {
  return decodedPath(one) === decodedPath(other);
}

/** A path without percent-encoding; as it is where that is wrong. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
