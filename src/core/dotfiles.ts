import { BOOLEAN } from './option-kinds.ts';
import type { Resolved, Table } from './options.ts';

/** Which names that start with a dot count: all that reads or serves a folder takes these options. */
export interface DotfileOptions {
  /**
   * Includes files and folders whose names start with a dot.
   *
   * @defaultValue `false`
   */
  readonly dotfiles?: boolean;
  /**
   * Includes the folder `.well-known` at a root (RFC 8615), although its name starts with a dot.
   *
   * @defaultValue `false`
   */
  readonly wellKnown?: boolean;
}

export const DOTFILE_OPTIONS: Table<DotfileOptions> = {
  dotfiles: {
    ...BOOLEAN,
    flag: '--dotfiles',
    default: false,
    help: 'Includes files and folders whose names start with a dot.',
  },
  wellKnown: {
    ...BOOLEAN,
    flag: '--well-known',
    default: false,
    help: 'Includes the folder .well-known at a root (RFC 8615), although its name starts with a dot.',
  },
};

/** {@link DotfileOptions} with everything decided. */
export type DotfileRule = Resolved<DotfileOptions>;

/** Whether one of a name's segments starts with a dot that the rule does not allow. */
export function hasDotfile(segments: readonly string[], rule: DotfileRule): boolean {
  if (rule.dotfiles) return false;
  return segments.some(
    (segment, index) =>
      segment.startsWith('.') && !(rule.wellKnown && index === 0 && segment === '.well-known'),
  );
}
