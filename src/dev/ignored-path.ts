import { isAbsolute, relative } from 'node:path';

const LEADS_OUT = /^\.\.(?:[/\\]|$)/;

/**
 * Whether a path is none of live reload's business: a dotfile, something in a dot-folder (`.git`), or what an editor
 * leaves beside the file it writes (`app.css~`, `#app.css#`).
 *
 * Only what comes below a watched path counts, so that a root inside a dot-folder is watched, and a dotfile that is
 * itself in the list.
 *
 * @param watched - the absolute files and folders that were asked for
 */
export function isIgnoredPath(path: string, watched: readonly string[]): boolean {
  const ways = watched
    .map((base) => relative(base, path))
    .filter((way) => !LEADS_OUT.test(way) && !isAbsolute(way));
  return ways.length > 0 && ways.every((way) => way.split(/[/\\]/).some(isIgnoredName));
}

function isIgnoredName(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~') || (name.startsWith('#') && name.endsWith('#'));
}
