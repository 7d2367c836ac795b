import { createHash } from 'node:crypto';
import { isUsableKey } from '../../memcached/index.ts';
import { memcachedKey, siteFolder } from '../rules/index.ts';
import { isCanonicalPath } from '../rules/path-rule.ts';
import type { PageKey } from '../store.ts';
import type { LoggedPage } from './node-log.ts';

/** The names of a store's items. Those of pages are what nginx asks for; all others have a `#`, which no page's has. */
export class ItemNames {
  readonly #prefix: string;
  readonly #own: string;

  /** @param owner - whose pages they are */
  constructor(prefix: string, owner: string) {
    this.#prefix = prefix;
    this.#own = `${prefix}#${hashOf(owner)}:`;
  }

  /** What the items of all pages start with. */
  get pages(): string {
    return this.#prefix;
  }

  /** A page's item; `undefined` where no page of such a name is kept. */
  page(key: PageKey): string | undefined {
    const [path = ''] = key.target.split('?');
    if (!isCanonicalPath(path)) return undefined;
    const name = memcachedKey(this.#prefix, key);
    return isUsableKey(name) ? name : undefined;
  }

  /** What the items of a site's pages start with. */
  pagesOf(site: string): string {
    return memcachedKey(this.#prefix, { site, target: '/' });
  }

  /** The page that an item is of. */
  pageOf(name: string, sites: readonly string[]): PageKey | undefined {
    const site = sites.find((each) => name.startsWith(this.pagesOf(each)));
    return site === undefined ? undefined : { site, target: name.slice(this.pagesOf(site).length - 1) };
  }

  record(page: string): string {
    return `${this.#own}page:${hashOf(page)}`;
  }

  tag(hash: string): string {
    return `${this.#own}tag:${hash}`;
  }

  /** The mark that says whose pages a site's are; it has one name for all owners. */
  owner(site: string): string {
    return `${this.#prefix}#site:${hashOf(siteFolder(site))}`;
  }

  get log(): string {
    return `${this.#own}log`;
  }

  get sweep(): string {
    return `${this.#own}sweep`;
  }

  get counts(): string {
    return `${this.#own}counts:`;
  }
}

/** Of a name of any length, as it stands in logs and names. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

/** The hash of a tag. */
export function tagHash(tag: string): string {
  return hashOf(tag).slice(0, 16);
}

/** The hash of a path for all below it. */
export function pathHash(site: string, path: string): string {
  return hashOf(`${site}${path.replace(/\/$/, '')}`);
}

/** What the log says of a page: it is below each part of its target that ends before a `/` or a `?`, as isBelow() has it. */
export function loggedPage(name: string, { site, target }: PageKey): LoggedPage {
  const paths = Array.from(target.matchAll(/(?=[/?])|$/g), ({ index }) =>
    hashOf(site + target.slice(0, index)),
  );
  return { page: hashOf(name), paths };
}
