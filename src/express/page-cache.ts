import type { RequestHandler } from 'express';
import { outsidePromises } from '../http/next-handler.ts';
import type { Pages } from '../pages/index.ts';
import { tagRequest } from '../pages/tagging/index.ts';

/** What {@link pageCache} puts at `response.locals.pages`. */
export interface PageLocals {
  /** Gives tags to the page that this request renders; for a visitor's own request it does nothing. */
  readonly tag: (...tags: string[]) => void;
}

/**
 * Answers from stored pages before the app does. Mount it before everything that a stored page need not pass through:
 * sessions, body parsers, routes.
 *
 * @example
 * ```ts
 * app.use(pageCache(pages));
 * ```
 */
export function pageCache(pages: Pages): RequestHandler {
  return (request, response, next) => {
    const locals: PageLocals = { tag: (...tags) => tagRequest(request, tags) };
    response.locals['pages'] = locals;
    const handOn = outsidePromises(next);
    // Express 4 does not wait for promises.
    pages.answer(request, response).then((isAnswered) => isAnswered || handOn(), handOn);
  };
}
