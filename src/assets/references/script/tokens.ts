import { literalValue } from './literal.ts';
import type { ScriptScanner, ScriptTokenType } from './scanner.ts';

/** A token in the arguments of a call. */
export interface ScriptToken {
  readonly type: ScriptTokenType;
  readonly start: number;
  readonly end: number;
  /** The index of the token behind the bracket that closes it; its own successor where it opens none. */
  next: number;
}

/** Part of a list of tokens: its first, and the one behind its last. */
export type TokenRange = readonly [from: number, to: number];

/** A list of tokens in which one can step over brackets. */
export class TokenList {
  readonly tokens: ScriptToken[] = [];
  readonly #open: ScriptToken[] = [];
  #depth = 0;

  /** Starts afresh behind a bracket. */
  clear({ depth }: ScriptScanner): void {
    this.tokens.length = 0;
    this.#open.length = 0;
    this.#depth = depth;
  }

  add({ type, start, end, depth }: ScriptScanner): void {
    const token = { type, start, end, next: this.tokens.length + 1 };
    this.tokens.push(token);
    if (depth > this.#depth) this.#open.push(token);
    else if (depth < this.#depth) {
      const opening = this.#open.pop();
      if (opening !== undefined) opening.next = this.tokens.length;
    }
    this.#depth = depth;
  }
}

/** The arguments from a token to the end of the list; an empty last one is none. */
export function rangesOf(text: string, tokens: readonly ScriptToken[], first: number): TokenRange[] {
  const ranges: TokenRange[] = [];
  let from = first;
  for (let at = first; at < tokens.length; at = tokens[at]?.next ?? tokens.length) {
    if (!isMark(text, tokens[at], ',')) continue;
    ranges.push([from, at]);
    from = at + 1;
  }
  if (from < tokens.length) ranges.push([from, tokens.length]);
  return ranges;
}

/** Whether a token is this punctuator. */
export function isMark(text: string, token: ScriptToken | undefined, mark: string): boolean {
  return (
    token?.type === 'punctuator' &&
    token.end === token.start + mark.length &&
    text.startsWith(mark, token.start)
  );
}

/** The value of a literal that stands alone; of what a template leaves open it has `*`. */
export function literalAt(
  text: string,
  tokens: readonly ScriptToken[],
  from: number,
  to: number,
): string | undefined {
  const token = tokens[from];
  if (token === undefined || token.next !== to) return undefined;
  if (token.type === 'string') return literalValue(text.slice(token.start, token.end));
  return token.type === 'template' ? literalValue(`\`${withStars(text, tokens, from, to)}\``) : undefined;
}

/** A template without its quotes, and with `*` for its substitutions. */
function withStars(text: string, tokens: readonly ScriptToken[], from: number, to: number): string {
  const pieces: string[] = [];
  for (let at = from; at < to; at = at === from ? from + 1 : (tokens[at]?.next ?? to)) {
    const token = tokens[at];
    if (token?.type !== 'template' || (at > from && text[token.start] !== '}')) continue;
    const tail = text[token.end - 1] === '{' ? '${' : '`';
    pieces.push(text.slice(token.start + 1, token.end - tail.length));
  }
  return pieces.join('*');
}
