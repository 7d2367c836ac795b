import { join } from 'node:path';

/** How long, in milliseconds, something that a run left behind counts when nobody can tell whether the run still lives. */
export const DAY_MILLISECONDS: number = 24 * 60 * 60 * 1000;

/** For everyone to enter, whatever the umask: the app and the web server have accounts of their own. */
export const FOLDER_MODE = 0o755;

/** How many file operations are under way at once; more than the thread pool of Node takes brings nothing. */
export const PARALLEL_FILES = 8;

/** Where everything is in a releases folder. */
export interface ReleaseLayout {
  /** The folder itself: in it one folder per fingerprint, and {@link ReleaseLayout.state}. */
  readonly releases: string;
  /** `.static-url`, with all that is not served. */
  readonly state: string;
  /** `<version>.json`: what each release consists of; the time of the file is that of its last release. */
  readonly manifests: string;
  /** `<run>.json`: what a release under way is going to name. */
  readonly announcements: string;
  /** `<run>.json`: what a prune under way is about to remove. */
  readonly condemned: string;
  /** `<run>/`: what is being built or removed. */
  readonly staging: string;
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
  };
}
