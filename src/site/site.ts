import { StaticUrlError } from '../core/errors.ts';
import { countText } from '../core/text.ts';
import type { ExportOptions } from './export/options.ts';
import type { PublishOptions } from './publishing/options.ts';
import type { PublishReport, TestReport } from './publishing/reports.ts';
import type { RouteParams } from './routes/route.ts';
import type { Target } from './targets/target.ts';

/** A URL of the site, and the file that answers it. */
export interface SiteUrl {
  /** Absolute: `https://www.example.com/posts/hello`. */
  readonly url: string;
  /** Relative to the site's folder, with `/` between segments: `posts/hello/index.html`. */
  readonly file: string;
  /** The name of its route, or its pattern where it has none. */
  readonly route: string;
  /** The parameters of the pattern, by name; those of a wildcard as a list of segments. */
  readonly params: Readonly<Record<string, string | readonly string[]>>;
  /** Where the site has several languages. */
  readonly language?: string;
  /** When its content last changed, where the route can tell. */
  readonly lastModified?: Date;
}

/** How bad it is: an `error` stops the export, unless `strict` is off. */
export type FindingSeverity = 'error' | 'warning';

/** What an export finds amiss. */
export const SITE_FINDINGS = {
  LINK_BROKEN: 'a link leads to nothing in the site',
  LINK_REDIRECTED: 'a link leads to a redirect: it could name where that leads',
  LINK_OUTSIDE: "a link leads to the site's host, but outside of the path that the site lives under",
  LINK_LOCAL: 'a link leads to localhost or to a private address',
  FRAGMENT_BROKEN: 'a link names an id that its page does not have',
  ASSET_BROKEN: 'a page refers to a file that is not in the site',
  TYPE_DIFFERS: 'the app sends another media type than a host will, which goes by the extension',
  FILE_SHARED: 'two URLs have one file',
  CASE_CLASH: 'two names differ only by case',
  HEADER_LOST: 'the app sends a header that the site will not have',
  HOST_FILES: 'hosts would not read what `_headers` or `_redirects` say, or not alike',
  COOKIE_LOST: 'the app sets a cookie, which a static site cannot do',
  NOT_DETERMINISTIC: 'two renders of a page differ',
  PAGE_UNLINKED: 'no page links to a page',
  ROUTE_MISSING: 'the app has a route, and no page of it is in the site',
} as const;

/** One of the names of {@link SITE_FINDINGS}. */
export type SiteFindingKind = keyof typeof SITE_FINDINGS;

/** Something amiss, and where. */
export interface SiteFinding {
  readonly kind: SiteFindingKind;
  readonly severity: FindingSeverity;
  /** The file in the site; absent for what is in none. */
  readonly file?: string;
  /** Where in the file, from 1. */
  readonly line?: number;
  /** One sentence: what is so, and what to do. */
  readonly message: string;
}

/** What an export did. */
export interface ExportReport {
  /** The folder, absolute. */
  readonly out: string;
  readonly pages: {
    /** How many are in the site. */
    readonly count: number;
    /** How many the app was asked for; the others have not changed. */
    readonly rendered: number;
  };
  /** How many redirects are in the site. */
  readonly redirects: number;
  readonly files: {
    /** How many are in the site, pages among them. */
    readonly count: number;
    readonly bytes: number;
    /** How many were written; the others are equal to those that stood there. */
    readonly written: number;
    /** How many of an earlier export are gone. */
    readonly deleted: number;
  };
  readonly findings: readonly SiteFinding[];
  readonly seconds: number;
}

/** An export found faults, and left the site that stood there as it is. */
export class SiteCheckError extends StaticUrlError {
  /** All that was found, warnings too. */
  readonly findings: readonly SiteFinding[];

  constructor(findings: readonly SiteFinding[]) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    super(
      'SITE_CHECK_FAILED',
      `The export found ${countText(errors.length, 'fault')}; the site is as it was. Mend them, or export all the same with "strict" off (--no-strict).`,
    );
    this.findings = findings;
  }
}

/** The app as a static site. */
export interface Site {
  /**
   * Each URL of the site that the routes give, with its file. Links are not followed.
   *
   * @throws {@link StaticUrlError} `SITE_URLS`
   */
  urls(): AsyncIterable<SiteUrl>;
  /**
   * Writes the whole site into its folder. Until all pages are rendered and checked, nothing there changes.
   *
   * @throws {@link StaticUrlError} `SITE_URLS`, `SITE_PAGE_FAILED`, `SITE_CHECK_FAILED`, `SITE_OUT_REFUSED`, `SITE_LOCKED`,
   *   `DISK_FULL`, `FILE_UNWRITABLE`, `CROSS_DEVICE`, `APP_FAILED`
   */
  export(options?: ExportOptions): Promise<ExportReport>;
  /**
   * Renders the page of a route and puts it in its place, in all languages: for a hook that runs when something was saved.
   *
   * @param name - the route's name, or its pattern
   * @param params - needed where the route has parameters
   */
  exportOne(name: string, params?: RouteParams): Promise<readonly SiteUrl[]>;
  /**
   * Publishes the site: uploads what has changed, in an order in which no page ever names what is not there, verifies it, and
   * deletes what has gone. A publish that was killed is taken up again by the next.
   *
   * @param target - one of the option `targets` by its name, or a target
   * @throws {@link StaticUrlError} those of {@link Site.export}, `TARGET_FAILED`, `PUBLISH_REFUSED`, `PUBLISH_LOCKED`,
   *   `PUBLISH_FAILED` (a {@link PublishError}), `PACKAGE_MISSING`
   */
  publish(target?: string | Target, options?: PublishOptions): Promise<PublishReport>;
  /**
   * Tries whether a target can be published to: signs in, uploads a file of a random name, reads it by its public URL, deletes it.
   *
   * @param target - one of the option `targets` by its name, or a target
   * @throws {@link StaticUrlError} `PACKAGE_MISSING`
   */
  testPublish(target?: string | Target): Promise<TestReport>;
  /** Resolves once what is under way has ended. */
  close(): Promise<void>;
}
