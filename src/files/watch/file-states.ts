import { statSync } from 'node:fs';

/** Files of which somebody wants to know whether they have changed. */
export interface FileStates {
  /** Takes down how these files are now, and forgets all others. */
  follow(paths: Iterable<string>): void;
  /** Which of the files have changed, have come or have gone since they were last looked at. */
  changed(): string[];
}

/** Follows no files yet. A folder counts as missing. */
export function createFileStates(): FileStates {
  let states = new Map<string, string>();
  return {
    follow(paths) {
      states = new Map([...paths].map((path) => [path, stateOf(path)]));
    },
    changed() {
      const before = states;
      states = new Map([...before.keys()].map((path) => [path, stateOf(path)]));
      return [...states].filter(([path, state]) => state !== before.get(path)).map(([path]) => path);
    },
  };
}

function stateOf(path: string): string {
  try {
    const stats = statSync(path);
    // Not the time of its status: rights, or another name for the file, make no difference to pages.
    return stats.isFile() ? `${stats.dev}:${stats.ino}:${stats.mtimeMs}:${stats.size}` : '';
  } catch {
    return ''; // gone, or not for us to see
  }
}
