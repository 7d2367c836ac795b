/** Those of JavaScript itself. */
const METHODS = {
  charCodeAt: Reflect.get(String.prototype, 'charCodeAt'),
  indexOf: Reflect.get(String.prototype, 'indexOf'),
  slice: Reflect.get(String.prototype, 'slice'),
  includes: Reflect.get(String.prototype, 'includes'),
  exec: Reflect.get(RegExp.prototype, 'exec'),
};

/** How many characters of texts are looked at meanwhile, by what is in JavaScript to look at them. */
export function countLooks(run: () => void): number {
  let looks = 0;
  const { charCodeAt, indexOf, slice, includes, exec } = METHODS;
  Object.assign(String.prototype, {
    charCodeAt(this: string, index: number): unknown {
      looks += 1;
      return Reflect.apply(charCodeAt, this, [index]);
    },
    indexOf(this: string, searched: string, start = 0): number {
      const found = Reflect.apply(indexOf, this, [searched, start]);
      looks += (found === -1 ? this.length : found) - start;
      return found;
    },
    includes(this: string, searched: string, start = 0): boolean {
      return this.indexOf(searched, start) !== -1;
    },
    slice(this: string, start?: number, end?: number): string {
      const part = Reflect.apply(slice, this, [start, end]);
      looks += part.length;
      return part;
    },
  });
  Object.assign(RegExp.prototype, {
    exec(this: RegExp, text: string): RegExpExecArray | null {
      const start = this.global || this.sticky ? this.lastIndex : 0;
      const found: RegExpExecArray | null = Reflect.apply(exec, this, [text]);
      // A sticky one does not search: ours fail at the first character.
      if (found === null) looks += this.sticky ? 1 : text.length - start;
      else looks += found.index + found[0].length - start;
      return found;
    },
  });
  try {
    run();
  } finally {
    Object.assign(String.prototype, { charCodeAt, indexOf, slice, includes });
    Object.assign(RegExp.prototype, { exec });
  }
  return looks;
}
