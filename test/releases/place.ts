import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { SITE } from './tree.ts';

/** A site, and where its releases go. */
export interface Place {
  readonly root: string;
  readonly releases: string;
  readonly folder: string;
}

/** Writes a site into a temporary folder; `releases` is not there yet. */
export async function createPlace(t: ExecutionContext, files: Files = SITE): Promise<Place> {
  const folder = await temporaryFolder(t);
  await writeFiles(join(folder, 'public'), files);
  return { folder, root: join(folder, 'public'), releases: join(folder, 'releases') };
}
