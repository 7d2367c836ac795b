import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './if-there.ts';
import { inParallel } from './in-parallel.ts';
import { PARALLEL_FILES } from './release-layout.ts';

/** How many bytes removing some folders gives back: of files with several names, only if all of them go. */
export async function freedBytes(folders: readonly string[]): Promise<number> {
  const files = new Map<string, { readonly size: number; readonly links: number; seen: number }>();
  await inParallel(folders, PARALLEL_FILES, async (folder) => {
    for (const file of await listFiles(folder)) {
      const stats = await ifThere(stat(file));
      if (stats === undefined) continue;
      const key = `${stats.dev}:${stats.ino}`;
      const known = files.get(key);
      if (known) known.seen += 1;
      else files.set(key, { size: stats.size, links: stats.nlink, seen: 1 });
    }
  });
  let bytes = 0;
  for (const { size, links, seen } of files.values()) if (seen >= links) bytes += size;
  return bytes;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = (await ifThere(readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
