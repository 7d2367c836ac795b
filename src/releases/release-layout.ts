import { basename, join } from 'node:path';

/** For everyone to enter, whatever the umask: the app and the web server have accounts of their own. */
export const FOLDER_MODE = 0o755;

/**
 * Where everything is in a releases folder. An asset is `<releases>/<fingerprint>/<asset>`, and without a version
 * `<names>/<asset>`, which manifests, the production handler and the text for nginx rely on; the rest is for releases and
 * prunes alone.
 */
export interface ReleaseLayout {
  /** The folder itself: in it one folder per fingerprint, and {@link ReleaseLayout.state}. */
  readonly releases: string;
  /** `.static-url`, with all that is not served by version. */
  readonly state: string;
  /** `<version>.json`: what each release consists of; the time of the file is that of its last release. */
  readonly manifests: string;
  /** `<run>.json`: what a release under way is going to name. */
  readonly announcements: string;
  /** `<run>.json`: what a prune under way is about to remove. */
  readonly condemned: string;
  /** `<run>/`: what is being built or removed. */
  readonly staging: string;
  /** A symbolic link to the tree of what kept releases have by name: `<names>/<asset>`. */
  readonly names: string;
  /** `<run>.<attempt>.<key>/`: the tree of names, and those that are about to take its place. */
  readonly nameTrees: string;
}

/** Where the tree of names is in a releases folder. */
export const NAMES_PATH = '.static-url/names';

/**
 * Where a delta is in the folder of a fingerprint: `<asset>.dcz/<dictionary>`. It makes the asset from an older version of
 * it, and is named by the bytes of that. A `/` in base64 makes a subfolder.
 *
 * @param dictionary - the SHA-256 of the older version, in base64
 */
export function deltaName(asset: string, dictionary: string): string {
  return `${asset}${DELTA_SUFFIX}/${dictionary}`;
}

/** What the folder of an asset's deltas has behind the asset's name. */
export const DELTA_SUFFIX = '.dcz';

const DELTA_NAME = /^(.+)\.dcz\/[A-Za-z0-9+/]{40,43}=$/;

/** The asset that a file would be a delta of, by its name alone. */
export function assetOfDelta(name: string): string | undefined {
  return DELTA_NAME.exec(name)?.[1];
}

/** In bytes, of a file on Linux (NAME_MAX): what has nearly that length has nothing beside it. */
const LONGEST_NAME = 255;

/** Whether the file system takes a suffix behind the name of an asset. */
export function hasRoomFor(suffix: string, name: string): boolean {
  return Buffer.byteLength(basename(name) + suffix) <= LONGEST_NAME;
}

/** Names the places of a releases folder, an absolute path. */
export function layoutOf(releases: string): ReleaseLayout {
  const state = join(releases, '.static-url');
  return {
    releases,
    state,
    manifests: join(state, 'manifests'),
    announcements: join(state, 'announcements'),
    condemned: join(state, 'condemned'),
    staging: join(state, 'staging'),
    names: join(releases, NAMES_PATH),
    nameTrees: join(state, 'name-trees'),
  };
}

/** The folder of a fingerprint, with every asset that a browser can reach under it. */
export function folderOf({ releases }: ReleaseLayout, fingerprint: string): string {
  return join(releases, fingerprint);
}

/** Where the manifest of a release is. */
export function manifestFile({ manifests }: ReleaseLayout, version: string): string {
  return join(manifests, `${version}.json`);
}

const YEAR_2000_SECONDS = 946_684_800;

/**
 * The time that a file of a release gets, in seconds: from its bytes alone, somewhere in the years 2000 to 2017. nginx
 * makes `ETag` and `Last-Modified` from length and time: so they are equal on all hosts of a site, and two contents do not
 * share them just because they were written in the same second. A time in the future is not valid (RFC 9110 §8.8.2.1).
 *
 * That of a compressed copy is from the bytes of the file that it is a copy of; that of a delta from its own bytes, so that
 * one that was cut short can be told.
 */
export function timeOfContent(hash: string): number {
  return YEAR_2000_SECONDS + (Number.parseInt(hash.slice(-8), 16) % 2 ** 29);
}
