/** Why a {@link StaticUrlError} was thrown. Codes are stable; messages are for people and may change. */
export const STATIC_URL_ERRORS = {
  FILE_NOT_FOUND: 'the sentinel file does not exist',
  FILE_UNREADABLE:
    'a file or folder is there, but the system refuses access to it or it is of the wrong kind',
  FILE_UNWRITABLE: 'a file or folder cannot be written',
  FILE_CHANGED:
    'a file vanished or changed its kind while a tree was being read, or a marker as it was set; an asset no longer has the bytes of its URL',
  LINK_BROKEN: 'a symbolic link points to nothing, or back into a folder that holds it',
  LINK_OUTSIDE: "a symbolic link leads out of the roots, and `symlinks` is `'inside'`",
  ROOT_NOT_FOUND: 'the root does not exist',
  ROOT_NOT_A_FOLDER: 'the root is something other than a folder',
  ROOT_EMPTY: 'the root holds no files, of which a version could be made',
  GIT_NOT_FOUND: 'the `git` program is not installed',
  GIT_NO_REPOSITORY: 'the folder is in no git repository, or in one that git refuses to trust',
  GIT_NO_COMMIT: 'the repository has no commit yet',
  GIT_FAILED: 'git could not be run, or ended with another error, which is quoted',
  ENVIRONMENT_UNSET: 'none of the named environment variables is set',
  LIVE_RELOAD_IN_PRODUCTION: 'live reload was asked for with `NODE_ENV=production`',
  PACKAGE_MISSING: 'an optional peer dependency is not installed',
  BUNDLED: 'what was asked for needs a file of this package that a bundle does not hold',
  NGINX_INEXPRESSIBLE: "nginx's configuration language has no way to write the value",
  ASSET_NOT_FOUND: 'no asset has the name, or nothing leads to it from the one that was given',
  REFERENCE_BROKEN: 'a file under the roots refers to something that is not there, or climbs above the root',
  CHECK_FAILED:
    '`static-url check`, `pages publish`, `pages verify` or `test-publish` found faults, which it has printed',
  COPY_WRONG: 'a file that is named like the compressed copy or a delta of another is something else',
  MANIFEST_NOT_FOUND: "a release's manifest cannot be read",
  MANIFEST_INVALID: "a release's manifest is not one, or of another version of this package",
  BUNDLE_NOT_FOUND: 'what a bundler says that it has written cannot be read',
  BUNDLE_INVALID:
    'what a bundler says that it has written is no manifest of Vite and no metafile of esbuild, or names files that are no assets',
  RELEASE_NOT_FOUND: 'a folder that should hold releases has none',
  RELEASE_DAMAGED:
    'a folder of a release lacks files, has some of another length, or goes as soon as it is written',
  DISK_FULL: 'a file system or a quota has no room left',
  CONFIG_NOT_FOUND: 'the configuration that was named does not exist',
  CONFIG_FAILED: 'the configuration is not JavaScript, or throws',
  APP_UNKNOWN: 'pages cannot be rendered, since no app was given and no visitor has come yet',
  APP_FAILED: 'the app of the configuration cannot be loaded, listens when it is loaded, or does not answer',
  PUBLISH_STOPPED: 'publishing would have deleted more than ten pages and half of all',
  PRELOAD_REFUSED: 'a view cannot be preloaded: its URL is no page of the sites, or the page was refused',
  STORE_NOT_OURS: 'the pages of a store belong to another app, or its folder is something else',
  STORE_ENVIRONMENT: 'a store is written by processes with another `NODE_ENV`',
  STORE_UNREACHABLE: 'a server of a store does not answer in time, or answers what no memcached would',
  SITE_URLS:
    'the URLs of a site cannot be told: parameters that do not fit, too many, or a generator that fails',
  SITE_PAGE_FAILED: 'the app did not answer a page of the site as its route says',
  SITE_CHECK_FAILED: 'the export found faults in the site, which it lists, and left the old site as it is',
  SITE_OUT_REFUSED: "the folder of a site holds what is not the site's, or is one that no export may fill",
  SITE_LOCKED: 'another export is writing the same folder',
  TARGET_FAILED: 'a target refused what it was asked, or could not be reached',
  PUBLISH_REFUSED: "publishing would touch what is not the site's, or delete too much; nothing was changed",
  PUBLISH_LOCKED: 'another publish to the same target is under way',
  PUBLISH_FAILED:
    'a step of a publish failed, and those behind it were left out: it lists every key and reason',
  CROSS_DEVICE: 'folders that must lie on one file system do not',
} as const;

/** One of the codes, each of which the reference explains. */
export type StaticUrlErrorCode = keyof typeof STATIC_URL_ERRORS;

/**
 * A failure that a caller may want to catch, told apart by {@link StaticUrlError.code}.
 *
 * Wrong arguments are not among them: those are a `TypeError` (wrong shape) or a `RangeError` (wrong range).
 */
export class StaticUrlError extends Error {
  override readonly name = 'StaticUrlError';
  /** Why it was thrown. */
  readonly code: StaticUrlErrorCode;

  constructor(code: StaticUrlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The `code` of a system error (`ENOENT`, `EACCES`, …), or `undefined` for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** How a message names an option: `the option "keep"` in the API, `--keep` on the command line. */
export type Naming = (option: string) => string;

/** An error about an option, which can be said in other words than those of the API. */
export interface OptionError extends Error {
  /** The option's name in the API. */
  readonly option: string;
  readonly inWords: (naming: Naming) => string;
}

/**
 * An error about an option.
 *
 * @param words - the message, with each option named as its reader knows it
 * @param create - makes the error: a `TypeError` unless told otherwise
 */
export function optionError(
  option: string,
  words: (naming: Naming) => string,
  create: (message: string) => Error = (message) => new TypeError(message),
): OptionError {
  const message = words((name) => `the option "${name}"`);
  const error = create(message.charAt(0).toUpperCase() + message.slice(1));
  // Not shown where the error is printed.
  return Object.defineProperties(Object.assign(error, { option, inWords: words }), {
    inWords: { enumerable: false },
  });
}

/** Whether an error tells which option it is about. */
export function isOptionError(error: unknown): error is OptionError {
  return error instanceof Error && 'option' in error && 'inWords' in error;
}
