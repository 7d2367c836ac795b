import { isCount, isKind, parseRecord, type PublishedFile } from './manifest.ts';

const FORMAT = 1;

/** What a publish is about to do; it is there for as long as something of that is open. */
export interface Journal {
  /** Whose site it is: its URL. */
  readonly owner: string;
  /** Of the publish. If the manifest has it too, all is uploaded, and purge, verification or deletes are open. */
  readonly number: number;
  /** The keys that get other bytes or headers. */
  readonly changed: ReadonlyMap<string, Pick<PublishedFile, 'md5' | 'kind'>>;
  /** The keys that are deleted. */
  readonly deleted: readonly string[];
}

/** A journal as text. */
export function formatJournal({ owner, number, changed, deleted }: Journal): string {
  const list = [...changed].map(([key, { md5, kind }]) => [key, md5, kind]);
  return `${JSON.stringify({ staticUrlJournal: FORMAT, owner, number, changed: list, deleted })}\n`;
}

/** Reads what {@link formatJournal} wrote; `undefined` for anything else. */
export function parseJournal(text: string): Journal | undefined {
  const value = parseRecord(text);
  const { owner, number, changed, deleted } = value ?? {};
  if (
    value?.['staticUrlJournal'] !== FORMAT ||
    typeof owner !== 'string' ||
    !isCount(number) ||
    !Array.isArray(changed) ||
    !Array.isArray(deleted)
  )
    return undefined;
  const keys = new Map<string, Pick<PublishedFile, 'md5' | 'kind'>>();
  for (const each of changed) {
    const [key, md5, kind]: readonly unknown[] = Array.isArray(each) ? each : [];
    if (typeof key !== 'string' || typeof md5 !== 'string' || !isKind(kind)) return undefined;
    keys.set(key, { md5, kind });
  }
  return { owner, number, changed: keys, deleted: deleted.filter((key) => typeof key === 'string') };
}
