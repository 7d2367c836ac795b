import type { EventEmitter } from 'node:events';
import { BOOLEAN } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import type { PagesReport, PublishOptions } from './publishing.ts';
import type { RenewOptions } from './renewal.ts';
import type { Resource } from './resources.ts';
import type { ViewQuery } from './preload/view-url.ts';
import type { StoredPage } from './store.ts';
import type { Refusal } from './storing/reasons.ts';
import type { Verdict } from './why.ts';
import type { Verification, VerifyOptions } from './verify.ts';

/** A page that was not stored. */
export interface RefusedPage extends Refusal {
  readonly url: string;
}

/** Pages that changed in the store or left it, for a CDN to purge. */
export interface PurgedPages {
  readonly urls: readonly string[];
  /** The tags that were invalidated; none when the pages went by their URLs. */
  readonly tags: readonly string[];
}

/** What {@link Pages} emits. */
export interface PagesEvents {
  /** A page was rendered and not stored. */
  refused: [RefusedPage];
  /** Pages were published anew, or removed: what a CDN has of them is old. */
  purged: [PurgedPages];
  /**
   * What failed while nobody waited for it. Without a listener it is an unhandled rejection; or a warning, where pages were
   * renewed for their age.
   */
  error: [unknown];
}

/** Options of {@link Pages.delete}, behind the resources. */
export interface DeleteOptions {
  /**
   * Whether everything below the URLs goes too.
   *
   * @defaultValue `false`
   */
  readonly recursive?: boolean;
}

/** The options of {@link Pages.delete}. */
export const DELETE_OPTIONS: Table<DeleteOptions> = {
  recursive: {
    ...BOOLEAN,
    flag: '--recursive',
    default: false,
    help: 'Whether everything below the URLs goes too.',
  },
};

/** What an event means for pages. */
export type Outdated = Resource | { readonly tags: readonly string[] };

/** The finished pages of an app. */
export interface Pages extends Pick<EventEmitter<PagesEvents>, 'on' | 'once' | 'off'> {
  /**
   * Answers a request from the store, where it may be: mount it before everything that a stored page need not pass through.
   *
   * @returns `true` when it answered, or nobody waits for an answer any more; `false` when the app has to
   */
  answer(request: HttpRequest, response: HttpResponse): Promise<boolean>;
  /**
   * Renders pages and stores them in the place of those that are there. What the app says is gone or personal is deleted;
   * whatever else goes wrong, the last good page stays.
   *
   * @throws {@link StaticUrlError} `APP_UNKNOWN`, `PUBLISH_STOPPED`; the store's own where it cannot be written
   * @throws {@link PagesUnreachableError} `STORE_UNREACHABLE`, once all pages on servers that answer are published: its
   *   `urls` are the others, its `report` tells of all. The older pages of `urls` are removed as soon as their servers
   *   answer, as long as this process runs
   */
  publish(...resources: (Resource | PublishOptions)[]): Promise<PagesReport>;
  /** Publishes soon: calls within a moment are one run. For hooks that run after a change. */
  refresh(...resources: Resource[]): Promise<PagesReport>;
  /**
   * Publishes anew the pages that name assets of another version than the present one, or of one that nobody knows; those
   * that were stored last come first. For the end of a deploy, when only the new app runs.
   *
   * @throws TypeError without the option `assets`
   * @throws as `publish`
   */
  renew(options?: RenewOptions): Promise<PagesReport>;
  /** Removes pages: `'/a'` takes `/a` and `/a/`. What is not there is no error. */
  delete(...resources: (Resource | DeleteOptions)[]): Promise<PagesReport>;
  /** Removes every page with one of the tags, whichever process stored it. */
  invalidate(what: { readonly tags: readonly string[] }): Promise<PagesReport>;
  /** Removes all pages at once, then tells which they were. */
  clear(): Promise<PagesReport>;
  /** Gives tags to the page that is being rendered in this async context; for a visitor's own request it does nothing. */
  tag(...tags: string[]): void;
  /**
   * Refreshes or invalidates at each event of an `EventEmitter` or `EventTarget`.
   *
   * @param map - what an event means: the pages to refresh, or `{ tags }` to invalidate
   * @returns a function that ends it
   */
  invalidateOn(
    emitter: EventEmitter | EventTarget,
    event: string,
    map: (...values: never[]) => Outdated | Promise<Outdated>,
  ): () => void;
  /**
   * The URL of a static file with the content of a view, which is rendered at first use. Where that fails, its live URL is
   * given, with one warning.
   *
   * @param query - parameters beside those of the URL: later ones count over earlier ones
   * @throws TypeError for what is no URL or query; with `throwOnError` {@link StaticUrlError} `PRELOAD_REFUSED`,
   * `FILE_UNWRITABLE`, `DISK_FULL`, `APP_UNKNOWN`, or the store's own
   */
  preload(url: string | URL, ...query: ViewQuery[]): Promise<string>;
  /** The stored pages. */
  list(): AsyncIterable<StoredPage>;
  /** How often each cookie has sent a request to the app, by all processes. */
  bypassed(): Promise<Readonly<Record<string, number>>>;
  /** Renders a page afresh, stores nothing, and tells what the gate and the storing rule decide. */
  why(url: string): Promise<Verdict>;
  /** Renders a page with other cookies, languages and agents, and tells where it differs. */
  verify(url: string, options?: VerifyOptions): Promise<Verification>;
  /** Ends renders and sweeps. */
  close(): Promise<void>;
}
