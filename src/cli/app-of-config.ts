import { types } from 'node:util';
import type { ResolvedConfig } from '../config/index.ts';
import { StaticUrlError } from '../core/errors.ts';
import type { AppSource } from '../pages/options.ts';
import type { App } from '../render/index.ts';
import { placeIn } from './stack-place.ts';

/**
 * The app of a configuration, which is loaded when a page is rendered and no sooner.
 *
 * @param listening - rejects when the app listens: nothing is rendered by one that does so when it is imported
 */
export function appOfConfig({ name, values: { app } }: ResolvedConfig, listening: Promise<never>): AppSource {
  if (app === undefined)
    return () => {
      throw new StaticUrlError(
        'APP_UNKNOWN',
        `${name} names no app that could render a page. Add app: async () => (await import('./app.js')).default.`,
      );
    };
  if (typeof app !== 'function' || app.length > 0) return app;
  return async () => Promise.race([listening, loadApp(app, name)]);
}

async function loadApp(load: Function, name: string): Promise<App> {
  const app: unknown = await resultOf(load, name);
  if (types.isModuleNamespaceObject(app))
    throw new TypeError(
      `"app" in ${name} gives a whole module. Take the app out of it: async () => (await import('./app.js')).default.`,
    );
  // Whoever asks for the app checks it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return app as App;
}

async function resultOf(load: Function, name: string): Promise<unknown> {
  try {
    return await Reflect.apply(load, undefined, []);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const place = placeIn(error);
    // Node tells the place of a mistake in a module's syntax to nobody.
    const advice =
      error instanceof SyntaxError && place === ''
        ? '. "node --check <file>" shows where, file by file.'
        : '';
    throw new StaticUrlError('APP_FAILED', `Cannot load the app of ${name}${place}: ${reason}${advice}`, {
      cause: error,
    });
  }
}
