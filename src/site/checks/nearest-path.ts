import { didYouMean, quote } from '../../core/text.ts';

/** Each name is compared with each: for more faults than this, and with more names, it would take longer than the export. */
const MOST_SEARCHES = 50;
const MOST_NAMES = 20_000;

/** Finds the path that a broken link may have meant. */
export class NearestPath {
  readonly #list: () => Iterable<string>;
  #paths: readonly string[] | undefined;
  /** By their last segment; `undefined` where several have it. */
  readonly #namesakes = new Map<string, string | undefined>();
  #searches = 0;

  /** @param list - the paths that there are: asked for once, and only if a link is broken */
  constructor(list: () => Iterable<string>) {
    this.#list = list;
  }

  /** `' Did you mean "…"?'`, or an empty string. */
  advice(path: string): string {
    const paths = (this.#paths ??= this.#read());
    this.#searches += 1;
    if (this.#searches <= MOST_SEARCHES) {
      const near = paths.filter((each) => Math.abs(each.length - path.length) <= 2 + each.length / 3);
      const advice = near.length > MOST_NAMES ? '' : didYouMean(path, near);
      if (advice !== '') return advice;
    }
    const namesake = this.#namesakes.get(lastSegment(path));
    return namesake === undefined ? '' : ` Did you mean ${quote(namesake)}?`;
  }

  #read(): string[] {
    const paths = [...this.#list()];
    for (const path of paths) {
      const name = lastSegment(path);
      this.#namesakes.set(name, this.#namesakes.has(name) || name === '' ? undefined : path);
    }
    return paths;
  }
}

function lastSegment(path: string): string {
  const name = path.endsWith('/') ? path.slice(0, -1) : path;
  return name.slice(name.lastIndexOf('/') + 1);
}
