import { inParallel } from '../../core/in-parallel.ts';
import { matchesMd5 } from '../targets/multipart-md5.ts';
import type { StoredObject, Target } from '../targets/target.ts';
import { compareListed, compareStored, type Comparison, type WantedFile } from './compare-file.ts';
import type { LocalFile } from './local-site.ts';
import type { PublishedFile } from './manifest.ts';
import type { RemoteSite } from './remote-site.ts';

/** Objects that were asked for, by their keys: as long as their revision is the same, they need not be asked for again. */
export type AskedObjects = Map<string, { readonly revision: string; readonly stored: StoredObject }>;

/** What decides how a site is compared. */
export interface CompareOptions {
  readonly ignoreRemote: boolean;
  readonly parallel: number;
}

/** Finds out what has to be done with each file; only objects of which the listing does not tell are asked for. */
export async function compareSite(
  wanted: readonly WantedFile[],
  { objects, manifest }: RemoteSite,
  target: Target,
  { ignoreRemote, parallel }: CompareOptions,
  known: AskedObjects,
): Promise<ReadonlyMap<string, Comparison>> {
  const comparisons = new Map<string, Comparison>();
  const asked: WantedFile[] = [];
  const decide = (key: string, comparison: Comparison): void => {
    const isRewritten = comparison.kind === 'headers' && target.setHeaders === undefined;
    comparisons.set(key, isRewritten ? { ...comparison, kind: 'upload' } : comparison);
  };
  for (const each of wanted) {
    const { key } = each.file;
    const comparison: Comparison = ignoreRemote
      ? { kind: 'upload', reason: 'the target is not trusted' }
      : compareListed(each, objects.get(key), manifest?.files.get(key));
    if (comparison.kind === 'ask') asked.push(each);
    else decide(key, comparison);
  }
  await inParallel(
    asked,
    async (each) => {
      const { key } = each.file;
      const revision = objects.get(key)?.revision ?? '';
      const before = known.get(key);
      const stored = before?.revision === revision ? before.stored : await target.inspect(key);
      if (stored !== undefined) known.set(key, { revision, stored });
      const record = manifest?.files.get(key);
      const hasSameBytes = stored !== undefined && (await isSameContent(each.file, stored, record));
      decide(key, compareStored(each, stored, record, hasSameBytes));
    },
    parallel,
  );
  return comparisons;
}

async function isSameContent(
  file: LocalFile,
  { tag, size, md5 }: StoredObject,
  record: PublishedFile | undefined,
): Promise<boolean> {
  if (size !== file.size) return false;
  if (record?.tag === tag) return record.md5 === file.md5;
  return md5 !== undefined && (await matchesMd5(file, size, md5));
}
