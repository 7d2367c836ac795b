import { isPlainObject } from '../core/text.ts';
import { fullName, type CommandCall } from './command.ts';

/** Tells whoever finds the file how it was made: by these flags, wherever they came from. */
export function madeBy({ command, takenBack }: CommandCall, options: object, from = ''): string {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const flags = command.options.flatMap((option) => {
    const value = given[option.attributeName()];
    if (option.negate || option.long === undefined) return [];
    const takeBack = takenBack.has(option.attributeName()) ? [`--no-${option.long.slice(2)}`] : [];
    return [...takeBack, ...wordsOf(option.long, value)];
  });
  return `# Made by: ${[fullName(command), ...flags].join(' ')}${from}
# To change it, run that again with other flags, then: nginx -t && nginx -s reload

`;
}

function wordsOf(flag: string, value: unknown): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  if (typeof value === 'string' || typeof value === 'number') return [flag, word(String(value))];
  if (Array.isArray(value)) return value.flatMap((each) => wordsOf(flag, each));
  if (!isPlainObject(value)) return [];
  const separator = flag === '--header' ? ': ' : '=';
  return Object.entries(value).flatMap(([name, each]) => [flag, word(`${name}${separator}${String(each)}`)]);
}

/** As a shell reads it back. */
function word(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
