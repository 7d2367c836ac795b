import { randomBytes } from 'node:crypto';
import { mergeChanges, type Change } from '../files/watch/change-batch.ts';

/** What browsers are told: how to get from one place in the log to another. */
export type ChangeMessage = {
  /** Which start of the server counts these numbers; a page that knows another one is out of date. */
  readonly boot: string;
  readonly from: number;
  readonly to: number;
} & (Change | { readonly kind: 'ready' });

/** The changes since the server's start, numbered. */
export interface ChangeLog {
  /** Where the log ends now: `<boot>.<number of changes>`. */
  readonly position: string;
  /** Adds a change and returns what to tell those who know all before it. */
  append(change: Change): ChangeMessage;
  /** Says that nothing is missing at the end of the log. */
  ready(): ChangeMessage;
  /** What somebody missed who was at `position`, all in one; `undefined` when nothing. */
  since(position: string): ChangeMessage | undefined;
}

/**
 * Creates an empty log.
 *
 * @param memory - how many changes it remembers; whoever missed more is told to reload
 */
export function createChangeLog(memory = 100): ChangeLog {
  const boot = randomBytes(6).toString('hex');
  const remembered: Change[] = [];
  let end = 0;
  return {
    get position() {
      return `${boot}.${end}`;
    },
    append(change) {
      remembered.push(change);
      if (remembered.length > memory) remembered.shift();
      end += 1;
      return { boot, from: end - 1, to: end, ...change };
    },
    ready: () => ({ boot, from: end, to: end, kind: 'ready' }),
    since(position) {
      const [itsBoot, itsEnd] = position.split('.');
      const missed = itsBoot === boot ? end - Number(itsEnd) : Number.NaN;
      if (missed === 0) return undefined;
      if (!(missed > 0 && missed <= remembered.length)) return { boot, from: 0, to: end, kind: 'reload' };
      return { boot, from: end - missed, to: end, ...mergeChanges(remembered.slice(-missed)) };
    },
  };
}
