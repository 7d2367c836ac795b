import type { Pages } from '../pages.ts';
import { preloadsOf } from './preloads.ts';
import type { ViewQuery } from './view-url.ts';

/** What templates call. */
export interface PageTags {
  /**
   * The URL of a preloaded view: the static one where it is known, else the live one, while the view renders.
   *
   * In a page that is rendered for the store the live URL is not left standing: once the view is there, the page is rendered
   * again.
   *
   * @throws TypeError for what is no URL or query; with `throwOnError` {@link StaticUrlError} where the view cannot be preloaded
   */
  readonly staticPreload: (url: string | URL, ...query: ViewQuery[]) => string;
}

/**
 * Functions for templates, which cannot wait.
 *
 * @example
 * ```ts
 * app.locals.staticPreload = pageTags(pages).staticPreload;
 * ```
 *
 * @param pages - made with the option `preload`
 * @throws TypeError for any others
 */
export function pageTags(pages: Pages): PageTags {
  const preloads = preloadsOf(Object(pages), 'pageTags()');
  return { staticPreload: (url, ...query) => preloads.staticPreload(url, query) };
}
