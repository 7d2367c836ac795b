import type { ServeStaticOptions } from 'serve-static';
import { DOTFILE_OPTIONS, type DotfileOptions } from '../core/dotfiles.ts';
import { StaticUrlError } from '../core/errors.ts';
import { absolutePath, BOOLEAN, callback, choice, inCode, isStringList } from '../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../core/options.ts';
import { parsePrefix, PREFIX } from '../core/prefix.ts';
import { LIVE_RELOAD_FOLDER, type DevRequestRules } from '../dev/index.ts';
import { rootList } from '../files/roots.ts';
import { POLLING_OPTIONS, pollingInterval, type PollingOptions } from '../files/watch/polling.ts';
import { ANY_ORIGIN, cacheFor, REVALIDATE, YEAR_SECONDS } from '../http/headers.ts';
import { readMaxAge } from './max-age.ts';
import type { FileChoice } from './root-files.ts';

/** What live reload watches beside the roots, how, and where browsers find it. */
export interface LiveReloadSettings extends PollingOptions {
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
export interface DevStaticRouterOptions
  extends Omit<ServeStaticOptions, 'fallthrough'>, Pick<DotfileOptions, 'wellKnown'> {
  /**
   * Swaps changed CSS in open pages and reloads them for other changes.
   *
   * @defaultValue `false`
   */
  readonly liveReload?: boolean | LiveReloadSettings;
  /**
   * Who answers for a missing file: with `true` the app's next handler, with `false` the router, with a 404.
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
   * Whether symbolic links below the root are followed. `'refuse'`: a file behind any is a 404.
   *
   * @defaultValue `'follow'`
   */
  readonly symlinks?: 'follow' | 'refuse';
}

const isFalseOrList = (value: unknown): boolean => value === false || isStringList(value);
const isString = (value: unknown): boolean => typeof value === 'string';

const INDEX = inCode<string | string[] | false>(
  'false, a string or a list of strings',
  (value) => isString(value) || isFalseOrList(value),
);
const EXTENSIONS = inCode<string[] | false>('false or a list of strings', isFalseOrList);
const DURATION = inCode<number | string>(
  'in milliseconds or a string such as "1d"',
  (value) => readMaxAge(value) !== undefined,
);
const LIVE_RELOAD = inCode<boolean | LiveReloadSettings>(
  'true, false or an object of settings',
  (value) => typeof value === 'boolean' || (typeof value === 'object' && value !== null),
);

type Undecided = 'fallthrough' | 'maxAge' | 'setHeaders' | 'cacheControl' | 'immutable';

/** The options of {@link devStaticRouter}. */
export const DEV_ROUTER_OPTIONS: Table<DevStaticRouterOptions, Undecided> = {
  liveReload: {
    ...LIVE_RELOAD,
    default: false,
    help: 'Swaps changed CSS in open pages and reloads them for other changes.',
  },
  fallthrough: {
    ...BOOLEAN,
    defaultText: 'the next handler without a version in the URL, a 404 with one',
    help: "Who answers for a missing file: with true the app's next handler, with false the router, with a 404.",
  },
  cors: {
    ...BOOLEAN,
    default: false,
    help: 'Adds Access-Control-Allow-Origin: *, which fonts and modules need on another origin.',
  },
  symlinks: {
    ...choice('follow', 'refuse'),
    default: 'follow',
    help: 'Whether symbolic links below the root are followed.',
  },
  wellKnown: DOTFILE_OPTIONS.wellKnown,
  acceptRanges: { ...BOOLEAN, default: true, help: 'Of serve-static.' },
  cacheControl: { ...BOOLEAN, help: 'Of serve-static.' },
  dotfiles: { ...choice('allow', 'deny', 'ignore'), default: 'ignore', help: 'Of serve-static.' },
  etag: { ...BOOLEAN, default: true, help: 'Of serve-static.' },
  extensions: { ...EXTENSIONS, default: false, help: 'Of serve-static.' },
  immutable: { ...BOOLEAN, help: 'Of serve-static.' },
  index: { ...INDEX, default: false, help: 'Of serve-static.' },
  lastModified: { ...BOOLEAN, default: true, help: 'Of serve-static.' },
  maxAge: { ...DURATION, help: 'Of serve-static.' },
  redirect: { ...BOOLEAN, default: false, help: 'Of serve-static.' },
  setHeaders: { ...callback(), help: 'Of serve-static.' },
};

/** The settings of live reload. */
export const LIVE_RELOAD_OPTIONS: Table<LiveReloadSettings, 'publicPrefix' | 'pollMilliseconds'> = {
  watch: {
    ...inCode<readonly (string | URL)[]>('a list of paths', Array.isArray),
    default: [],
    help: 'Further files or folders, for example the views: a change in them reloads the page.',
  },
  ...POLLING_OPTIONS,
  publicPrefix: {
    ...PREFIX,
    help: 'The prefix as browsers see it, when a proxy strips a part of it on the way to the app.',
  },
};

/** {@link DevStaticRouterOptions} with everything decided. */
export interface ResolvedDevRouterOptions
  extends FileChoice, Pick<ServeStaticOptions, 'setHeaders'>, Resolved<FileAnswerOptions> {
  /** Absolute; of files with one name the first root's wins. */
  readonly roots: readonly string[];
  readonly rules: DevRequestRules;
  /** Headers of every file. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a file gets unless the app has set another; `undefined` for none. */
  readonly cacheControl: string | undefined;
  /** Whether a folder's URL without a slash at its end redirects to the one with it. */
  readonly redirect: boolean;
  readonly liveReload: ResolvedLiveReload | undefined;
}

/** What a file's answer says of it. */
type FileAnswerOptions = Pick<ServeStaticOptions, 'acceptRanges' | 'etag' | 'lastModified'>;

/** {@link LiveReloadSettings} with everything decided. */
interface ResolvedLiveReload {
  /** Absolute. */
  readonly watch: readonly string[];
  /** The wait between two looks; `undefined` to wait for events. */
  readonly pollMilliseconds: number | undefined;
  /** Where browsers find the script. */
  readonly url: string;
  /** Whether the app has said what prefix browsers see. */
  readonly isPublicPrefixGiven: boolean;
}

/**
 * Checks and defaults what {@link devStaticRouter} is given.
 *
 * @throws TypeError for a wrong shape
 * @throws {@link StaticUrlError} `LIVE_RELOAD_IN_PRODUCTION`
 */
export function resolveDevRouterOptions(
  prefix: string,
  root: string | URL | readonly (string | URL)[],
  options: DevStaticRouterOptions,
): ResolvedDevRouterOptions {
  const resolved = resolveOptions('devStaticRouter()', options, DEV_ROUTER_OPTIONS);
  const { cors, symlinks, wellKnown, fallthrough, dotfiles, extensions, index } = resolved;
  const { acceptRanges, etag, lastModified, redirect, setHeaders } = resolved;
  const { path } = parsePrefix(prefix);
  const liveReload = resolveLiveReload(resolved.liveReload, path);
  const cacheControl = cacheControlOf(resolved);
  return {
    roots: rootList(root),
    rules: {
      prefixPath: path,
      dotfileRule: { dotfiles: dotfiles === 'allow', wellKnown },
      dotfileStatus: dotfiles === 'deny' ? 403 : 404,
      folders: index !== false || redirect,
      liveReload: liveReload !== undefined,
      fallthrough: { versioned: fallthrough ?? false, unversioned: fallthrough ?? true },
    },
    acceptRanges,
    etag,
    lastModified,
    redirect,
    liveReload,
    ...(setHeaders && { setHeaders }),
    extensions: listOf(extensions),
    index: listOf(index),
    refuseSymlinks: symlinks === 'refuse',
    headers: {
      'X-Content-Type-Options': 'nosniff',
      // Before what middleware has set: every version gets the current bytes.
      ...(cacheControl === REVALIDATE ? { 'Cache-Control': REVALIDATE } : {}),
      ...(cors ? Object.fromEntries([ANY_ORIGIN]) : {}),
    },
    cacheControl,
  };
}

function listOf(option: string | readonly string[] | boolean): readonly string[] {
  return typeof option === 'string' ? [option] : typeof option === 'boolean' ? [] : option;
}

/** What an option asks for, as serve-static has it; by default every version revalidates. */
function cacheControlOf(options: Resolved<DevStaticRouterOptions, Undecided>): string | undefined {
  const { cacheControl, immutable, maxAge } = options;
  if (cacheControl === false) return undefined;
  if ([cacheControl, immutable, maxAge].every((each) => each === undefined)) return REVALIDATE;
  const seconds = Math.floor((readMaxAge(maxAge ?? 0) ?? 0) / 1000);
  return cacheFor(Math.min(seconds, YEAR_SECONDS), immutable === true);
}

function resolveLiveReload(
  liveReload: boolean | LiveReloadSettings,
  prefixPath: string,
): ResolvedLiveReload | undefined {
  if (liveReload === false) return undefined;
  const { watch, pollMilliseconds, publicPrefix } = resolveOptions(
    'The option "liveReload"',
    liveReload === true ? {} : liveReload,
    LIVE_RELOAD_OPTIONS,
  );
  if (process.env['NODE_ENV'] === 'production') {
    throw new StaticUrlError(
      'LIVE_RELOAD_IN_PRODUCTION',
      'Live reload is on with NODE_ENV "production": it would watch files and hold connections for every visitor. ' +
        'Pass "liveReload: process.env.NODE_ENV !== \'production\'".',
    );
  }
  const path = publicPrefix === undefined ? prefixPath : parsePrefix(publicPrefix).href;
  return {
    watch: watch.map((each) => absolutePath('path in "liveReload.watch"', each)),
    pollMilliseconds: pollingInterval(pollMilliseconds),
    url: `${path}${LIVE_RELOAD_FOLDER}client.js`,
    isPublicPrefixGiven: publicPrefix !== undefined,
  };
}
