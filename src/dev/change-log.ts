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
export class ChangeLog {
  readonly #boot = randomBytes(6).toString('hex');
  readonly #memory: number;
  readonly #remembered: Change[] = [];
  #end = 0;

  /** @param memory - how many changes it remembers; a browser that missed more reloads */
  constructor(memory = 100) {
    this.#memory = memory;
  }

  /** Where the log ends now: `<boot>.<number of changes>`. */
  get position(): string {
    return `${this.#boot}.${this.#end}`;
  }

  /** Adds a change and returns the message for browsers that know all before it. */
  append(change: Change): ChangeMessage {
    this.#remembered.push(change);
    if (this.#remembered.length > this.#memory) this.#remembered.shift();
    this.#end += 1;
    return this.#message(this.#end - 1, change);
  }

  /** Says that nothing is missing at the end of the log. */
  ready(): ChangeMessage {
    return this.#message(this.#end, { kind: 'ready' });
  }

  /** What a page at `position` has missed, merged into one message; `undefined` when nothing. */
  since(position: string): ChangeMessage | undefined {
    const [boot, end] = position.split('.');
    const missed = boot === this.#boot ? this.#end - Number(end) : Number.NaN;
    if (missed === 0) return undefined;
    if (!(missed > 0 && missed <= this.#remembered.length)) return this.#message(0, { kind: 'reload' });
    return this.#message(this.#end - missed, mergeChanges(this.#remembered.slice(-missed)));
  }

  #message(from: number, change: Change | { readonly kind: 'ready' }): ChangeMessage {
    return { boot: this.#boot, from, to: this.#end, ...change };
  }
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
