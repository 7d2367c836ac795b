import { ElementTable } from './element-table.ts';
import { TagReader, type Attribute, type TagListener } from './tag-reader.ts';

const ELEMENTS = new ElementTable(new Map([['a', new Set(['name'])]]));

/** What fragments of a page can name: its ids, and the names of its anchors (HTML Living Standard §7.4.6.3). */
export function idsOf(html: string): Set<string> {
  const listener = new IdListener();
  const reader = new TagReader(listener);
  reader.write(html);
  reader.end();
  return listener.ids;
}

class IdListener implements TagListener {
  readonly elements: ElementTable = ELEMENTS;
  readonly ids = new Set<string>();

  onTag(element: string, attributes: readonly Attribute[]): void {
    addIds(this.ids, element, attributes);
  }
  onRawText(): void {}
  onEnd(): void {}
}

/** Adds what a fragment can name of a tag. */
export function addIds(ids: Set<string>, element: string, attributes: readonly Attribute[]): void {
  for (const { name, value } of attributes)
    if (name === 'id' || (name === 'name' && element === 'a')) ids.add(value);
}

/** Whether a page has what a fragment names: as it is written, or decoded. */
export function hasId(ids: ReadonlySet<string>, fragment: string): boolean {
  return ids.has(fragment) || ids.has(decodedFragment(fragment));
}

/** A fragment without its percent-encoding, where that can be decoded. */
export function decodedFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
