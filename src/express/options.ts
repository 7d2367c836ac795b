import { resolve } from 'node:path';
import type { ServeStaticOptions } from 'serve-static';
import { StaticUrlError } from '../core/errors.ts';
import { ANY_ORIGIN, REVALIDATE } from '../http/headers.ts';
import { booleanOption, checkOptions, choiceOption, quote, requiredPath } from '../core/options.ts';
import { parsePrefix } from '../core/prefix.ts';
import { rootList } from '../files/roots.ts';
import { type DevRequestRules, LIVE_RELOAD_FOLDER } from '../dev/index.ts';

/** What live reload watches beside the roots, and where browsers find it. */
export interface LiveReloadSettings {
  /**
   * Further files or folders, for example the views: a change in them reloads the page.
   *
   * @defaultValue none
   */
  readonly watch?: readonly (string | URL)[];
  /**
   * The prefix as browsers see it, when a proxy strips a part of it on the way to the app.
   *
   * @defaultValue the path of the router's prefix
   */
  readonly publicPrefix?: string;
}

/** Options of {@link devStaticRouter}: all of serve-static's, and our own. */
export interface DevStaticRouterOptions extends ServeStaticOptions {
  /**
   * Swaps changed CSS in open pages and reloads them for other changes.
   *
   * @defaultValue `false`
   */
  readonly liveReload?: boolean | LiveReloadSettings;
  /**
   * What a missing file leads to: `true` the app's next handler, `false` a 404 of the router's own.
   *
   * @defaultValue the next handler without a version in the URL, a 404 with one
   */
  fallthrough?: boolean;
  /**
   * Adds `Access-Control-Allow-Origin: *`, which fonts and modules need on another origin.
   *
   * @defaultValue `false`
   */
  readonly cors?: boolean;
  /**
   * `'refuse'`: a file that is reached over any symbolic link below the root is a 404.
   *
   * @defaultValue `'follow'`
   */
  readonly symlinks?: 'follow' | 'refuse';
  /**
   * Serves the folder `.well-known` at the root (RFC 8615) although its name starts with a dot.
   *
   * @defaultValue `false`
   */
  readonly wellKnown?: boolean;
}

/** {@link DevStaticRouterOptions} with everything decided. */
export interface ResolvedDevRouterOptions {
  /** Absolute; of files with one name the first root's wins. */
  readonly roots: readonly string[];
  readonly rules: DevRequestRules;
  readonly serveStatic: ServeStaticOptions;
  /** Headers of every file. */
  readonly headers: Readonly<Record<string, string>>;
  readonly refuseSymlinks: boolean;
  /** Whether a folder's URL without a slash at its end leads to the one with it. */
  readonly redirect: boolean;
  readonly liveReload: ResolvedLiveReload | undefined;
}

/** {@link LiveReloadSettings} with everything decided. */
interface ResolvedLiveReload {
  /** Absolute. */
  readonly watch: readonly string[];
  /** Where browsers find the script. */
  readonly url: string;
  /** Whether the app has said what prefix browsers see. */
  readonly isPublicPrefixGiven: boolean;
}

const SERVE_STATIC_OPTIONS = [
  'acceptRanges',
  'cacheControl',
  'dotfiles',
  'etag',
  'extensions',
  'fallthrough',
  'immutable',
  'index',
  'lastModified',
  'maxAge',
  'redirect',
  'setHeaders',
] as const;
const OWN_OPTIONS = ['cors', 'liveReload', 'symlinks', 'wellKnown'] as const;

/**
 * Validates and defaults what {@link devStaticRouter} is given.
 *
 * @throws TypeError for a wrong shape
 * @throws {@link StaticUrlError} `LIVE_RELOAD_IN_PRODUCTION`
 */
export function resolveDevRouterOptions(
  prefix: string,
  root: string | URL | readonly (string | URL)[],
  options: DevStaticRouterOptions,
): ResolvedDevRouterOptions {
  checkOptions('devStaticRouter()', options, [...SERVE_STATIC_OPTIONS, ...OWN_OPTIONS]);
  const { cors, liveReload, symlinks, wellKnown, ...given } = options;
  const { path } = parsePrefix(prefix);
  checkServeStaticOptions(given);
  const dotfiles = choiceOption('dotfiles', given.dotfiles, ['allow', 'deny', 'ignore'], 'ignore');
  const fallthrough =
    given.fallthrough === undefined ? undefined : booleanOption('fallthrough', given.fallthrough, true);
  const live = resolveLiveReload(liveReload, path);
  return {
    roots: rootList(root),
    rules: {
      prefixPath: path,
      dotfileRule: {
        dotfiles: dotfiles === 'allow',
        wellKnown: booleanOption('wellKnown', wellKnown, false),
      },
      dotfileStatus: dotfiles === 'deny' ? 403 : 404,
      folders: (given.index ?? false) !== false || given.redirect === true,
      liveReload: live !== undefined,
      fallthrough: { versioned: fallthrough ?? false, unversioned: fallthrough ?? true },
    },
    // Dotfiles have been refused, and missing files are ours to answer, when serve-static is asked.
    serveStatic: { index: false, ...given, redirect: false, dotfiles: 'allow', fallthrough: true },
    headers: {
      'X-Content-Type-Options': 'nosniff',
      ...(asksForCaching(given) ? {} : { 'Cache-Control': REVALIDATE }),
      ...(booleanOption('cors', cors, false) ? Object.fromEntries([ANY_ORIGIN]) : {}),
    },
    refuseSymlinks: choiceOption('symlinks', symlinks, ['follow', 'refuse'], 'follow') === 'refuse',
    redirect: given.redirect === true,
    liveReload: live,
  };
}

const SWITCHES = ['acceptRanges', 'cacheControl', 'etag', 'immutable', 'lastModified', 'redirect'] as const;

/** serve-static would find some of these out at the first request only, and others never. */
function checkServeStaticOptions(given: ServeStaticOptions): void {
  for (const name of SWITCHES) booleanOption(name, given[name], false);
  const { maxAge, setHeaders, index, extensions } = given;
  if (maxAge !== undefined && !isDuration(maxAge)) {
    throw new TypeError(
      `The option "maxAge" is in milliseconds or a text such as "1d", not ${quote(maxAge)}.`,
    );
  }
  if (setHeaders !== undefined && typeof setHeaders !== 'function') {
    throw new TypeError(`The option "setHeaders" is a function, not ${quote(setHeaders)}.`);
  }
  for (const [name, value] of [
    ['index', index],
    ['extensions', extensions],
  ] as const) {
    const list: unknown = typeof value === 'string' || value === false || value === undefined ? [] : value;
    if (!Array.isArray(list) || !list.every((each) => typeof each === 'string')) {
      throw new TypeError(`The option "${name}" is false or a list of texts, not ${quote(value)}.`);
    }
  }
}

/** What the package ms reads, as serve-static does. */
function isDuration(value: unknown): boolean {
  if (typeof value === 'number') return value >= 0;
  return typeof value === 'string' && /^\d*\.?\d+ *(?:ms|s|m|h|d|w|y|[a-z]{3,})?$/i.test(value);
}

function asksForCaching({ cacheControl, immutable, maxAge }: ServeStaticOptions): boolean {
  return cacheControl !== undefined || immutable !== undefined || maxAge !== undefined;
}

function resolveLiveReload(
  liveReload: DevStaticRouterOptions['liveReload'],
  prefixPath: string,
): ResolvedDevRouterOptions['liveReload'] {
  if (liveReload === undefined || liveReload === false) return undefined;
  if (liveReload !== true) checkOptions('The option "liveReload"', liveReload, ['watch', 'publicPrefix']);
  const { watch = [], publicPrefix } = liveReload === true ? {} : liveReload;
  if (!Array.isArray(watch))
    throw new TypeError(`The option "liveReload.watch" is a list of paths, not ${quote(watch)}.`);
  if (process.env['NODE_ENV'] === 'production') {
    throw new StaticUrlError(
      'LIVE_RELOAD_IN_PRODUCTION',
      'Live reload is on with NODE_ENV "production": it would watch files and hold connections for every visitor. ' +
        'Pass "liveReload: process.env.NODE_ENV !== \'production\'".',
    );
  }
  const path = publicPrefix === undefined ? prefixPath : parsePrefix(publicPrefix).href;
  return {
    watch: watch.map((each) => resolve(requiredPath('path in "liveReload.watch"', each))),
    url: `${path}${LIVE_RELOAD_FOLDER}client.js`,
    isPublicPrefixGiven: publicPrefix !== undefined,
  };
}
