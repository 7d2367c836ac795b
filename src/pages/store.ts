import type { StoredType } from './rules/page-files.ts';

/** What names a page in a store. */
export interface PageKey {
  /** An origin: `https://www.example.com`. */
  readonly site: string;
  /** The canonical raw path with its query: `/blog?page=2`. */
  readonly target: string;
}

/** A finished page as it is put into a store. */
export interface NewPage {
  readonly body: Buffer;
  readonly mediaType: StoredType;
  readonly tags: readonly string[];
  /** The version of the assets that the page names, where the app has assets. */
  readonly assetsVersion?: string | undefined;
}

/** A page of a store, without its body. */
export interface StoredPage extends PageKey {
  /** `site` and `target`. */
  readonly url: string;
  readonly mediaType: StoredType;
  /** Of the body, in bytes. */
  readonly size: number;
  readonly storedAt: Date;
  readonly tags: readonly string[];
  /** The version of the assets that the page names, where it is known. */
  readonly assetsVersion?: string | undefined;
}

/** A page that is ready to be sent. */
export interface PageContent {
  readonly body: Buffer;
  /** The body compressed, where the store has it. */
  readonly copies: readonly { readonly encoding: 'br' | 'gzip'; readonly body: Buffer }[];
  readonly mediaType: StoredType;
  /** Strong, with its quotes; equal for equal bodies. */
  readonly etag: string;
  readonly storedAt: Date;
  readonly tags: readonly string[];
}

/** A page is longer than the store takes. */
export class PageTooLargeError extends RangeError {}

/** A place kept for a page before it is rendered: whatever outdates the page meanwhile takes the place away. */
export interface PendingPage {
  /**
   * Whether a request that begins now may be answered with this page: nothing has outdated it, and no tag at all has been
   * invalidated since it began, for its tags are not known before its end.
   */
  isJoinable(): Promise<boolean>;
  /**
   * Stores the page.
   *
   * @returns `false` when something outdated the page meanwhile: it is not stored
   * @throws where it cannot be written
   */
  land(page: NewPage): Promise<boolean>;
  /** Gives the place back. */
  discard(): Promise<void>;
}

/** What a store is told of when it is opened. */
export interface StoreSetting {
  /** The sites whose pages it keeps; the first one owns it. */
  readonly sites: readonly string[];
  /** How long a render may take at most; what is older was left behind. */
  readonly deadlineMilliseconds: number;
  /** `NODE_ENV` of the writer; empty when it is not set. */
  readonly environment: string;
  /** Told once of each new failure that the site survives: a full disk. */
  readonly onWarning: (error: Error) => void;
}

/** Whether a page is swept away, and why. */
export type SweepVerdict = 'keep' | 'outdated' | 'unlisted';

/**
 * Where pages are kept. A store is used by many processes at once.
 *
 * After `delete`, `deleteBelow`, `invalidate` or `clear` has resolved, no `read` that begins gives a page that was begun
 * before, and no such page lands any more. They reject where the pages could not be removed. With `STORE_UNREACHABLE` they
 * have removed all others, and go on trying in the background; the error may say in `urls` which pages are left.
 */
export interface PageStore {
  /** The one media type that a page is stored with, where whoever serves the store tells types by URLs alone. */
  readonly mediaTypeOf?: (key: PageKey) => StoredType;
  /** Whether it can keep a page of such a key; without this, of any. Nginx has to know the same. */
  readonly takesKey?: (key: PageKey) => boolean;
  /** Called once, before anything else. */
  open(setting: StoreSetting): Promise<void>;
  read(key: PageKey): Promise<PageContent | undefined>;
  /**
   * Keeps a place for a page that is about to be rendered.
   *
   * @param fence - whether renders of the same page that began earlier, in any process, may not land any more
   * @returns `undefined` when the store takes no such page now: it is full
   * @throws where it cannot be written
   */
  begin(key: PageKey, options: { readonly fence: boolean }): Promise<PendingPage | undefined>;
  /** Removes pages; those that are not there too may not land. @returns those that were there */
  delete(keys: readonly PageKey[]): Promise<PageKey[]>;
  /** Removes all pages of a folder's URL: `/blog` takes `/blog`, `/blog/`, `/blog/a` and `/blog?page=2`. */
  deleteBelow(key: PageKey): Promise<PageKey[]>;
  /** Removes every page that has one of the tags. @returns those that were there, with the tags that they had */
  invalidate(tags: readonly string[]): Promise<StoredPage[]>;
  /** Removes everything at once. @returns the pages that were there */
  clear(): Promise<PageKey[]>;
  list(): AsyncIterable<StoredPage>;
  /**
   * Looks at every page and tidies what crashes have left, unless another process is at it.
   *
   * @param judge - `outdated` pages are given to `renew` and removed unless it gives `true`, `unlisted` ones are removed
   * @returns `false` when another process is at it
   */
  sweep(
    judge: (page: StoredPage) => SweepVerdict,
    renew: (page: StoredPage) => Promise<boolean>,
  ): Promise<boolean>;
  /** Keeps this process's counts, such as of cookies, where other processes find them. */
  saveCounts(counts: Readonly<Record<string, number>>): Promise<void>;
  /** The sums of all processes' counts. */
  counts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}
