import { pathBelow } from '../real-paths.ts';

/** Endings of what is not finished yet, or was replaced. */
const TRANSIENT = /\.(?:bak|crdownload|filepart|new|old|orig|part|te?mp)$/i;

/**
 * Whether a path is none of live reload's business: a dotfile, something in a dot-folder (`.git`), or what editors,
 * uploads and scripts lay beside the file they are about to replace (`app.css~`, `#app.css#`, `app.css.new`).
 *
 * Only what comes below a watched path counts, so that a root inside a dot-folder is watched, and a dotfile that is
 * itself in the list.
 *
 * @param watched - the absolute files and folders that were asked for
 */
export function isIgnoredPath(path: string, watched: readonly string[]): boolean {
  const ways = watched.map((base) => pathBelow(base, path)).filter((way) => way !== undefined);
  return ways.length > 0 && ways.every((way) => way.split(/[/\\]/).some(isIgnoredName));
}

function isIgnoredName(name: string): boolean {
  return (
    name.startsWith('.') ||
    name.endsWith('~') ||
    TRANSIENT.test(name) ||
    (name.startsWith('#') && name.endsWith('#'))
  );
}
