import { StaticUrlError } from '../../core/errors.ts';
import { countText, quote } from '../../core/text.ts';
import type { FailedPage } from '../rendering/page-task.ts';
import { paramsText, type PageOrder } from '../routes/list-pages.ts';

/** After so many pages that fail, the others are not tried. */
const MOST_FAILURES = 20;

/** The pages that could not be exported, each with all that helps to mend it. */
export class PageFailures {
  readonly #texts: string[] = [];

  /** Whether it is time to give up. */
  get areMany(): boolean {
    return this.#texts.length >= MOST_FAILURES;
  }

  /** Those past the limit were under way when it was reached. */
  add({ url, route, params }: PageOrder, { reason, details }: Pick<FailedPage, 'reason' | 'details'>): void {
    if (this.areMany) return;
    const given = Object.keys(params).length === 0 ? '' : `, parameters ${paramsText(params)}`;
    const lines = [`${url} ${reason} (route ${quote(route)}${given}).`, ...(details?.split('\n') ?? [])];
    this.#texts.push(`  ${lines.join('\n    ')}`);
  }

  /** @throws {@link StaticUrlError} `SITE_PAGE_FAILED`, if there are any */
  throwAll(): void {
    if (this.#texts.length === 0) return;
    const count = countText(this.#texts.length, 'page') + (this.areMany ? ' or more' : '');
    throw new StaticUrlError(
      'SITE_PAGE_FAILED',
      `Cannot export ${count}; the site is as it was.\n${this.#texts.join('\n')}`,
    );
  }
}
