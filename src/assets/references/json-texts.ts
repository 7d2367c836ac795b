import { SourceSyntaxError } from './source-syntax-error.ts';

/** An object or a list that a text stands in, by the key of what is being read in it; a list has none. */
export interface JsonHolder {
  readonly isList: boolean;
  readonly key: string | undefined;
}

const GAP = /[ \t\n\r]*/y;
const MARK = /[{}[\]:,"]/;
const VALUE = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const TEXT_PART = /[^"\\\n]*(["\\]?)/y;
/** The kinds of tokens that a value may begin with: marks stand for themselves, `0` for all without one. */
const ANY_VALUE = '{["0';

/**
 * Reads JSON (RFC 8259) and tells of all texts in it that are values, with their places, which `JSON.parse()` does not
 * know.
 *
 * @param found - called with the holders of a text, the innermost last
 * @throws {@link SourceSyntaxError}
 */
export function readJsonTexts(
  text: string,
  found: (value: string, holders: readonly JsonHolder[], offset: number) => void,
): void {
  const holders: { readonly isList: boolean; key: string | undefined }[] = [];
  /** The kinds of tokens that may come next; none at the end. */
  let allowed = ANY_VALUE;
  for (let at = matchEnd(GAP, text, 0); at < text.length || allowed !== '';) {
    const mark = text.charAt(at);
    const kind = MARK.test(mark) ? mark : '0';
    if (!allowed.includes(kind)) throw new SourceSyntaxError('JSON', at);
    const end = kind === '"' ? textEnd(text, at) : kind === '0' ? matchEnd(VALUE, text, at) : at + 1;
    if (end === at) throw new SourceSyntaxError('JSON', at);
    // Where a text may stand but no other value, it is a key.
    const isKey = kind === '"' && !allowed.includes('0');
    const holder = holders.at(-1);
    if (kind === '"') {
      const value = textValue(text, at, end);
      if (!isKey) found(value, holders, at);
      else if (holder !== undefined) holder.key = value;
    } else if (kind === '{' || kind === '[') holders.push({ isList: kind === '[', key: undefined });
    else if (kind === '}' || kind === ']') holders.pop();
    allowed = isKey ? ':' : allowedAfter(kind, holders.at(-1));
    at = matchEnd(GAP, text, end);
  }
}

function allowedAfter(kind: string, holder: JsonHolder | undefined): string {
  if (kind === '{') return '"}';
  if (kind === '[') return `${ANY_VALUE}]`;
  if (kind === ':') return ANY_VALUE;
  if (kind === ',') return holder?.isList === true ? ANY_VALUE : '"';
  return holder === undefined ? '' : holder.isList ? ',]' : ',}';
}

/** Where a match that begins at an offset ends; there when nothing matches. */
function matchEnd(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

/** Part by part: one expression over a long text would not have the stack for it. */
function textEnd(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    TEXT_PART.lastIndex = at;
    const end = TEXT_PART.exec(text)?.[1];
    at = TEXT_PART.lastIndex;
    if (end === '"') return at;
    if (end !== '\\') throw new SourceSyntaxError('JSON', start);
  }
}

/** Escapes are the parser's. */
function textValue(text: string, start: number, end: number): string {
  try {
    const value: string = JSON.parse(text.slice(start, end));
    return value;
  } catch (error) {
    throw new SourceSyntaxError('JSON', start, { cause: error });
  }
}
