import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { createRunId, isRunId, runState } from '../../files/run-id.ts';
import type { Target, TargetContent, WriteCondition, Written } from '../targets/target.ts';
import { heedsConditions, isConditional, type ConditionalTarget } from './conditional-target.ts';
import { jsonContent } from './content.ts';
import { CONTROL_HEADERS, LOCK_KEY } from './control-objects.ts';
import { parseRecord } from './manifest.ts';

/** A publish beats as often as this within the time of its lock. */
const BEATS = 4;

/** How often the lock of another is looked at, in milliseconds. */
const LOOK_MILLISECONDS = 1000;

/** Keeps others from publishing to a target at the same time. */
export interface PublishLock {
  /**
   * Makes sure that the lock is still held.
   *
   * @throws {@link StaticUrlError} `PUBLISH_LOCKED` when another publish has taken it over
   */
  check(): Promise<void>;
  /** The same, without asking the target where it was asked a moment ago. */
  checkLately(): Promise<void>;
  release(): Promise<void>;
}

/** For a target that is not locked. */
export const NO_LOCK: PublishLock = {
  check: async () => {},
  checkLately: async () => {},
  release: async () => {},
};

/** Who holds a lock, as its object tells. */
interface Holder {
  readonly run: string;
  readonly process: number;
  readonly host: string;
  readonly since: string;
  /** How long it may go without a beat, in seconds. */
  readonly seconds: number;
}

/**
 * Locks a target: the lock is an object, created only if it is not there, that its holder writes anew again and again. One that does not
 * change for its time, by the clock of who waits, is taken over.
 *
 * @param seconds - how long the lock stays when this process is killed
 * @throws {@link StaticUrlError} `PUBLISH_LOCKED`; `PUBLISH_REFUSED` where the target has no conditional writes
 */
export async function lockTarget(target: Target, seconds: number): Promise<PublishLock> {
  if (!isConditional(target)) throw withoutConditions(target);
  const holder: Holder = {
    run: createRunId(),
    process: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    seconds,
  };
  for (;;) {
    let began = performance.now();
    let written = await writeLock(target, holder, 0, { absent: true });
    if (written === undefined) {
      const found = await readLock(target);
      if (found === undefined) continue;
      await waitForEnd(target, found);
      began = performance.now();
      written = await writeLock(target, holder, 0, { tag: found.tag });
    }
    if (written !== undefined) return heldLock(new HeldLock(target, holder, written, began));
  }
}

/** A lock that was written, once the target has shown that it would refuse it to others. */
async function heldLock(lock: HeldLock): Promise<PublishLock> {
  try {
    await lock.prove();
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function withoutConditions({ name }: Target): StaticUrlError {
  return new StaticUrlError(
    'PUBLISH_REFUSED',
    `${quote(name)} has no conditional writes, by which a lock would keep two publishes apart. If nothing else publishes there at the same time, leave the lock out: "lock: false" (--no-lock).`,
  );
}

async function writeLock(
  target: ConditionalTarget,
  holder: Holder,
  beat: number,
  condition: WriteCondition,
): Promise<Written | undefined> {
  return target.writeIf(LOCK_KEY, lockContent(holder, beat), CONTROL_HEADERS, condition);
}

/** Each beat has another text, so that others see it by its tag. */
function lockContent(holder: Holder, beat: number): TargetContent {
  return jsonContent({ ...holder, beat });
}

interface FoundLock {
  readonly holder: Partial<Holder>;
  readonly tag: string;
}

async function readLock(target: Target): Promise<FoundLock | undefined> {
  const found = await target.read(LOCK_KEY);
  if (found === undefined) return undefined;
  // One that cannot be read is waited for all the same.
  return { holder: parseRecord(Buffer.from(found.bytes).toString('utf8')) ?? {}, tag: found.tag };
}

/**
 * Returns when the lock of another no longer beats.
 *
 * @throws {@link StaticUrlError} `PUBLISH_LOCKED` when it does
 */
async function waitForEnd(target: Target, { holder, tag }: FoundLock): Promise<void> {
  const { run, seconds } = holder;
  // On this host the process itself can be asked for.
  if (typeof run === 'string' && isRunId(run) && runState(run) === 'dead') return;
  const patience = (typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, 3600) : 60) * 1000;
  const end = performance.now() + patience;
  while (performance.now() < end) {
    await wait(Math.min(LOOK_MILLISECONDS, patience / BEATS / 2));
    const found = await readLock(target);
    if (found === undefined) return;
    if (found.tag !== tag) throw lockedBy(target, found.holder);
  }
}

function lockedBy({ name }: Target, { process: id, host, since }: Partial<Holder>): StaticUrlError {
  return new StaticUrlError(
    'PUBLISH_LOCKED',
    `Another publish to ${quote(name)} is under way: process ${String(id)} on ${quote(host)}, since ${String(since)}. Wait until it is done, or end that process.`,
  );
}

/** A lock that this process holds. */
class HeldLock implements PublishLock {
  readonly #target: ConditionalTarget;
  readonly #holder: Holder;
  readonly #timer: NodeJS.Timeout;
  #tag: string;
  /** When the last beat that arrived was sent. */
  #beaten: number;
  #beats = 0;
  #lost: StaticUrlError | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(target: ConditionalTarget, holder: Holder, { tag }: Written, began: number) {
    this.#target = target;
    this.#holder = holder;
    this.#tag = tag;
    this.#beaten = began;
    // Only keeps the lock; who writes checks it.
    this.#timer = setInterval(() => void this.check().catch(() => {}), this.#patience / BEATS);
    this.#timer.unref();
  }

  get #patience(): number {
    return this.#holder.seconds * 1000;
  }

  /**
   * Makes sure that the target would refuse the lock to others.
   *
   * @throws {@link StaticUrlError} `PUBLISH_REFUSED` where it would not
   */
  async prove(): Promise<void> {
    const [first, tag] = [lockContent(this.#holder, 0), this.#tag];
    await this.check();
    if (!(await heedsConditions(this.#target, LOCK_KEY, first, CONTROL_HEADERS, tag)))
      throw withoutConditions(this.#target);
  }

  async check(): Promise<void> {
    const turn = this.#last.then(async () => this.#beat());
    this.#last = turn.catch(() => {});
    return turn;
  }

  async checkLately(): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    // Half of the time is left for the write that follows.
    if (performance.now() - this.#beaten > this.#patience / 2) await this.check();
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#last;
    if (this.#lost !== undefined) return;
    // Another may hold it by now, if this process was held up.
    if (performance.now() - this.#beaten > this.#patience / 2) await this.check().catch(() => {});
    // Where it cannot be deleted, the next publish waits for its time.
    if (this.#lost === undefined) await this.#target.delete(LOCK_KEY).catch(() => {});
  }

  async #beat(): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    const began = performance.now();
    const written = await writeLock(this.#target, this.#holder, (this.#beats += 1), { tag: this.#tag });
    if (written !== undefined) {
      this.#tag = written.tag;
      this.#beaten = began;
      return;
    }
    this.#lost = await this.#describeLoss();
    throw this.#lost;
  }

  async #describeLoss(): Promise<StaticUrlError> {
    const found = await readLock(this.#target).catch(() => undefined);
    const { process: id, host } = found?.holder ?? {};
    const by = found === undefined ? '' : `, by process ${String(id)} on ${quote(host)}`;
    return new StaticUrlError(
      'PUBLISH_LOCKED',
      `The lock of this publish to ${quote(this.#target.name)} was taken away${by}: it had not been renewed for ${this.#holder.seconds} seconds, or somebody deleted it. What was uploaded stays, nothing was deleted. Publish again.`,
    );
  }
}
