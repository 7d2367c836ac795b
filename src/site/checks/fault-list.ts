import { countText } from '../../core/text.ts';
import type { FindingSeverity, SiteFinding, SiteFindingKind } from '../site.ts';
import { LISTED } from './site-under-check.ts';

/** What is wrong in the same way at several places. */
export interface Fault {
  readonly kind: SiteFindingKind;
  readonly severity: FindingSeverity;
  readonly message: string;
}

interface Places {
  readonly fault: Fault;
  readonly places: { readonly file: string; readonly line?: number }[];
  /** Pages beyond those that are listed. */
  more: number;
  last: string;
}

/** Gathers faults, and lists each at so many places at most. */
export class FaultList {
  readonly #found = new Map<string, Places>();

  /**
   * @param key - the same for what is one fault
   * @param describe - asked once for each fault
   */
  add(key: string, file: string, line: number | undefined, describe: () => Fault): void {
    let found = this.#found.get(key);
    if (found === undefined) {
      found = { fault: describe(), places: [], more: 0, last: '' };
      this.#found.set(key, found);
    }
    if (found.places.length < LISTED) found.places.push(line === undefined ? { file } : { file, line });
    else if (file !== found.last) found.more += 1;
    found.last = file;
  }

  findings(): SiteFinding[] {
    return [...this.#found.values()].flatMap(({ fault, places, more }) =>
      places.map((place, index) => {
        const isLast = index === places.length - 1;
        const message =
          isLast && more > 0 ? `${fault.message} So have ${countText(more, 'more page')}.` : fault.message;
        return { ...fault, ...place, message };
      }),
    );
  }
}
