import { isPersonal, type Refusal, type StoringReasonName } from './storing/reasons.ts';

const MINUTE_MILLISECONDS = 60_000;
/** For what passes as soon as a server answers again. */
const MOMENT_MILLISECONDS = 1000;
/** A flood of refused URLs takes no more memory than this. */
const MOST_REMEMBERED = 10_000;
/** After so many personal refusals in a row, a pattern is taken for personal. */
const STREAK = 5;
/** Of a pattern that is taken for personal, one miss in so many tries again. */
const TRY_EVERY = 100;
/** They say nothing about the page. */
const OF_THE_MOMENT: readonly StoringReasonName[] = [
  'BUSY',
  'OVERTAKEN',
  'PRELOADING',
  'STORE_FULL',
  'ABANDONED',
  'NO_APP',
];

interface PatternState {
  personalInRow: number;
  misses: number;
  refusal: Refusal;
}

/** Remembers what was refused, so that no page is rendered again and again for nothing (hit-for-miss). */
export class RefusalMemory {
  readonly #pages = new Map<string, { readonly refusal: Refusal; readonly until: number }>();
  readonly #patterns = new Map<number, PatternState>();

  /** Why a page need not be rendered for the store; `undefined` when it is to be tried. */
  remembered(url: string, pattern: number): Refusal | undefined {
    const known = this.#pages.get(url);
    if (known !== undefined) {
      if (known.until > performance.now()) return known.refusal;
      this.#pages.delete(url);
    }
    const state = this.#patterns.get(pattern);
    if (state === undefined || state.personalInRow < STREAK) return undefined;
    state.misses += 1;
    return state.misses % TRY_EVERY === 0 ? undefined : state.refusal;
  }

  /** @param passes - whether it says nothing of the page, and may have passed in a moment */
  noteRefusal(url: string, pattern: number, refusal: Refusal, passes = false): void {
    if (OF_THE_MOMENT.includes(refusal.reason)) return;
    if (this.#pages.size >= MOST_REMEMBERED) {
      const [oldest = ''] = this.#pages.keys();
      this.#pages.delete(oldest);
    }
    const milliseconds = passes ? MOMENT_MILLISECONDS : MINUTE_MILLISECONDS;
    this.#pages.set(url, { refusal, until: performance.now() + milliseconds });
    if (!isPersonal(refusal)) return;
    const { personalInRow = 0, misses = 0 } = this.#patterns.get(pattern) ?? {};
    this.#patterns.set(pattern, { personalInRow: personalInRow + 1, misses, refusal });
  }

  noteStored(url: string, pattern: number): void {
    this.#pages.delete(url);
    this.#patterns.delete(pattern);
  }

  /** Forgets everything: all pages may have changed. */
  clear(): void {
    this.#pages.clear();
    this.#patterns.clear();
  }

  /** Forgets a page that something has changed. */
  forget(url: string): void {
    this.#pages.delete(url);
  }
}
