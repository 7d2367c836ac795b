import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BenchContext } from './report.ts';

/** A folder of its own for a bench, by its real path, removed when the bench ends. */
export async function temporaryFolder({ teardown }: BenchContext): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'static-url-bench-')));
  teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file, with the folders it needs. */
export async function writeAsset(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** A stylesheet of just so many bytes. */
export function stylesheet(bytes: number): string {
  let css = '';
  for (let number = 0; css.length < bytes; number += 1) {
    css += `.card-${number} { margin: ${number % 17}px; color: #${(number * 7919).toString(16).padStart(6, '0')}; }\n`;
  }
  return `${css.slice(0, bytes - 1)}\n`;
}
