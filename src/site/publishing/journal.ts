import { isCount, parseRecord } from './manifest.ts';

const FORMAT = 1;

/** What a publish is about to do; it is there for as long as something of that is open. */
export interface Journal {
  /** Whose site it is: its URL. */
  readonly owner: string;
  /** Of the publish. If the manifest has it too, all is uploaded, and purge, verification or deletes are open. */
  readonly number: number;
  /** The keys that get other bytes or headers: the MD5 of each, and whether its name is a fingerprint's. */
  readonly changed: ReadonlyMap<string, { readonly md5: string; readonly isFingerprinted: boolean }>;
  /** The keys that are deleted. */
  readonly deleted: readonly string[];
}

/** A journal as text. */
export function formatJournal({ owner, number, changed, deleted }: Journal): string {
  const list = [...changed].map(([key, { md5, isFingerprinted }]) => [key, md5, Number(isFingerprinted)]);
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
  const keys = new Map<string, { md5: string; isFingerprinted: boolean }>();
  for (const each of changed) {
    const [key, md5, fingerprinted]: readonly unknown[] = Array.isArray(each) ? each : [];
    if (typeof key !== 'string' || typeof md5 !== 'string') return undefined;
    keys.set(key, { md5, isFingerprinted: fingerprinted === 1 });
  }
  return { owner, number, changed: keys, deleted: deleted.filter((key) => typeof key === 'string') };
}
