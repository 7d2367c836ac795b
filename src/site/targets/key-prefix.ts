import { validated, type Kind } from '../../core/option-kinds.ts';
import { optionError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';

/**
 * What stands before the keys of a site in a bucket that it shares with others: without a slash at its start, with one at its end.
 *
 * @returns an empty string where the site has the whole bucket
 */
export function keyPrefix(prefix: string): string {
  const path = prefix.replace(/^\/+|\/+$/g, '');
  return path === '' ? '' : `${path}/`;
}

/** The option `prefix`. */
export const PREFIX_KIND: Kind<string> = validated({ kind: 'string' }, (value, option) => {
  if (typeof value !== 'string')
    throw optionError(
      option,
      (naming) => `${naming(option)} is a path within the bucket, not ${quote(value)}.`,
    );
  // A host would resolve such a segment, and ask for another object.
  const segments = keyPrefix(value).split('/').slice(0, -1);
  const isPath = segments.every((segment) => !['', '.', '..'].includes(segment));
  // oxlint-disable-next-line no-control-regex
  if (!isPath || /[\u0000-\u001f\u007f\\]/.test(value))
    throw optionError(
      option,
      (naming) =>
        `${naming(option)} is ${quote(value)}. Give it names with one slash between them, such as "docs/en": no ".", no "..", no backslash, no control character.`,
    );
});
