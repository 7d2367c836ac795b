import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import type { Target, TargetObject } from '../targets/target.ts';
import { CONTROL_FOLDER, JOURNAL_KEY, MANIFEST_KEY } from './control-objects.ts';
import { parseJournal, type Journal } from './journal.ts';
import { parseManifest, type Manifest } from './manifest.ts';

/** What is in a target. */
export interface RemoteSite {
  /** All objects by their keys, but those that a publish keeps for itself. */
  readonly objects: ReadonlyMap<string, TargetObject>;
  /** What the last whole publish left. */
  readonly manifest: Manifest | undefined;
  /** What the last publish did not finish. */
  readonly journal: Journal | undefined;
  /** A time by the target's own clock that has passed, in milliseconds since 1970. */
  readonly now: number | undefined;
}

/** The listing of a target. */
export interface Listing extends Pick<RemoteSite, 'objects' | 'now'> {
  /** The keys of what a publish keeps for itself. */
  readonly control: ReadonlySet<string>;
}

/** Lists a target. */
export async function listTarget(target: Target, onProgress: (done: number) => void): Promise<Listing> {
  const objects = new Map<string, TargetObject>();
  const control = new Set<string>();
  let now: number | undefined;
  let count = 0;
  for await (const object of target.list()) {
    if ((count += 1) % 1000 === 0) onProgress(count);
    if (object.key.startsWith(CONTROL_FOLDER)) {
      control.add(object.key);
      // Ours alone: others may write the past or the future into theirs.
      now = Math.max(now ?? 0, object.modifiedAt);
    } else objects.set(object.key, object);
  }
  return { objects, control, now };
}

/**
 * Reads what is in a target.
 *
 * @param trustsNothing - whether a manifest that cannot be read counts as none
 * @throws {@link StaticUrlError} `PUBLISH_REFUSED` for a manifest that is none
 */
export async function readRemoteSite(
  target: Target,
  trustsNothing: boolean,
  onProgress: (done: number) => void,
): Promise<RemoteSite> {
  const { objects, control, now } = await listTarget(target, onProgress);
  const readControl = async <Value>(
    key: string,
    parse: (text: string) => Value | undefined,
  ): Promise<Value | undefined> => {
    const found = control.has(key) ? await target.read(key) : undefined;
    if (found === undefined) return undefined;
    const value = parse(Buffer.from(found.bytes).toString('utf8'));
    if (value === undefined && !trustsNothing)
      throw new StaticUrlError(
        'PUBLISH_REFUSED',
        `${quote(key)} in ${quote(target.name)} is damaged, or of another version of static-url; nothing was changed. It tells what is in the target. To upload everything and begin a new one, use "ignoreRemote" (--ignore-remote): then nothing is deleted that this site no longer has.`,
      );
    return value;
  };
  return {
    objects,
    now,
    manifest: await readControl(MANIFEST_KEY, parseManifest),
    journal: await readControl(JOURNAL_KEY, parseJournal),
  };
}
