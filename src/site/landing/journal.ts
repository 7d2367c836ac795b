import { unlink } from 'node:fs/promises';
import type { FileRecord } from './planned-file.ts';
import { createPace } from './pace.ts';
import type { SiteLayout } from './site-layout.ts';
import type { SiteTree } from './site-tree.ts';
import { readState, writeState, type SiteState } from './state-file.ts';

/**
 * The state of a site. Where a landing was killed, its journal is there too, and what has landed counts as what exports
 * wrote; a planned file that has not, is not ours: somebody else's may have its name.
 *
 * @param tree - what is in the site's folder now
 */
export async function settleJournal(
  layout: SiteLayout,
  tree: SiteTree,
  temporary: string,
): Promise<SiteState> {
  const state = await readState(layout.state);
  const journal = await readState(layout.journal);
  if (journal === undefined) return state ?? { settings: undefined, files: new Map<string, FileRecord>() };
  const pace = createPace();
  const files = new Map(state?.files);
  for (const [name, record] of journal.files) {
    if (tree.holds(name, record)) files.set(name, record);
    await pace();
  }
  const isOfOneKind = state === undefined || state.settings === journal.settings;
  const settings = isOfOneKind ? journal.settings : undefined;
  await writeState(layout.state, settings, files, files.size, temporary);
  await unlink(layout.journal);
  return { settings, files };
}
