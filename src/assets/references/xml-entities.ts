/** Longer than any URL with a use, and short of what a chain of entities could grow to. */
const LONGEST_VALUE = 100_000;
const DECLARATION = /<!ENTITY\s+([\w:.-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>/g;

/**
 * What puts the values of the entities that an XML document declares itself (XML 1.0 §4.4) where a text of it uses them.
 * Entities that stand for elements are left alone.
 *
 * @returns `undefined` for a document that declares none
 */
export function entityExpander(xml: string): ((text: string) => string) | undefined {
  const values = new Map<string, string>();
  const expand = (text: string): string =>
    text.replaceAll(/&([\w:.-]+);/g, (use, name: string) => values.get(name) ?? use);
  for (const [, name = '', double, single] of xml.matchAll(DECLARATION)) {
    // Of two declarations the first counts; of entities that another uses, those that stand before it.
    const value = expand(double ?? single ?? '');
    if (!values.has(name) && value.length <= LONGEST_VALUE) values.set(name, value);
  }
  return values.size === 0 ? undefined : expand;
}
