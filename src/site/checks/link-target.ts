import type { TrailingSlash } from '../hosting/site-path.ts';

/** Where a site is, and how its paths end. */
export interface SiteBase {
  /** `https://user.github.io` */
  readonly origin: string;
  /** What every path of the site begins with: `/project/`, or `/`. */
  readonly path: string;
  readonly slash: TrailingSlash;
}

/** A path that the URL Standard leaves as it is: no empty segments, dots, spaces, queries. */
const PLAIN_PATH = /^(?:\/[\w-][\w.~-]*)*\/?(?:#[\w-]*)?$/;
const PLAIN_NAME = /^[\w-][\w.~-]*(?:\/[\w-][\w.~-]*)*\/?(?:#[\w-]*)?$/;
/** The host of a URL that has nothing to decode. */
const PLAIN_URL = /^https?:\/\/([a-z0-9.-]+)(?=[/?#]|$)/;
/** What is longer is left to the URL Standard. */
const LONGEST_PLAIN = 4096;
const OTHER_SCHEME = /^[\0- ]*(?!https?:)[a-z][a-z0-9+.-]*:/i;
const LOCAL_HOST =
  /^(?:(?:.+\.)?localhost|.+\.local|127\.[\d.]+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|0\.0\.0\.0|\[::1?\])\.?$/;

/** Whether only the machine itself, or its own network, has a host of this name. */
function isLocalHost(hostname: string): boolean {
  return LOCAL_HOST.test(hostname);
}

/** Resolves the links of one page (URL Standard), and drops those that lead off the site. */
export class LinkResolver {
  readonly #origin: string;
  readonly #hostname: string;
  readonly #sitePath: string;
  #document: string;
  #folder: string;
  #page: string;

  /** @param url - the canonical URL of the page */
  constructor(url: string, base: SiteBase) {
    this.#origin = base.origin;
    this.#hostname = base.origin.replace(/^https?:\/\//, '').replace(/:\d+$/, '');
    this.#sitePath = base.path;
    this.#document = url;
    this.#page = '';
    this.#folder = '';
    this.#standAt(url);
  }

  /** The path of the page; empty where `<base href>` says another host. */
  get page(): string {
    return this.#page;
  }

  /** Obeys `<base href>`. */
  rebase(href: string): void {
    if (URL.canParse(href, this.#document)) this.#standAt(new URL(href, this.#document).href);
  }

  #standAt(url: string): void {
    this.#document = url;
    const own = this.#plainPath(url) ?? this.#ownPath(new URL(url));
    this.#page = own.replace(/#.*$/s, '');
    this.#folder = this.#page.slice(0, this.#page.lastIndexOf('/') + 1);
  }

  /** The path of a URL of this origin that the URL Standard leaves as it is. */
  #plainPath(url: string): string | undefined {
    if (!url.startsWith(this.#origin)) return undefined;
    const path = url.slice(this.#origin.length);
    return path.startsWith('/') && PLAIN_PATH.test(path) ? path : undefined;
  }

  #ownPath({ origin, pathname }: URL): string {
    return origin === this.#origin ? pathname : '';
  }

  /**
   * @returns a path from the root of the site's host, without query; a whole URL for one of a local host, or of the site's
   *   host where the path is not the site's; `undefined` for what is not looked at
   */
  resolve(href: string): string | undefined {
    if (href.length > LONGEST_PLAIN) return this.#resolveSlowly(href);
    if (href.charCodeAt(0) === 47 /* / */) {
      if (this.#page !== '' && PLAIN_PATH.test(href)) return withoutTop(href);
    } else if (href.startsWith('#')) {
      if (this.#page !== '' && /^#[\w-]*$/.test(href)) return withoutTop(this.#page + href);
    } else if (OTHER_SCHEME.test(href)) return undefined;
    else if (this.#folder !== '' && PLAIN_NAME.test(href)) return withoutTop(this.#folder + href);
    else {
      const path = this.#plainPath(href);
      if (path?.startsWith(this.#sitePath)) return withoutTop(path);
      const hostname = PLAIN_URL.exec(href)?.[1];
      if (hostname !== undefined && hostname !== this.#hostname && !isLocalHost(hostname)) return undefined;
    }
    return this.#resolveSlowly(href);
  }

  #resolveSlowly(href: string): string | undefined {
    if (!URL.canParse(href, this.#document)) return undefined;
    const url = new URL(href, this.#document);
    if (url.origin === this.#origin) {
      const path = url.pathname + url.hash.replace(/:~:.*$/s, '');
      // A URL that is written in full may well mean another site of this host.
      const isOther = /^[\0- ]*https?:/i.test(href) && !`${url.pathname}/`.startsWith(this.#sitePath);
      return isOther ? this.#origin + path : withoutTop(path);
    }
    return /^https?:$/.test(url.protocol) && isLocalHost(url.hostname)
      ? url.origin + url.pathname
      : undefined;
  }
}

/** Every page has the fragments `#` and `#top` (HTML Living Standard §7.4.6.3). */
function withoutTop(target: string): string {
  return target.includes('#') ? target.replace(/#(?:top)?$/i, '') : target;
}
