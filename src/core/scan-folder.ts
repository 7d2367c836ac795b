import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from './errors.ts';
import { quote } from './options.ts';
import { hasDotfile, type DotfileRule } from './request-path.ts';

/**
 * Lists the files under a root by their names relative to it, with `/` between segments, sorted by code unit:
 * the same list on every host, whatever its locale and the order of its folders.
 *
 * Links are followed. Names that start with a dot are left out unless the rule allows them.
 *
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `FILE_UNREADABLE`, `FILE_CHANGED`, `LINK_BROKEN`
 */
export function scanFolder(root: string, rule: DotfileRule): string[] {
  requireFolder(root);
  const files: string[] = [];
  const pending: Folder[] = [{ name: '', segments: [], links: [] }];
  for (let folder = pending.pop(); folder; folder = pending.pop()) {
    for (const entry of entriesOf(root, folder.name)) {
      const segments = [...folder.segments, entry.name];
      if (hasDotfile(segments, rule)) continue;
      const name = folder.name === '' ? entry.name : `${folder.name}/${entry.name}`;
      if (entry.isFile()) files.push(name);
      else if (entry.isDirectory()) pending.push({ name, segments, links: folder.links });
      else if (entry.isSymbolicLink())
        followLink(root, { name, segments, links: folder.links }, files, pending);
      // Sockets, pipes and devices are no files that a server would send.
    }
  }
  return files.toSorted(byCodeUnit);
}

interface Folder {
  readonly name: string;
  readonly segments: readonly string[];
  /** The real paths of the linked folders on the way here, by which a loop is found. */
  readonly links: readonly string[];
}

function followLink(root: string, link: Folder, files: string[], pending: Folder[]): void {
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
  if (stats.isFile()) files.push(link.name);
  if (!stats.isDirectory()) return;
  const target = realpathSync(path);
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

function entriesOf(root: string, name: string): Dirent[] {
  const path = join(root, name);
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw describeReadError('folder', path, error);
  }
}

/** What went wrong while a tree was read, told apart: vanished meanwhile, or refused. */
export function describeReadError(kind: 'file' | 'folder', path: string, error: unknown): StaticUrlError {
  const code = systemErrorCode(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR') return unreadable(kind, path, error);
  const advice = path.includes('\u{FFFD}')
    ? 'Its name is probably not valid UTF-8; rename it.'
    : 'Let the build or deploy finish, then try again.';
  return new StaticUrlError(
    'FILE_CHANGED',
    `The ${kind} ${quote(path)} vanished while the tree was being read. ${advice}`,
    {
      cause: error,
    },
  );
}

function unreadable(kind: string, path: string, error: unknown): StaticUrlError {
  return new StaticUrlError(
    'FILE_UNREADABLE',
    `Cannot read the ${kind} ${quote(path)}: ${systemErrorCode(error) ?? String(error)}. Check its permissions.`,
    { cause: error },
  );
}
