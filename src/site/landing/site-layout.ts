import { basename, dirname, join } from 'node:path';
import { quote } from '../../core/text.ts';
import type { WriteAdvice } from '../../files/disk-access.ts';

/** For everyone to enter, whatever the umask: the web server has an account of its own. */
export const FOLDER_MODE = 0o755;

/** Where everything is beside the folder of a site. */
export interface SiteLayout {
  /** The folder itself, or the link to it. */
  readonly out: string;
  /** `.<name>.static-url` beside it: on the same file system, and never served. */
  readonly beside: string;
  /** A folder with one file, `<run>.json`: who exports at the moment. */
  readonly lock: string;
  /** What the last export wrote. */
  readonly state: string;
  /** What a landing under way, or one that was killed, writes. */
  readonly journal: string;
  /** `<run>/`: what is not in its place yet, or no longer. */
  readonly staging: string;
  /** `<run>/`: whole sites, one of which `out` is a link to, with `swap: 'link'`. */
  readonly sites: string;
}

/** Names the places of a site, by the absolute path of its folder. */
export function layoutOf(out: string): SiteLayout {
  // Hidden, as what is hidden already.
  const beside = join(dirname(out), `${basename(out).replace(/^\.?/, '.')}.static-url`);
  return {
    out,
    beside,
    lock: join(beside, 'lock'),
    state: join(beside, 'state'),
    journal: join(beside, 'journal'),
    staging: join(beside, 'staging'),
    sites: join(beside, 'sites'),
  };
}

/** What to do when the folder of a site cannot be written. */
export function adviceFor({ out, beside }: SiteLayout): WriteAdvice {
  return {
    full: 'Free some room and export again: that finishes what has begun.',
    split: `Name a folder inside of ${quote(out)}: an export keeps ${quote(beside)} beside the folder, and moves files from there.`,
  };
}
