import { copyFileSync, createReadStream, statSync, chmodSync, constants } from 'node:fs';
import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../../core/hash.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { FILE_MODE } from '../../files/durable-files.ts';
import type { SiteFolder } from '../landing/index.ts';
import { makeFolderOf } from '../rendering/page-writer.ts';
import type { PlannedSite } from './planned-site.ts';
import type { StaticFile } from './static-files.ts';

/** Copies files into the staging folder, but for those whose bytes stand in the site already. */
export async function stageCopies(
  files: readonly StaticFile[],
  folder: SiteFolder,
  plan: PlannedSite,
  hashes: XXHashAPI,
  onDone: () => void,
): Promise<void> {
  await inParallel(files, async (file) => {
    await stageCopy(file, folder, plan, hashes);
    onDone();
  });
}

async function stageCopy(
  { name, source, phase, isFingerprinted }: StaticFile,
  folder: SiteFolder,
  plan: PlannedSite,
  hashes: XXHashAPI,
): Promise<void> {
  const { size, mtimeMs, ino } = statSync(source);
  const looks = isFingerprinted ? `${size}` : `${size} ${mtimeMs} ${ino}`;
  const before = folder.previous.get(name);
  const isThere = before !== undefined && folder.isAsWritten(name);
  if (isThere && before.source === looks) {
    plan.add({ name, record: { ...before, phase }, staged: undefined });
    return;
  }
  const digest = await digestOf(source, hashes);
  if (isThere && before.digest === digest && before.size === size) {
    plan.add({ name, record: { ...before, phase, source: looks }, staged: undefined });
    return;
  }
  const staged = folder.stagedPath(name);
  makeFolderOf(staged);
  copyFileSync(source, staged, constants.COPYFILE_FICLONE);
  chmodSync(staged, FILE_MODE);
  const copied = statSync(staged);
  plan.add({
    name,
    record: { phase, digest, size: copied.size, mtimeMs: copied.mtimeMs, source: looks },
    staged,
  });
}

async function digestOf(file: string, hashes: XXHashAPI): Promise<string> {
  const hash = hashes.create64();
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) hash.update(piece);
  return hexadecimal(hash.digest());
}
