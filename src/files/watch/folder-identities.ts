import { statSync } from 'node:fs';

/** What tells a folder from another one that has taken its place. */
type Identities = ReadonlyMap<string, string>;

/** Takes down which folders these paths are now; a path that is not there is none. */
export function identifyFolders(paths: Iterable<string>): Identities {
  return new Map([...paths].map((path) => [path, identityOf(path)]));
}

/** Whether one of the folders has gone, or another has taken its place: the system's watch on it is deaf then. */
export function haveMoved(folders: Identities): boolean {
  return [...folders].some(([path, identity]) => identityOf(path) !== identity);
}

function identityOf(path: string): string {
  try {
    const { dev, ino, birthtimeMs } = statSync(path);
    // A file system may give a new folder the number of the one that was just removed.
    return `${dev}:${ino}:${birthtimeMs}`;
  } catch {
    return ''; // gone, or a file stands where a folder above it was
  }
}
