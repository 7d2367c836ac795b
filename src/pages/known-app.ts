import { StaticUrlError } from '../core/errors.ts';
import type { HttpRequest } from '../http/exchange.ts';
import { loadApp, type App, type AppSource } from '../render/index.ts';
import { siteOf, type GateRules } from './rules/index.ts';

/** The app that renders: the server that visitors come through, with all that stands around the app, else what was given. */
export class KnownApp {
  readonly #source: AppSource | undefined;
  readonly #rules: GateRules;
  /** The server that the latest visitor came through. */
  #server: App | undefined;
  #loaded: Promise<App> | undefined;
  readonly #onKnown: (() => void)[] = [];

  constructor(source: AppSource | undefined, rules: GateRules) {
    this.#source = source;
    this.#rules = rules;
  }

  /** The server that a visitor came through, as far as it can be told; what is published later goes through it too. */
  seenBy(request: HttpRequest): App | undefined {
    const { server }: { readonly server?: unknown } = Object(request.socket);
    // Not by who asks the same app at another port, such as an insiders' one, where it may show more.
    if (server !== this.#server && isServer(server) && this.#isOfSite(request)) {
      this.#server = server;
      for (const tell of this.#onKnown.splice(0)) tell();
    }
    return this.#server;
  }

  /** Resolves once an app is known, which is never where none is given and no visitor comes. */
  async known(): Promise<void> {
    if (this.#source !== undefined || this.#server !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#onKnown.push(resolve);
    });
  }

  #isOfSite({ headers, rawHeaders = [], httpVersionMajor }: HttpRequest): boolean {
    return siteOf({ headers, rawHeaders, httpVersionMajor }, this.#rules) !== undefined;
  }

  /** @throws {@link StaticUrlError} `APP_UNKNOWN` */
  async get(): Promise<App> {
    if (this.#server !== undefined) return this.#server;
    if (this.#source === undefined)
      throw new StaticUrlError(
        'APP_UNKNOWN',
        'Cannot render a page: no visitor has come yet, and createPages() was given no "app". Pass the app, or a function that gives it.',
      );
    this.#loaded ??= loadApp(this.#source).catch((error: unknown) => {
      // The next call tries again.
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }
}

function isServer(value: unknown): value is App {
  return typeof value === 'object' && value !== null && 'listeners' in value && 'listen' in value;
}
