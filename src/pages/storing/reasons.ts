/**
 * The reasons not to store a page, by name. Reading a visitor's header is `READS_` with the header's name.
 *
 * - `effect`: what becomes of the page that is stored already. It goes when the app says that it is gone, or is for one
 *   person; whatever else went wrong, the last good page stays.
 * - `personal`: other pages of the same pattern can be expected to fare alike. Never of a status: a flood of 404s would
 *   switch off a pattern.
 */
export const STORING_REASONS = {
  GONE: { meaning: 'the app answers 404 or 410', effect: 'delete' },
  DENIED: { meaning: 'the app answers 401 or 403', effect: 'delete' },
  REDIRECT: { meaning: 'the app redirects', effect: 'delete' },
  STATUS: { meaning: 'the app answers with another status than 200', effect: 'keep' },
  SET_COOKIE: { meaning: 'the answer sets a cookie', effect: 'delete', personal: true },
  PRIVATE: { meaning: '`Cache-Control: private`', effect: 'delete', personal: true },
  NO_STORE: { meaning: '`Cache-Control: no-store`', effect: 'delete', personal: true },
  CACHE_CONTROL: {
    meaning: '`Cache-Control: no-cache`, `max-age=0` or `s-maxage=0`, or `Pragma: no-cache`',
    effect: 'keep',
    personal: true,
  },
  EXPIRES: { meaning: '`Expires` has passed', effect: 'keep', personal: true },
  VARY: {
    meaning: 'the answer varies by a header that does not send its request to the app',
    effect: 'delete',
    personal: true,
  },
  READS: {
    meaning: "the app read a header of the visitor's: language, client hint, identity or place",
    effect: 'keep',
    personal: true,
  },
  CONTENT_TYPE: { meaning: 'a media type or charset that is not stored', effect: 'keep' },
  TYPE_DIFFERS: {
    meaning: 'the media type is another than the `types` of the store say for the URL',
    effect: 'keep',
  },
  CONTENT_ENCODING: { meaning: 'the body is compressed already', effect: 'keep' },
  CONTENT_DISPOSITION: { meaning: 'the answer is a download', effect: 'keep' },
  CONTENT_RANGE: { meaning: 'the answer is a part', effect: 'keep' },
  HEADER_UNDECLARED: { meaning: 'the answer has a header that `headers` does not name', effect: 'keep' },
  HEADER_DIFFERS: {
    meaning: 'a header has another value than `headers` says, or is missing',
    effect: 'keep',
  },
  CSP_NONCE: { meaning: 'the Content-Security-Policy has a nonce', effect: 'keep', personal: true },
  TRACE_ID: {
    meaning: "a tracer has written the request's id into the page",
    effect: 'keep',
    personal: true,
  },
  EMPTY: { meaning: 'the body is empty', effect: 'keep' },
  TOO_LARGE: { meaning: 'the body is longer than `maxPageBytes`', effect: 'keep' },
  TRUNCATED: { meaning: 'the answer ended early, or has another length than it says', effect: 'keep' },
  TIMEOUT: { meaning: 'the app took longer than `deadlineSeconds`', effect: 'keep' },
  APP_FAILED: { meaning: 'the app threw, or broke off the connection', effect: 'keep' },
  ABANDONED: { meaning: 'the render was broken off', effect: 'keep' },
  TAG_LOST: {
    meaning: '`pages.tag()` was called where nobody can tell for which page',
    effect: 'keep',
  },
  NO_TAGS: { meaning: 'the page has no tag, and `requireTags` is on', effect: 'keep' },
  SKIPPED: { meaning: 'the option `skip` said so', effect: 'keep' },
  OVERTAKEN: { meaning: 'the page was invalidated, deleted or published while it rendered', effect: 'keep' },
  PRELOADING: { meaning: 'a view that the page preloads was still being rendered', effect: 'keep' },
  STORE_FULL: { meaning: 'the store takes no more pages of this kind', effect: 'keep' },
  STORE_FAILED: { meaning: 'the store could not be written', effect: 'keep' },
  NO_APP: { meaning: 'no app is known that could render the page', effect: 'keep' },
  BUSY: { meaning: 'all `renders` were busy', effect: 'keep' },
} as const;

/** One of the names of {@link STORING_REASONS}. */
export type StoringReasonName = keyof typeof STORING_REASONS;

/** A page was not stored. */
export interface Refusal {
  readonly reason: StoringReasonName;
  /** What logs and reports say: the reason, and for `READS` the header's name with it: `READS_ACCEPT_LANGUAGE`. */
  readonly code: string;
  /** What the app did, and what to do about it. */
  readonly detail: string;
}

/** Refuses a page. */
export function refusal(reason: StoringReasonName, detail: string, code: string = reason): Refusal {
  return { reason, code, detail };
}

/** Whether the page that is stored already is deleted. */
export function deletes({ reason }: Refusal): boolean {
  return STORING_REASONS[reason].effect === 'delete';
}

/** Whether other pages of the same pattern can be expected to be refused as well. */
export function isPersonal({ reason }: Refusal): boolean {
  return 'personal' in STORING_REASONS[reason];
}
