import type { Callee } from './calls.ts';
import type { ScriptTokenType } from './scanner.ts';
import { WordSet } from './word-set.ts';

/** A power of two. */
const LENGTH = 8;
/** Objects that have `URL` and `Worker` in windows and workers. */
const GLOBALS: ReadonlySet<string> = new Set(['globalThis', 'self', 'window']);
/** Phases of `import.source()` and `import.defer()`. */
const PHASES: ReadonlySet<string> = new Set(['source', 'defer']);
const WORKERS: ReadonlySet<string> = new Set(['Worker', 'SharedWorker']);
const CALLED = new WordSet([...WORKERS, 'import', 'importScripts', 'URL', 'parse', 'resolve', ...PHASES]);

/** The last tokens of a script: what stands before a string or a parenthesis. */
export class TokenTrail {
  readonly #text: string;
  readonly #starts = new Uint32Array(LENGTH);
  readonly #ends = new Uint32Array(LENGTH);
  readonly #types: ScriptTokenType[] = Array.from({ length: LENGTH }, () => 'punctuator');
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  add(type: ScriptTokenType, start: number, end: number): void {
    const at = this.#count & (LENGTH - 1);
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#types[at] = type;
    this.#count += 1;
  }

  /** Whether a string here is what an import or an export is from. */
  isImporting(): boolean {
    if (this.#type(1) === 'import') return true;
    if (this.#type(1) !== 'name' || this.#word(1) !== 'from') return false;
    const before = this.#word(2);
    return this.#type(2) === 'name' || this.#type(2) === 'string' || before === '}' || before === '*';
  }

  /** What a parenthesis here calls, if its arguments may refer to something. */
  callee(): { readonly callee: Callee; readonly start: number } | undefined {
    const last = this.#index(1);
    const name = CALLED.at(this.#text, this.#starts[last] ?? 0, this.#ends[last] ?? 0);
    if (name === '') return undefined;
    const isProperty = this.#word(2) === '.';
    if (this.#type(1) === 'import') return this.#found('import', 1);
    if (name === 'importScripts') return this.#found('importScripts', 1);
    if (PHASES.has(name))
      return isProperty && this.#type(3) === 'import' ? this.#found('import', 3) : undefined;
    if (name === 'resolve') {
      const isMeta =
        isProperty && this.#word(3) === 'meta' && this.#word(4) === '.' && this.#type(5) === 'import';
      return isMeta ? this.#found('resolve', 5) : undefined;
    }
    if (name === 'parse' && (!isProperty || this.#word(3) !== 'URL')) return undefined;
    const url = name === 'parse' ? 3 : 1;
    const first = this.#word(url + 1) === '.' && GLOBALS.has(this.#word(url + 2)) ? url + 2 : url;
    const before = this.#word(first + 1);
    if (WORKERS.has(name)) return before === 'new' ? this.#found('Worker', first + 1) : undefined;
    if (name === 'URL') return before === 'new' ? this.#found('URL', first + 1) : undefined;
    return before === '.' ? undefined : this.#found('URL', first);
  }

  #found(callee: Callee, back: number): { readonly callee: Callee; readonly start: number } {
    return { callee, start: this.#starts[this.#index(back)] ?? 0 };
  }

  #index(back: number): number {
    return (this.#count - back) & (LENGTH - 1);
  }

  #type(back: number): ScriptTokenType | undefined {
    return back > this.#count ? undefined : this.#types[this.#index(back)];
  }

  /** The text of a token; of long ones nothing. */
  #word(back: number): string {
    if (back > this.#count) return '';
    const [start, end] = [this.#starts[this.#index(back)] ?? 0, this.#ends[this.#index(back)] ?? 0];
    return end - start > 'importScripts'.length ? '' : this.#text.slice(start, end);
  }
}
