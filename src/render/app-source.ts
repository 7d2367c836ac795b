import { requireApp } from './apps.ts';
import type { App } from './rendering.ts';

/** An app, or how it is made or imported when a page is first rendered without a visitor. */
export type AppSource = App | (() => App | Promise<App>);

/**
 * The app of a source.
 *
 * @throws TypeError, which says what to pass in place of what is no app
 */
export async function loadApp(source: AppSource): Promise<App> {
  // An app takes a request and a response; a function that gives one takes nothing.
  const app: unknown =
    typeof source === 'function' && source.length === 0 ? await Reflect.apply(source, undefined, []) : source;
  return requireApp(app, 'app');
}
