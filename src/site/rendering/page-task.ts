/** A page to be rendered: plain data, which a worker thread may be sent. */
export interface PageTask {
  /** The raw path that the app is asked for, with the path of the site's origin. */
  readonly target: string;
  /** The page's own URL, to which its links are relative. */
  readonly url: string;
  readonly language: string | undefined;
  readonly statusCodes: readonly number[];
  /** Where its bytes are written: a path that nothing stands at. */
  readonly staged: string;
  /** The digest of the bytes that stand in the site: equal ones are not written. */
  readonly known: string | undefined;
  /** Whether it is rendered a second time, to compare. */
  readonly isCompared: boolean;
}

/** A page that was rendered. */
export interface RenderedPage {
  readonly kind: 'page';
  readonly status: number;
  readonly contentType: string;
  /** Those that a host has to be told, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setsCookie: boolean;
  /** XXH64: 16 hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
  /** Of the file that was written; `undefined` where the bytes are those that are known. */
  readonly mtimeMs: number | undefined;
  /** As `checks` writes them, by the table of targets of who rendered. */
  readonly links: string;
  readonly noindex: boolean;
  /** The route of the app that answered. */
  readonly appRoute: string | undefined;
  /** What a second render has that the first has not, where two renders differ. */
  readonly difference: string | undefined;
}

/** The app sends visitors elsewhere. */
export interface RenderedRedirect {
  readonly kind: 'redirect';
  readonly status: number;
  /** As the app wrote it. */
  readonly location: string;
  readonly appRoute: string | undefined;
}

/** The app did not answer as it should. */
export interface FailedPage {
  readonly kind: 'failed';
  readonly status: number | undefined;
  /** How a sentence goes on behind the URL: `answers 500`. */
  readonly reason: string;
  /** What the app said of it: a stack where it shows one. */
  readonly details: string | undefined;
}

/** What became of a task. */
export type PageOutcome = RenderedPage | RenderedRedirect | FailedPage;
