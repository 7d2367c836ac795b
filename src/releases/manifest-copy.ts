import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeDurably } from '../files/durable-files.ts';
import { systemErrorCode } from '../core/errors.ts';
import { readFolder, type Run } from './run.ts';
import { isRunId, runState } from './run-identity.ts';

/**
 * Writes a file outside of the releases folder, whole or not at all. Where that is on another file system, what is not
 * whole yet lies beside it under a name of its own, which a later run removes should this one be killed.
 */
export async function writeManifestCopy(run: Run, file: string, text: string): Promise<void> {
  await removeBroken(file);
  const staged = join(run.staging, 'copy.json');
  await writeDurably(staged, text);
  try {
    await rename(staged, file);
  } catch (error) {
    if (systemErrorCode(error) !== 'EXDEV') throw error;
    await writeBeside(join(dirname(file), `.${basename(file)}.${run.id}`), file, text);
  }
}

async function writeBeside(temporary: string, file: string, text: string): Promise<void> {
  try {
    await writeDurably(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function removeBroken(file: string): Promise<void> {
  const start = `.${basename(file)}.`;
  for (const name of await readFolder(dirname(file))) {
    const id = name.slice(start.length);
    if (name.startsWith(start) && isRunId(id) && runState(id) === 'dead')
      await rm(join(dirname(file), name), { force: true }).catch(() => {});
  }
}
