import { checkNames } from '../../core/options.ts';
import { quote } from '../../core/text.ts';

/** Attributes of a tag: `true` gives the name alone, `false` and `undefined` leave it out. */
export type TagAttributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Attributes that all tags may have. */
const SHARED = ['class', 'nonce', 'crossorigin', 'fetchpriority', 'referrerpolicy'] as const;

/** {@link TagAttributes} that stand in several tags. */
export type SharedAttributes = {
  readonly [Name in (typeof SHARED)[number] | `data-${string}`]?: TagAttributes[string];
};

const EVERYWHERE = ['id', ...SHARED];

/** The tags that take attributes, by their functions. */
export type AttributedTag =
  | 'stylesheet'
  | 'script'
  | 'moduleScript'
  | 'preload'
  | 'modulePreload'
  | 'importMap'
  | 'bundle';

/** What each tag may carry beside what is decided here (HTML Living Standard §4.2.4, §4.12.1); `data-*` always. */
const KNOWN_ATTRIBUTES: Readonly<Record<AttributedTag, readonly string[]>> = {
  stylesheet: [...EVERYWHERE, 'media', 'title', 'disabled', 'blocking'],
  script: [...EVERYWHERE, 'async', 'defer', 'nomodule', 'blocking'],
  moduleScript: [...EVERYWHERE, 'async', 'blocking'],
  preload: [...EVERYWHERE, 'media', 'imagesrcset', 'imagesizes'],
  modulePreload: [...EVERYWHERE, 'media'],
  importMap: ['id', 'nonce'],
  bundle: SHARED,
};

/**
 * Refuses attributes that a tag does not have.
 *
 * @param more - options of the tag's function that stand among them
 * @throws TypeError
 */
export function checkAttributes(tag: AttributedTag, given: unknown, more: readonly string[] = []): void {
  const named =
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? Object.fromEntries(Object.entries(given).filter(([name]) => !/^data-[a-z][a-z0-9_.-]*$/.test(name)))
      : given;
  checkNames(`${tag}()`, named, [...KNOWN_ATTRIBUTES[tag], ...more]);
}

/**
 * Writes attributes, escaped, each after a space.
 *
 * @throws TypeError for a value that is not a string
 */
export function attributeText(attributes: TagAttributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      if (value === undefined || value === null || value === false) return '';
      if (value === true) return ` ${name}`;
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new TypeError(`The attribute ${quote(name)} is a string, not ${quote(value)}.`);
      return ` ${name}="${escapeHtml(String(value))}"`;
    })
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
};

/** A text as it may stand in HTML, in an attribute of either quotes too. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&"'<>]/g, (character) => ESCAPES[character] ?? character);
}
