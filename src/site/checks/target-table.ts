/**
 * The distinct targets of all links of a site, each with a number: a path from the root of the site's host, perhaps with a
 * fragment (`/project/about#team`), or the whole URL of what is not the site's.
 */
export class TargetTable {
  readonly #targets: string[];
  readonly #indexes: Map<string, number>;

  /** @param targets - what `all()` of an earlier table gave: they keep their numbers */
  constructor(targets: readonly string[] = []) {
    this.#targets = [...targets];
    this.#indexes = new Map(targets.map((target, index) => [target, index]));
  }

  get size(): number {
    return this.#targets.length;
  }

  /** The number of a target, which it gets here if it has none. */
  intern(target: string): number {
    const known = this.#indexes.get(target);
    if (known !== undefined) return known;
    // A part of a page's text would keep the whole text in memory.
    const own = Buffer.from(target, 'utf16le').toString('utf16le');
    this.#indexes.set(own, this.#targets.length);
    return this.#targets.push(own) - 1;
  }

  /** @throws RangeError for a number that this table did not give: the state is of another export */
  target(index: number): string {
    const target = this.#targets[index];
    if (target === undefined)
      throw new RangeError(`There are ${this.size} link targets, and none has the number ${index}.`);
    return target;
  }

  /** The targets that have come since there were so many. */
  since(size: number): string[] {
    return this.#targets.slice(size);
  }

  all(): string[] {
    return [...this.#targets];
  }
}
