import { optionError } from '../../core/errors.ts';
import { validated, type Kind } from '../../core/option-kinds.ts';
import { isPlainObject, quote } from '../../core/text.ts';
import { isDecodable } from './host-path.ts';

/** A path of the site that leads to another URL. */
export interface SiteRedirect {
  /** A path of the site, without its origin: `/old`. */
  readonly from: string;
  /** A path of the site, or an absolute URL. */
  readonly to: string;
  /**
   * What hosts that can redirect answer (RFC 9110 §15.4).
   *
   * @defaultValue 301
   */
  readonly status?: RedirectStatus;
}

/** The statuses of redirects: 301 and 308 for ever, 302 and 307 for now. */
export type RedirectStatus = 301 | 302 | 307 | 308;

const STATUSES: readonly unknown[] = [301, 302, 307, 308];

/** The option `redirects`. */
export const REDIRECTS_KIND: Kind<readonly SiteRedirect[]> = validated({ kind: 'none' }, (value, option) => {
  const refuse = (words: string): Error => optionError(option, (naming) => `${naming(option)} ${words}`);
  if (!Array.isArray(value)) throw refuse(`is a list of { from, to, status }, not ${quote(value)}.`);
  for (const each of value) {
    if (!isPlainObject(each)) throw refuse(`has ${quote(each)}. Write { from: "/old", to: "/new" }.`);
    const { from, to, status = 301, ...others } = each;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined)
      throw refuse(`has a redirect with ${quote(unknown)}. It has "from", "to" and "status".`);
    if (!isPath(from) || /[?#]/.test(from) || !isDecodable(from))
      throw refuse(`has a redirect from ${quote(from)}. Write a path of the site: "/old".`);
    if (!isPath(to) && !(typeof to === 'string' && /^https?:\/\/\S+$/.test(to)))
      throw refuse(`has a redirect to ${quote(to)}. Write a path of the site, or a URL with "https://".`);
    if (!STATUSES.includes(status))
      throw refuse(`has a redirect with the status ${quote(status)}. It is 301, 302, 307 or 308.`);
  }
});

/** A path that is one URL's: no pattern, since a file stands for it on hosts that cannot redirect. */
function isPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/(?!\/)[^\s*]*$/.test(value);
}
