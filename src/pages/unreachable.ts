import { StaticUrlError } from '../core/errors.ts';
import { countText, quote } from '../core/text.ts';
import type { PageResult, PagesReport } from './publishing.ts';

/** So many URLs stand in a message; the error has all of them. */
const MOST_NAMED = 10;

/**
 * What `publish`, `refresh` and `renew` reject with where servers of the store do not answer. All other pages of the run
 * are published, as its report says.
 */
export class PagesUnreachableError extends StaticUrlError {
  /** The URLs whose pages could not be stored, or not be removed. */
  readonly urls: readonly string[];
  /** What became of all pages of the run, those of `urls` included. */
  readonly report: PagesReport;

  /** @param cause - what the store threw, whose message says which server it is */
  constructor(urls: readonly string[], results: readonly PageResult[], cause: Error) {
    const named = urls.slice(0, MOST_NAMED).map(quote).join(', ');
    const more = urls.length > MOST_NAMED ? ` and ${urls.length - MOST_NAMED} more` : '';
    const what =
      urls.length === 0
        ? 'The store does not tell all of its pages; those that it tells are done.'
        : `The store does not answer for ${countText(urls.length, 'page')}: ${named}${more}. All others are done.`;
    super('STORE_UNREACHABLE', `${what} ${cause.message}`, { cause });
    this.urls = urls;
    this.report = { results };
  }
}

/** Whether servers of a store do not answer: the other ones do, and what they have is dealt with. */
export function isUnreachable(error: unknown): error is StaticUrlError {
  return error instanceof StaticUrlError && error.code === 'STORE_UNREACHABLE';
}

/**
 * An error of a store of which servers do not answer.
 *
 * @throws any other one
 */
export function unreachable(error: unknown): StaticUrlError {
  if (isUnreachable(error)) return error;
  throw error;
}

/** Whether a removal did not reach a page. A store may tell in `urls` which those are; else it may be any. */
export function leavesOpen(error: StaticUrlError, url: string): boolean {
  return !('urls' in error) || !Array.isArray(error.urls) || error.urls.includes(url);
}
