import { WordSet } from './word-set.ts';

/** Where in the grammar the next token stands, which decides what `/` and `{` mean there. */
type Place =
  /** A statement begins: `/` begins a pattern, `{` a block. */
  | 'statement'
  /** A value is due: `/` begins a pattern, `{` an object. */
  | 'operand'
  /** A value has ended: `/` divides. */
  | 'operator'
  /** In an object or a class, outside of values: names are no keywords, `{` begins the body of a method. */
  | 'member'
  /** Behind `=>`. */
  | 'arrow'
  /** Behind `export`. */
  | 'export'
  /** Behind `export default`, where a function is a declaration, but `{` begins an object. */
  | 'default'
  /** Behind `if` and the like, whose parentheses are followed by a statement. */
  | 'control'
  /** Behind `function`. */
  | 'function'
  /** Behind the parameters of a function. */
  | 'body'
  /** Behind `class`. */
  | 'class';

interface Bracket {
  readonly kind: 'block' | 'object' | 'class' | '(' | '[' | 'template';
  /** The place behind it. */
  readonly after: Place;
  /** Behind the parameters of a function: the place behind its body. */
  readonly bodyAfter: Place;
  /** How many conditionals wait for their `:`. */
  questions: number;
  /** The places behind the classes whose bodies are due. */
  classes: Place[] | undefined;
}

function newBracket(kind: Bracket['kind'], after: Place, bodyAfter: Place): Bracket {
  return { kind, after, bodyAfter, questions: 0, classes: undefined };
}

const WORDS: ReadonlyMap<string, Place> = new Map<string, Place>([
  ...['if', 'while', 'for', 'with', 'switch', 'catch'].map((word) => [word, 'control'] as const),
  ...['else', 'do', 'try', 'finally', 'break', 'continue', 'debugger'].map(
    (word) => [word, 'statement'] as const,
  ),
  ...['return', 'throw', 'case', 'delete', 'void', 'typeof', 'new', 'in', 'instanceof', 'yield', 'await'].map(
    (word) => [word, 'operand'] as const,
  ),
  ...['var', 'let', 'const', 'import'].map((word) => [word, 'operand'] as const),
  ['export', 'export'],
]);
/** The words that mean something where no property is named. */
export const KEYWORDS: WordSet = new WordSet(
  [...WORDS.keys()].concat('async', 'class', 'default', 'extends', 'from', 'function', 'of'),
);
const PATTERN_PLACES: ReadonlySet<Place> = new Set<Place>(['statement', 'operand', 'default', 'arrow']);
const PARENTHESIS_AFTER: Readonly<Partial<Record<Place, Place>>> = {
  control: 'statement',
  function: 'body',
  member: 'member',
};

/**
 * The grammar of a script as far as it tells a pattern from a division, a block from an object and a keyword from a
 * name. It is told of each token.
 */
export class ScriptGrammar {
  #place: Place = 'statement';
  /** The innermost open bracket; the script itself is a block. */
  #bracket = newBracket('block', 'statement', 'operator');
  readonly #outer: Bracket[] = [];
  /** The place behind the body of the function whose head is read. */
  #bodyAfter: Place = 'operator';
  /** The place before the last `async`. */
  #asyncPlace: Place = 'statement';

  /** How many brackets are open, substitutions of templates among them. */
  get depth(): number {
    return this.#outer.length;
  }

  /** Whether `}` goes on with a template. */
  get isInTemplate(): boolean {
    return this.#bracket.kind === 'template';
  }

  /** Whether `/` begins a pattern. */
  get isPatternDue(): boolean {
    return PATTERN_PLACES.has(this.#place);
  }

  /** Behind a value. */
  value(): void {
    if (this.#place !== 'member') this.#place = 'operator';
  }

  /** Behind a statement that ends without a semicolon. */
  endStatement(): void {
    if (this.#place === 'operator') this.#place = 'statement';
  }

  /**
   * Behind a name that is no property.
   *
   * @param word - the name, if it is one of the keywords
   * @param previous - the name before it, if that was the last token
   * @returns whether it may be a keyword
   */
  word(word: string, previous: string, hasLineBreak: boolean): boolean {
    const place = this.#place;
    if (place === 'member' || place === 'function') return false;
    if (place === 'class') {
      if (word === 'extends') this.#place = 'operand';
      return false;
    }
    if (place === 'control' && word === 'await') return true;
    const isOperator = word === 'in' || word === 'instanceof';
    if (place === 'operator' && this.#bracket.kind === 'class' && hasLineBreak && !isOperator) {
      // The value of a field has ended with its line.
      this.#place = 'member';
      return false;
    }
    if (word === '') {
      this.#place = 'operator';
      return true;
    }
    const before = previous === 'async' ? this.#asyncPlace : place;
    const after = before === 'operand' || before === 'arrow' ? 'operator' : 'statement';
    if (word === 'async') this.#asyncPlace = place;
    if (word === 'function') {
      this.#place = 'function';
      this.#bodyAfter = after;
    } else if (word === 'class') {
      this.#place = 'class';
      (this.#bracket.classes ??= []).push(after);
    } else if (word === 'of') this.#place = place === 'operator' ? 'operand' : 'operator';
    else if (word === 'default') this.#place = previous === 'export' ? 'default' : 'operand';
    else this.#place = WORDS.get(word) ?? 'operator';
    return true;
  }

  /**
   * Behind a punctuator other than the dot before a property.
   *
   * @param first - its first character
   * @returns whether it may stand here
   */
  mark(first: number, length: number, hasLineBreak: boolean): boolean {
    const { kind } = this.#bracket;
    const isMember = this.#place === 'member';
    switch (first) {
      case 0x28: // (
        this.#open('(', PARENTHESIS_AFTER[this.#place] ?? 'operator', 'operand');
        return true;
      case 0x5b: // [
        this.#open('[', isMember ? 'member' : 'operator', 'operand');
        return true;
      case 0x7b: // {
        this.#openBrace();
        return true;
      case 0x29: // )
        return this.#close(kind === '(');
      case 0x5d: // ]
        return this.#close(kind === '[');
      case 0x7d: // }
        return this.#close(kind !== '(' && kind !== '[');
      case 0x3b: // ;
        this.#bracket.questions = 0;
        this.#place = kind === 'block' ? 'statement' : kind === 'class' ? 'member' : 'operand';
        return true;
      case 0x2c: // ,
        this.#place = kind === 'object' ? 'member' : 'operand';
        return true;
      case 0x3a: // :
        this.#place = this.#bracket.questions > 0 || kind !== 'block' ? 'operand' : 'statement';
        if (this.#bracket.questions > 0) this.#bracket.questions -= 1;
        return true;
      case 0x3f: // ? ??
        if (length === 1) this.#bracket.questions += 1;
        this.#place = 'operand';
        return true;
      case 0x3d: // = =>
        this.#place = length === 1 ? 'operand' : 'arrow';
        return true;
      case 0x2e: // ...
        this.#place = 'operand';
        return true;
      case 0x40: // @
        return true;
      case 0x2b: // + ++
      case 0x2d: // - --
        if (length === 1) break;
        if (this.#place !== 'operator' || hasLineBreak) this.#place = 'operand';
        return true;
    }
    if (!isMember && this.#place !== 'function') this.#place = 'operand';
    return true;
  }

  /** Behind `${`. */
  openSubstitution(): void {
    this.#open('template', 'operator', 'operand');
  }

  #openBrace(): void {
    const bracket = this.#bracket;
    const place = this.#place;
    const classAfter = place === 'class' || place === 'operator' ? bracket.classes?.pop() : undefined;
    if (classAfter !== undefined) return this.#open('class', classAfter, 'member');
    if (place === 'operand' || place === 'default') return this.#open('object', 'operator', 'member');
    if (place === 'export') return this.#open('object', 'statement', 'member');
    const isMethod = place === 'member' || (place === 'arrow' && bracket.kind === 'class');
    const after = place === 'body' ? this.#bodyAfter : isMethod ? 'member' : 'statement';
    this.#open('block', after, 'statement');
  }

  #open(kind: Bracket['kind'], after: Place, inside: Place): void {
    this.#outer.push(this.#bracket);
    this.#bracket = newBracket(kind, after, this.#bodyAfter);
    this.#place = inside;
  }

  #close(isPair: boolean): boolean {
    const { after, bodyAfter } = this.#bracket;
    const outer = isPair ? this.#outer.pop() : undefined;
    if (outer === undefined) {
      this.#place = 'statement';
      return false;
    }
    this.#bracket = outer;
    this.#place = after;
    this.#bodyAfter = bodyAfter;
    return true;
  }
}
