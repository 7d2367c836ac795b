/*
 * Which pages of a node have a tag, an item that is appended to:
 *
 *   <epoch> whole             every page with the tag that landed in this epoch is listed
 *   <epoch> part              not so: an earlier index may have been evicted
 *   <epoch> any               there are too many: any page of the node may have the tag
 *   <place> <key of a page>   the place in the log where the page began
 */

/** An index as it was read. */
export interface TagIndex {
  readonly epoch: string;
  readonly kind: 'whole' | 'part' | 'any';
  /** By their keys, each with the last place where it began. */
  readonly pages: ReadonlyMap<string, number>;
}

/** The first text of an index. */
export function newIndex(
  epoch: string,
  kind: TagIndex['kind'],
  pages: Iterable<readonly [string, number]> = [],
): Buffer {
  const lines = [...pages].map(([key, place]) => `${place} ${key}\n`);
  return Buffer.from(`${epoch} ${kind}\n${lines.join('')}`);
}

/** A page as it is appended. */
export function indexLine(key: string, place: number): Buffer {
  return Buffer.from(`${place} ${key}\n`);
}

/** Reads an index. */
export function parseIndex(bytes: Buffer): TagIndex {
  const [head = '', ...lines] = bytes.toString().split('\n');
  const [epoch = '', kind] = head.split(' ');
  const pages = new Map<string, number>();
  for (const line of lines.slice(0, -1)) {
    const space = line.indexOf(' ');
    const [place, key] = [Number(line.slice(0, space)), line.slice(space + 1)];
    pages.set(key, Math.max(place, pages.get(key) ?? 0));
  }
  return { epoch, kind: kind === 'whole' || kind === 'any' ? kind : 'part', pages };
}
