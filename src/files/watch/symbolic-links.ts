import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The symbolic links that lie directly in some folders. */
export function linksIn(folders: Iterable<string>): string[] {
  return [...folders].flatMap((folder) => {
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isSymbolicLink())
        .map(({ name }) => join(folder, name));
    } catch {
      return []; // gone, or not for us to see
    }
  });
}
