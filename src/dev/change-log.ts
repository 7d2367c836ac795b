import { randomBytes } from 'node:crypto';

/** What open pages must do about changed files. */
export type Change =
  | { readonly kind: 'reload' }
  /** Swap these stylesheets, named relative to their root. */
  | { readonly kind: 'css'; readonly assets: readonly string[] };

/** What browsers receive: how to get from one position in the log to another. */
export type ChangeMessage = {
  /** Identifies this start of the server; a page that knows another one is out of date. */
  readonly boot: string;
  readonly from: number;
  readonly to: number;
} & (Change | { readonly kind: 'ready' });

/** The changes since the server's start, numbered. */
export interface ChangeLog {
  /** Where the log ends now: `<boot>.<number of changes>`. */
  readonly position: string;
  /** Adds a change and returns the message for browsers that know all before it. */
  append(change: Change): ChangeMessage;
  /** Says that nothing is missing at the end of the log. */
  ready(): ChangeMessage;
  /** What a page at `position` has missed, merged into one message; `undefined` when nothing. */
  since(position: string): ChangeMessage | undefined;
}

/**
 * Creates an empty log.
 *
 * @param memory - how many changes it remembers; a browser that missed more reloads
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

/** One change with the effect of all. */
export function mergeChanges(changes: readonly Change[]): Change {
  const assets = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'reload') return change;
    for (const asset of change.assets) assets.add(asset);
  }
  return { kind: 'css', assets: [...assets] };
}
