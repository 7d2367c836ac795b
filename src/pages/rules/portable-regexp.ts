/** A regular expression that Node and nginx (PCRE) read alike. */
export interface PortableRegExp {
  readonly source: string;
  readonly ignoreCase: boolean;
}

/** Why a regular expression means something else to PCRE, or nothing; how a message goes on behind the pattern. */
export class UnportableError extends Error {}

/** One step of a regular expression outside of a set, of those that both engines read alike. */
const STEP =
  /\\(?<escape>x[\dA-Fa-f]{2}|[\dA-Za-z]|.)|(?<group>\((?:\?(?:<[=!]|<[\w$]+>|[=!:]|.))?)|(?<repeat>\{\d{1,3}(?:,\d{0,3})?\}\??)|(?<set>\[\^?(?:\\.|[^\]\\])*\])|(?<other>.)/gsy;

const GROUPS = ['(', '(?:', '(?=', '(?!'];

/**
 * Writes a regular expression so that PCRE reads it as JavaScript does, over text that has no line break.
 *
 * @throws {@link UnportableError} for what PCRE reads in another way, or may not read at all
 */
export function portableRegExp({ source, flags }: RegExp): PortableRegExp {
  const other = flags.replace('i', '');
  if (other !== '')
    throw new UnportableError(`with the flag "${other}". Leave it out: only "i" is known to nginx`);
  if (/[^ -~]/.test(source))
    throw new UnportableError('with a character that no raw path has. Write it percent-encoded: "%C3%A9"');
  const written = source.replaceAll(STEP, (step: string, ...rest: readonly unknown[]) =>
    // The groups by their names come last.
    writeStep(step, Object(rest.at(-1))),
  );
  return { source: written, ignoreCase: flags.includes('i') };
}

type Parts = Readonly<Record<'escape' | 'group' | 'set' | 'other', string | undefined>>;

function writeStep(step: string, { escape, group, set, other }: Parts): string {
  if (escape !== undefined) return writeEscape(step, escape);
  // PCRE numbers a named group too, but nginx would make a variable of it.
  if (group?.startsWith('(?<') && group.endsWith('>')) return '(';
  if (group !== undefined && !GROUPS.includes(group))
    throw new UnportableError(
      `with "${group}", which PCRE may refuse. Use plain groups and "(?=…)" or "(?!…)", or say it in exclude`,
    );
  if (set !== undefined) return writeSet(set);
  if (other === '{') throw new UnportableError(String.raw`with "{" that repeats nothing. Write "\{"`);
  if (other === '[') throw new UnportableError(String.raw`with "[" that is no set. Write "\["`);
  return step;
}

function writeEscape(step: string, escape: string): string {
  if (/^(?:[dDwWsSbB]|x..|[^\dA-Za-z])$/.test(escape)) return step;
  throw new UnportableError(
    `with "${step}", which PCRE reads in another way. Write the character itself, or the group again`,
  );
}

function writeSet(set: string): string {
  // Neither can be written with brackets there: it takes a bracket at the start for a member.
  if (set === '[^]') return String.raw`[\s\S]`;
  if (set === '[]') return '(?!)';
  return `[${set
    .slice(1, -1)
    .replaceAll(/\\(x[\dA-Fa-f]{2}|.)|\[/g, (step, escape: string | undefined) =>
      escape === undefined ? String.raw`\[` : writeEscape(step, escape),
    )}]`;
}
