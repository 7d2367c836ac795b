import { isAbsolute, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Terminal } from './terminal.ts';

/** Takes a flag's path. Empty, as a script's unset variable makes it, it would silently mean the working folder. */
export function pathFlag(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It is empty. Is the variable it comes from set?');
}

/** Takes the path of a flag that may be given again. */
export function pathListFlag(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, pathFlag(text)];
}

/** A path as seen from the working folder, which may be gone where it does not matter. */
export function absolutePath(terminal: Terminal, path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(terminal.cwd, path);
}
