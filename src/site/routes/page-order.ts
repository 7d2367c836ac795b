import type { ResolvedSite } from '../resolve-site.ts';
import type { SiteLanguage } from '../options.ts';
import type { SiteUrl } from '../site.ts';
import { fileOfPath } from './file-name.ts';
import type { Route } from './route.ts';
import { canonicalPath, urlOf } from './site-place.ts';

/** Where pages come from: one for all of a route in a language. */
export interface PageSource {
  readonly site: ResolvedSite;
  /** Absent where a link of a page leads. */
  readonly route?: Route;
  readonly language?: SiteLanguage;
}

/** What tells that a page has changed. */
export interface PageChange {
  /** What the route's `lastModified` and `fingerprint` said; `undefined` where it has neither. */
  readonly key: string | undefined;
  /** Milliseconds since 1970. */
  readonly time: number | undefined;
}

/** Of a page that says nothing of its changes. */
export const NO_CHANGE: PageChange = { key: undefined, time: undefined };

/** The name of the route of pages that links lead to. */
const LINKS = 'links';

/** A page to be exported. A site may have 100,000 of them, so what follows from the rest is not kept. */
export class PageOrder {
  readonly file: string;
  readonly params: SiteUrl['params'];
  readonly #source: PageSource;
  /** As the route gives it, without the prefix of a language. */
  readonly #asked: string;
  readonly #change: PageChange;

  constructor(
    source: PageSource,
    file: string,
    asked: string,
    params: SiteUrl['params'] = {},
    change: PageChange = NO_CHANGE,
  ) {
    this.#source = source;
    this.file = file;
    this.#asked = asked;
    this.params = params;
    this.#change = change;
  }

  get url(): string {
    return urlOf(this.#source.site.place, this.path);
  }

  /** The path of the site, raw: `/posts/hello`. */
  get path(): string {
    const { language, site } = this.#source;
    return canonicalPath(prefixed(this.#asked, language), this.file, site.place.slash);
  }

  /** What the app is asked for, a path of the site too. */
  get target(): string {
    const { language } = this.#source;
    return language?.negotiated === true ? this.#asked : prefixed(this.#asked, language);
  }

  get route(): string {
    return this.#source.route?.name ?? LINKS;
  }

  get language(): string | undefined {
    return this.#source.language?.language;
  }

  get lastModified(): Date | undefined {
    const { time } = this.#change;
    return time === undefined ? undefined : new Date(time);
  }

  get changeKey(): string | undefined {
    return this.#change.key;
  }

  get statusCodes(): readonly number[] {
    return this.#source.route?.statusCodes ?? [200];
  }

  get inSitemap(): boolean | undefined {
    return this.#source.route?.sitemap;
  }

  /** Whether a link of a page led here, and no route. */
  get isFollowed(): boolean {
    return this.#source.route === undefined;
  }
}

/** A path of a route in a language. */
export function prefixed(path: string, language: SiteLanguage | undefined): string {
  const prefix = language?.prefix ?? '';
  return path === '/' && prefix !== '' ? prefix : prefix + path;
}

/** The page that a link of another one leads to. */
export function followedPage(site: ResolvedSite, path: string): PageOrder {
  return new PageOrder({ site }, fileOfPath(path), path);
}
