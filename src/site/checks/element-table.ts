/** What is known of an element by its name. */
export interface ElementRule {
  /** In lower case. */
  readonly element: string;
  /** The attributes that are wanted of it, in lower case; `undefined` for an element that is not looked at. */
  readonly names: ReadonlySet<string> | undefined;
  /** Where its text ends that has no tags in it (HTML Living Standard §13.2.5.2 to 5). */
  readonly rawEnd: RegExp | undefined;
  /** Whether `<title/>` and the like are closed in it. */
  readonly isForeign: boolean;
}

const RAW = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes']);
/** The longest of what may begin an end tag of raw text. */
export const LONGEST_RAW_END: number = '</noframes '.length;
/** Few names are in use, each as it is written; hostile ones are not kept. */
const MOST_NAMES = 1000;
const LONGEST_NAME = 12;

/** Knows what is wanted of which element, by one look at its name. */
export class ElementTable {
  readonly #wanted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #rules = new Map<string, ElementRule>();

  /** @param wanted - the attributes that are wanted of an element, both in lower case, beside `id` and `style` */
  constructor(wanted: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#wanted = wanted;
  }

  /** @param name - as it is written */
  of(name: string): ElementRule {
    const known = this.#rules.get(name);
    if (known) return known;
    const element = name.toLowerCase();
    const rule = {
      element,
      names: this.#wanted.get(element),
      rawEnd: RAW.has(element) ? new RegExp(String.raw`</${element}(?=[\s/>])`, 'gi') : undefined,
      isForeign: element === 'svg' || element === 'math',
    };
    if (name.length <= LONGEST_NAME && this.#rules.size < MOST_NAMES) this.#rules.set(name, rule);
    return rule;
  }
}
