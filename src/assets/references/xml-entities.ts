/** What the entities of one document may add: far more than its URLs have a use for, and little to hold. */
const MOST_ADDED = 1_000_000;

/** What may stand before the root element and declare an entity, hide a declaration, or end them. */
const PROLOG_PIECE =
  /<!--[^]*?(?:-->|$)|<\?[^]*?(?:\?>|$)|<!ENTITY\s+([\w:.-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>|"[^"]*(?:"|$)|'[^']*(?:'|$)|[[\]]|<[^!?]/g;
const REFERENCE = /&(?:#(\d+)|#x([0-9a-f]+)|([\w:.-]+));/gi;

/** XML 1.0 §4.6. */
const PREDEFINED = Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });

/**
 * What reads the references in the texts of an XML document: to characters, and to the entities that XML knows or the
 * document declares itself (XML 1.0 §4.4). All in one go: what `&amp;name;` stands for is text.
 *
 * Entities that stand for elements are left alone, and so is the rest of a document whose entities grow without end.
 */
export function entityReader(xml: string): (text: string) => string {
  const values = new Map(PREDEFINED);
  let room = MOST_ADDED;
  const read = (text: string): string => {
    if (!text.includes('&')) return text;
    const value = text.replaceAll(REFERENCE, (use, decimal?: string, hex?: string, name?: string) => {
      const replacement = name === undefined ? characterOf(decimal, hex) : values.get(name);
      if (replacement === undefined || room < 0) return use;
      room -= replacement.length - use.length;
      return replacement;
    });
    return room < 0 ? text : value;
  };
  for (const [name, value] of declarationsIn(xml)) {
    // Of two declarations the first counts; of entities that another uses, those that stand before it.
    if (!values.has(name)) values.set(name, read(value));
  }
  return read;
}

/** The entities that the internal subset of the document type declaration has, and their values. */
function* declarationsIn(xml: string): Generator<readonly [name: string, value: string]> {
  let isInside = false;
  for (const [piece, name, double, single] of xml.matchAll(PROLOG_PIECE)) {
    if (piece === '[') isInside = true;
    else if (piece === ']' || /^<[^!?]/.test(piece)) return;
    else if (isInside && name !== undefined) yield [name, double ?? single ?? ''];
  }
}

function characterOf(decimal: string | undefined, hex: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined;
}
