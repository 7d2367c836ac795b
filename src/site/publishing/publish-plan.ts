import type { TargetObject } from '../targets/target.ts';
import type { Comparison, WantedFile } from './compare-file.ts';
import type { Journal } from './journal.ts';
import type { LocalFile } from './local-site.ts';
import type { LeftObject, PublishedFile, PublishedKind } from './manifest.ts';
import type { RemoteSite } from './remote-site.ts';

/** A file that gets other bytes or headers. */
export interface PlannedWrite {
  readonly wanted: WantedFile;
  readonly action: 'upload' | 'headers';
  readonly reason: string;
  /** What is there; absent for what is new. */
  readonly object: TargetObject | undefined;
}

/** An object that is deleted. */
export interface PlannedDelete {
  readonly key: string;
  readonly size: number;
  /** As listed. */
  readonly tag: string;
  readonly kind: PublishedKind;
  readonly reason: string;
}

/** What a publish is going to do. */
export interface PublishPlan {
  readonly number: number;
  /** In the order of phases. */
  readonly writes: readonly PlannedWrite[];
  /** What stays as it is, with what the manifest is to remember of it. */
  readonly unchanged: ReadonlyMap<string, PublishedFile>;
  /** Assets that no page names any more since this publish. */
  readonly retired: ReadonlyMap<string, LeftObject>;
  readonly deletes: readonly PlannedDelete[];
  /** What is to go later. */
  readonly left: ReadonlyMap<string, LeftObject>;
  /** Objects that are written, and that no publish of this site has made. */
  readonly foreign: readonly string[];
  /** Objects that others have written since, which therefore are not deleted. */
  readonly notOurs: readonly string[];
  /** Whether the manifest has to be written, be it only because others have touched what is as it should be. */
  readonly isManifestOld: boolean;
}

/** What a plan is made of. */
export interface PlanSources {
  readonly wanted: readonly WantedFile[];
  /** What has to be done with each, by its key. */
  readonly comparisons: ReadonlyMap<string, Comparison>;
  /** What is in the target, with what was asked for one by one. */
  readonly remote: RemoteSite;
  readonly keepDays: number;
  readonly keepPublishes: number;
  /** How many objects may be deleted; retired assets that are due wait for the next publish where it would be more. */
  readonly maxDeletes: number;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Decides what a publish does. */
export function planPublish(sources: PlanSources): PublishPlan {
  const { wanted, comparisons, remote } = sources;
  const { objects, manifest, journal } = remote;
  const writes: PlannedWrite[] = [];
  const unchanged = new Map<string, PublishedFile>();
  const foreign: string[] = [];
  for (const each of wanted) {
    const { key } = each.file;
    const comparison = comparisons.get(key);
    const object = objects.get(key);
    if (comparison?.kind === 'upload' || comparison?.kind === 'headers') {
      writes.push({ wanted: each, action: comparison.kind, reason: comparison.reason, object });
      if (object !== undefined && !isKnown(key, remote)) foreign.push(key);
    } else if (object !== undefined) unchanged.set(key, recordOf(each, object));
  }
  const gone = goneObjects(sources);
  const last = manifest?.number ?? 0;
  // What a publish has uploaded that was killed is told by its journal alone.
  const hasChanged =
    writes.length + gone.retired.size + gone.deletes.length > 0 || (journal?.number ?? 0) > last;
  const number = hasChanged || manifest === undefined ? last + 1 : last;
  const { due, waiting } = dueObjects(sources, number, sources.maxDeletes - gone.deletes.length);
  const deletes = [...gone.deletes, ...due];
  return {
    number,
    writes,
    unchanged,
    retired: gone.retired,
    deletes,
    left: waiting,
    foreign,
    notOurs: gone.notOurs,
    isManifestOld:
      writes.length + gone.retired.size + deletes.length > 0 ||
      journal !== undefined ||
      waiting.size !== (manifest?.left.size ?? 0) ||
      gone.notOurs.length > 0 ||
      !isSameAs(unchanged, manifest?.files),
  };
}

/** What the manifest remembers of a file whose object is as it should be. */
export function recordOf({ file, headers }: WantedFile, { tag, revision }: TargetObject): PublishedFile {
  const { md5, size } = file;
  return { md5, size, headers, kind: kindOf(file), tag, revision };
}

/** What is remembered of the place of a file. */
export function kindOf({ isFingerprinted, phase }: LocalFile): PublishedKind {
  return isFingerprinted ? 'fingerprinted' : phase;
}

/** A plan without the deletes of what something else has written meanwhile. */
export function stillOurs(plan: PublishPlan, { objects }: Pick<RemoteSite, 'objects'>): PublishPlan {
  const isOurs = ({ key, tag }: PlannedDelete): boolean => (objects.get(key)?.tag ?? tag) === tag;
  const others = plan.deletes.filter((each) => !isOurs(each)).map(({ key }) => key);
  return { ...plan, deletes: plan.deletes.filter(isOurs), notOurs: [...plan.notOurs, ...others] };
}

/** What caches may have another body of: a new fingerprint is nobody's yet. */
export function purgedKeys({ changed }: Journal, { writes }: PublishPlan): string[] {
  const overwritten = new Set(writes.flatMap(({ object }) => (object === undefined ? [] : [object.key])));
  return [...changed].flatMap(([key, { kind }]) =>
    kind === 'fingerprinted' && !overwritten.has(key) ? [] : [key],
  );
}

/** Whether a publish of this site wrote an object, one that was killed included. */
function isKnown(key: string, { manifest, journal }: RemoteSite): boolean {
  return (
    manifest?.files.has(key) === true ||
    manifest?.left.has(key) === true ||
    journal?.changed.has(key) === true
  );
}

interface Gone {
  readonly retired: Map<string, LeftObject>;
  readonly deletes: PlannedDelete[];
  readonly notOurs: string[];
}

/** What the site no longer has. */
function goneObjects({ wanted, remote }: PlanSources): Gone {
  const { objects, manifest, journal } = remote;
  const keys = new Set(wanted.map(({ file }) => file.key));
  const gone: Gone = { retired: new Map(), deletes: [], notOurs: [] };
  const take = (key: string, object: TargetObject, kind: PublishedKind): void => {
    const { size, tag } = object;
    if (kind === 'fingerprinted') gone.retired.set(key, { size, tag, kind });
    else gone.deletes.push({ key, size, tag, kind, reason: 'not in the site any more' });
  };
  for (const [key, { tag, md5, kind }] of manifest?.files ?? []) {
    const object = objects.get(key);
    if (keys.has(key) || object === undefined) continue;
    // With some targets other headers give another tag.
    const hasSameBytes = object.tag === tag || object.md5 === md5;
    if (hasSameBytes || isInJournal(key, object, journal)) take(key, object, kind);
    else gone.notOurs.push(key);
  }
  for (const [key, { kind }] of journal?.changed ?? []) {
    const object = objects.get(key);
    const isTold = manifest?.files.has(key) === true || manifest?.left.has(key) === true;
    if (keys.has(key) || object === undefined || isTold) continue;
    if (isInJournal(key, object, journal)) take(key, object, kind);
    else gone.notOurs.push(key);
  }
  return gone;
}

/** Whether an object is what a publish that did not end has written; where the target tells no MD5, what has its key is. */
function isInJournal(key: string, { md5 }: TargetObject, journal: Journal | undefined): boolean {
  const written = journal?.changed.get(key);
  return written !== undefined && (md5 === undefined || md5.includes('-') || md5 === written.md5);
}

/** Of what the last publishes left: what goes now, and what waits. */
function dueObjects(
  { wanted, remote: { objects, manifest, now }, keepDays, keepPublishes }: PlanSources,
  number: number,
  room: number,
): { due: PlannedDelete[]; waiting: Map<string, LeftObject> } {
  const keys = new Set(wanted.map(({ file }) => file.key));
  const due: PlannedDelete[] = [];
  const waiting = new Map<string, LeftObject>();
  for (const [key, left] of manifest?.left ?? []) {
    const object = objects.get(key);
    // It has gone, is wanted again, or is another's.
    if (object?.tag !== left.tag || keys.has(key)) continue;
    const { size, tag, kind, retired } = left;
    const isDue =
      retired === undefined ||
      (now !== undefined &&
        now - retired.at >= keepDays * DAY_MILLISECONDS &&
        number - retired.number >= keepPublishes);
    if (isDue && due.length < room)
      due.push({
        key,
        size,
        tag,
        kind,
        reason: retired === undefined ? 'left by an earlier publish' : 'retired long enough',
      });
    else waiting.set(key, left);
  }
  return { due, waiting };
}

function isSameAs(
  one: ReadonlyMap<string, PublishedFile>,
  other: ReadonlyMap<string, PublishedFile> | undefined,
): boolean {
  if (one.size !== other?.size) return false;
  for (const [key, { revision }] of one) if (other.get(key)?.revision !== revision) return false;
  return true;
}
