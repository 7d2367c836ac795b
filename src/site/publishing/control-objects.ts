/** What a publish keeps in the target for itself, below this. */
export const CONTROL_FOLDER = '.static-url/';

/** What the last whole publish left. */
export const MANIFEST_KEY: string = `${CONTROL_FOLDER}manifest.json`;

/** What a publish is about to do; gone once all is done. */
export const JOURNAL_KEY: string = `${CONTROL_FOLDER}journal.json`;

/** Who is publishing at the moment. */
export const LOCK_KEY: string = `${CONTROL_FOLDER}lock.json`;

/** What they are written with: no cache may keep them. */
export const CONTROL_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
};
