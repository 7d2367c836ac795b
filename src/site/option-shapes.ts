import { inCode, PATH, STRING, type Kind } from '../core/option-kinds.ts';
import { isPlainObject } from '../core/text.ts';

/** A list of what has some shape. */
export function listOf<Item>(what: string, isFit: (value: unknown) => boolean): Kind<readonly Item[]> {
  return inCode(what, (value) => Array.isArray(value) && value.every(isFit));
}

export const BOOLEAN_OR_STRING: Kind<boolean | string> = inCode(
  'true, false, or a non-empty string',
  (value) => typeof value === 'boolean' || STRING.check(value),
);

/** Whether a value is a language of a site. */
export function isLanguage(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { language, prefix, negotiated = false, ...others } = value;
  return (
    typeof language === 'string' &&
    /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(language) &&
    (prefix === undefined || (typeof prefix === 'string' && /^(?:\/[^/?#\s]+)+$/.test(prefix))) &&
    typeof negotiated === 'boolean' &&
    Object.keys(others).length === 0
  );
}

/** Whether a value names files to copy. */
export function isCopy(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { from, to, dotfiles = false, ...others } = value;
  return (
    PATH.check(from) &&
    typeof to === 'string' &&
    to.startsWith('/') &&
    typeof dotfiles === 'boolean' &&
    Object.keys(others).length === 0
  );
}
