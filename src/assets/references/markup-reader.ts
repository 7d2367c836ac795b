import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** A start tag. */
export interface StartTag {
  /** In lower case; in XML without its prefix, for there an element is the same by any, or by none. */
  readonly element: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where it stands. */
  readonly start: number;
  readonly end: number;
}

/** What a document is made of, as far as it may refer to something. */
export interface MarkupEvents {
  onStartTag(tag: StartTag): void;
  /** In XML also where a tag ends itself. */
  onEndTag(element: string): void;
  /** Entities expanded. */
  onText(piece: string): void;
  /** In XML: `<?…?>`. */
  onInstruction(content: string, start: number): void;
}

/** Elements of SVG and MathML in which HTML goes on. */
const INTEGRATION: ReadonlySet<string> = new Set(
  'foreignobject desc title mi mo mn ms mtext annotation-xml'.split(' '),
);

/**
 * Reads a document's tags and text as browsers tokenize them. No tree is made of it, so elements may be nested however
 * deep.
 */
export function readMarkup(text: string, xml: boolean, events: MarkupEvents): void {
  let tag = { element: '', start: 0, attributes: new Map<string, string>() };
  let attribute = '';
  let value = '';
  const foreign = new ForeignContent();
  const nameOf = (start: number, end: number): string => {
    const name = text.slice(start, end).toLowerCase();
    return xml ? name.slice(name.indexOf(':') + 1) : name;
  };
  const endTag = (element: string): void => {
    if (!xml) foreign.close(element);
    events.onEndTag(element);
  };
  const endStartTag = (end: number): void => events.onStartTag({ ...tag, end: end + 1 });
  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      tag = { element: nameOf(start, end), start: start - 1, attributes: new Map() };
      if (!xml) foreign.open(tag.element);
    },
    onattribname(start, end) {
      const name = text.slice(start, end);
      attribute = xml ? name : name.toLowerCase();
      value = '';
    },
    onattribdata(start, end) {
      value += text.slice(start, end);
    },
    onattribentity(code) {
      value += String.fromCodePoint(code);
    },
    onattribend() {
      if (!tag.attributes.has(attribute)) tag.attributes.set(attribute, value);
    },
    onopentagend: endStartTag,
    onselfclosingtag(end) {
      const isClosed = xml || foreign.isInside;
      endStartTag(end);
      if (isClosed) endTag(tag.element);
    },
    onclosetag: (start, end) => endTag(nameOf(start, end)),
    ontext: (start, end) => events.onText(text.slice(start, end)),
    ontextentity: (code) => events.onText(String.fromCodePoint(code)),
    oncdata: (start, end, offset) => events.onText(text.slice(start, end - offset)),
    onprocessinginstruction: (start, end) => events.onInstruction(text.slice(start, end), start - 1),
    oncomment() {},
    ondeclaration() {},
    onend() {},
    isInForeignContext: () => foreign.isInside,
  };
  const tokenizer = new Tokenizer({ xmlMode: xml, decodeEntities: true }, callbacks);
  tokenizer.write(text);
  tokenizer.end();
}

/** Whether a place in HTML is in SVG or MathML, where scripts and styles have entities and tags may end themselves. */
class ForeignContent {
  readonly #open: string[] = [];
  readonly #counts = new Map<string, number>();

  get isInside(): boolean {
    const innermost = this.#open.at(-1);
    return innermost !== undefined && !INTEGRATION.has(innermost);
  }

  open(element: string): void {
    if (element !== 'svg' && element !== 'math' && !(this.isInside && INTEGRATION.has(element))) return;
    this.#open.push(element);
    this.#counts.set(element, (this.#counts.get(element) ?? 0) + 1);
  }

  close(element: string): void {
    if ((this.#counts.get(element) ?? 0) === 0) return;
    for (let last = this.#open.pop(); last !== undefined; last = this.#open.pop()) {
      this.#counts.set(last, (this.#counts.get(last) ?? 0) - 1);
      if (last === element) return;
    }
  }
}
