import { execFileSync } from 'node:child_process';
import fs, { statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, mkdir, realpath, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/**
 * A folder of a file system that keeps whole seconds, as ext3 does: one of its own where that can be mounted, which takes
 * root. Elsewhere this process sees all files as it would see them there.
 */
export async function coarseFolder(t: ExecutionContext): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'static-url-')));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const [image, disk] = [join(folder, 'image'), join(folder, 'disk')];
  await mkdir(disk);
  writeFileSync(image, '');
  truncateSync(image, 4 * 1024 * 1024);
  try {
    execFileSync('mkfs.ext4', ['-q', '-I', '128', image], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'loop', image, disk], { stdio: 'pipe' });
    t.teardown(() => void execFileSync('umount', ['--lazy', disk]));
  } catch {
    await seeWholeSeconds(image);
  }
  return disk;
}

/**
 * Does something within one step of a file's times, so that they do not show it.
 *
 * @param prepare - done when a step has just begun; the file is there afterwards
 * @param change - changes the file
 */
export async function withinStep<Prepared>(
  file: string,
  prepare: () => Promise<Prepared>,
  change: (prepared: Prepared) => Promise<void> | void,
): Promise<Prepared> {
  for (;;) {
    const second = Math.floor(Date.now() / 1000);
    while (Math.floor(Date.now() / 1000) === second) await new Promise(setImmediate);
    const prepared = await prepare();
    const { ctimeMs } = statSync(file);
    await change(prepared);
    if (statSync(file).ctimeMs === ctimeMs) return prepared;
  }
}

type Times = Pick<fs.Stats, 'mtimeMs' | 'ctimeMs'>;

function see<Seen extends Times | undefined>(stats: Seen): Seen {
  if (stats === undefined) return stats;
  const [mtimeMs, ctimeMs] = [stats.mtimeMs, stats.ctimeMs].map((time) => Math.floor(time / 1000) * 1000);
  return Object.assign(stats, { mtimeMs, ctimeMs });
}

/** @param file - any that is there */
async function seeWholeSeconds(file: string): Promise<void> {
  const { statSync: stat, fstatSync: fstat } = fs;
  const { stat: statLater } = fs.promises;
  Object.assign(fs, {
    statSync: (...given: Parameters<typeof stat>) => see(stat(...given) as fs.Stats | undefined),
    fstatSync: (...given: Parameters<typeof fstat>) => see(fstat(...given) as fs.Stats),
  });
  Object.assign(fs.promises, {
    stat: async (...given: Parameters<typeof statLater>) => see((await statLater(...given)) as fs.Stats),
  });
  syncBuiltinESMExports();
  const handle = await fs.promises.open(file);
  const prototype = Object.getPrototypeOf(handle) as { stat: () => Promise<fs.Stats> };
  const { stat: statOpen } = prototype;
  prototype.stat = async function statHandle() {
    return see(await statOpen.call(this));
  };
  await handle.close();
}
