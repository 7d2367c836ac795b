import { originPath } from '../hosting/origin.ts';
import type { TrailingSlash } from '../hosting/site-path.ts';

/** Where the site is. */
export interface SitePlace {
  /** `https://user.github.io`. */
  readonly origin: string;
  /** What all its paths begin with, with a slash at both ends: `/project/`; `/` where it has the host to itself. */
  readonly basePath: string;
  readonly slash: TrailingSlash;
}

/** The place of an origin, which may have a path. */
export function placeOf(origin: string, slash: TrailingSlash): SitePlace {
  return { origin: new URL(origin).origin, basePath: originPath(origin), slash };
}

/** The URL of a path of the site. */
export function urlOf({ origin, basePath }: SitePlace, path: string): string {
  return origin + basePath + path.slice(1);
}

/**
 * The one path that a file answers: that which was asked for, with or without the slash at its end; else its name.
 *
 * @param path - raw, as the route gives it
 */
export function canonicalPath(path: string, file: string, slash: TrailingSlash): string {
  if (file === 'index.html') return '/';
  const folder = file.endsWith('/index.html') ? pathOfName(file.slice(0, -'/index.html'.length)) : undefined;
  if (folder !== undefined) {
    const asked = samePath(path.replace(/\/$/, ''), folder) ? path.replace(/\/$/, '') : folder;
    return slash === 'always' ? `${asked}/` : asked;
  }
  const named = pathOfName(file);
  const isClean = samePath(`${path}.html`, named) || samePath(path, named);
  return isClean ? path : named;
}

/** The URL of the page that a file is, where its route does not name it. */
export function urlOfFile(place: SitePlace, file: string): string {
  return urlOf(place, canonicalPath(pathOfName(file.replace(/(?:^|\/)index\.html$/, '')), file, place.slash));
}

/** The raw path of a name. */
export function pathOfName(name: string): string {
  return `/${name.split('/').map(encodeURIComponent).join('/')}`;
}

function samePath(one: string, other: string): boolean {
  return one === other || decodeURIComponent(one) === decodeURIComponent(other);
}
