import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { hasDotfile, type DotfileRule } from '../core/dotfiles.ts';

/**
 * Called with each symbolic link before it is followed; it throws to refuse it.
 *
 * @param link - the path of the link
 * @param target - the real path of what it points to
 */
export type LinkGuard = (link: string, target: string) => void;

/**
 * Lists the files under a root by their names relative to it, with `/` between segments, sorted by code unit:
 * the same list on every host, whatever its locale and the order of its folders.
 *
 * Symbolic links are followed unless the guard refuses them. Names that start with a dot are left out unless the rule
 * allows them.
 *
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `FILE_UNREADABLE`, `FILE_CHANGED`, `LINK_BROKEN`
 */
export function scanFolder(root: string, rule: DotfileRule, guard?: LinkGuard): string[] {
  return scanTree(root, (segments) => hasDotfile(segments, rule), raise, guard).files;
}

function raise(error: StaticUrlError): never {
  throw error;
}

/** Whether to leave out a file or folder, and all below it, by the segments of its name relative to the root. */
export type SkipRule = (segments: readonly string[]) => boolean;

/** What is under a root, by names relative to it. */
export interface FolderTree {
  readonly root: string;
  /** Sorted by code unit. */
  readonly files: string[];
  /** The root itself is the empty name. */
  readonly folders: string[];
  /** Symbolic links: to files, to folders, and broken ones. */
  readonly links: string[];
}

/**
 * Lists what is under a root, as {@link scanFolder} does.
 *
 * @param report - called with what cannot be listed; when it returns, the rest is listed
 */
export function scanTree(
  root: string,
  isSkipped: SkipRule,
  report: (error: StaticUrlError) => void,
  guard?: LinkGuard,
): FolderTree {
  const tree: FolderTree = { root, files: [], folders: [], links: [] };
  const attempt = (name: string, list: () => void): void => {
    try {
      list();
    } catch (error) {
      if (error instanceof StaticUrlError) report(error);
      else if (systemErrorCode(error) !== undefined)
        report(describeReadError('folder', join(root, name), error));
      else throw error;
    }
  };
  const pending: Folder[] = [];
  attempt('', () => {
    requireFolder(root);
    pending.push({ name: '', segments: [], links: [] });
  });
  for (let folder = pending.pop(); folder; folder = pending.pop()) {
    const { name: parent, segments: parentSegments, links } = folder;
    attempt(parent, () => {
      const entries = readdirSync(join(root, parent), { withFileTypes: true });
      tree.folders.push(parent);
      for (const entry of entries) {
        const segments = [...parentSegments, entry.name];
        if (isSkipped(segments)) continue;
        const name = parent === '' ? entry.name : `${parent}/${entry.name}`;
        if (entry.isFile()) tree.files.push(name);
        else if (entry.isDirectory()) pending.push({ name, segments, links });
        else if (entry.isSymbolicLink()) {
          tree.links.push(name);
          attempt(name, () => followLink(root, { name, segments, links }, tree.files, pending, guard));
        }
        // Sockets, pipes and devices are not served.
      }
    });
  }
  tree.files.sort(byCodeUnit);
  return tree;
}

interface Folder {
  readonly name: string;
  readonly segments: readonly string[];
  /** The real paths of the linked folders on the way here, by which a loop is found. */
  readonly links: readonly string[];
}

function followLink(
  root: string,
  link: Folder,
  files: string[],
  pending: Folder[],
  guard: LinkGuard | undefined,
): void {
  const path = join(root, link.name);
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP')
      throw unreadable('target of the link', path, error);
    throw new StaticUrlError(
      'LINK_BROKEN',
      `The symbolic link ${quote(path)} leads nowhere (${code}). Mend or remove it.`,
      { cause: error },
    );
  }
  const target = realpathSync(path);
  guard?.(path, target);
  if (stats.isFile()) files.push(link.name);
  if (!stats.isDirectory()) return;
  const inside = realpathSync(join(path, '..'));
  if (link.links.includes(target) || `${inside}/`.startsWith(target === '/' ? target : `${target}/`)) {
    throw new StaticUrlError(
      'LINK_BROKEN',
      `The symbolic link ${quote(path)} leads back into ${quote(target)}, which holds it. Remove it.`,
    );
  }
  pending.push({ ...link, links: [...link.links, target] });
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Makes sure that a root is a folder.
 *
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `FILE_UNREADABLE`
 */
export function requireFolder(root: string): void {
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(root);
  } catch (error) {
    const code = systemErrorCode(error);
    throw code === 'ENOENT'
      ? new StaticUrlError(
          'ROOT_NOT_FOUND',
          `Cannot find the root ${quote(root)} from ${quote(process.cwd())}. Create the folder or correct the path.`,
          { cause: error },
        )
      : unreadable('root', root, error);
  }
  if (stats.isDirectory()) return;
  throw new StaticUrlError(
    'ROOT_NOT_A_FOLDER',
    `The root ${quote(root)} is not a folder. Name the folder that holds the files.`,
  );
}

/** What Node says of a file, or of its text, that is longer than it holds at once. */
const TOO_LONG = new Set(['ERR_FS_FILE_TOO_LARGE', 'ERR_STRING_TOO_LONG']);

/** Why a file or folder could not be read: it vanished meanwhile, it is too long, or the system refused. */
export function describeReadError(kind: 'file' | 'folder', path: string, error: unknown): StaticUrlError {
  const code = systemErrorCode(error);
  if (code !== undefined && TOO_LONG.has(code))
    return new StaticUrlError(
      'FILE_UNREADABLE',
      `The file ${quote(path)} is too long to be read as text (${code}). Move it out of the root, or cut it up.`,
      { cause: error },
    );
  if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR') return unreadable(kind, path, error);
  const advice = path.includes('\u{FFFD}')
    ? 'Its name is probably not valid UTF-8; rename it.'
    : 'Let the build or deploy finish, then try again.';
  return new StaticUrlError(
    'FILE_CHANGED',
    `The ${kind} ${quote(path)} vanished while the tree was being read. ${advice}`,
    { cause: error },
  );
}

function unreadable(kind: string, path: string, error: unknown): StaticUrlError {
  return new StaticUrlError(
    'FILE_UNREADABLE',
    `Cannot read the ${kind} ${quote(path)}: ${systemErrorCode(error) ?? String(error)}. Check its permissions.`,
    { cause: error },
  );
}
