import { pathToRegexp } from 'path-to-regexp';
import { optionError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import type { UrlPattern } from '../options.ts';
import { portableRegExp, UnportableError, type PortableRegExp } from './portable-regexp.ts';

/** Tells which raw paths, without query, fit one of some patterns. */
export interface UrlMatcher {
  matches(path: string): boolean;
  /** The patterns as nginx can take them. */
  readonly patterns: readonly PortableRegExp[];
}

/**
 * Makes ready to match paths.
 *
 * @param option - which has the patterns, for messages
 * @throws TypeError for a pattern that Express 5 cannot read, or that nginx would read in another way
 */
export function matchUrls(patterns: readonly UrlPattern[], option: string): UrlMatcher {
  const portable = patterns.map((pattern) => portablePattern(pattern, option));
  const expressions = portable.map(({ source, ignoreCase }) => new RegExp(source, ignoreCase ? 'i' : ''));
  return {
    matches: (path) => expressions.some((expression) => expression.test(path)),
    patterns: portable,
  };
}

function portablePattern(pattern: UrlPattern, option: string): PortableRegExp {
  if (typeof pattern === 'string') return expressPattern(pattern, option);
  try {
    return portableRegExp(pattern);
  } catch (error) {
    if (!(error instanceof UnportableError)) throw error;
    throw optionError(
      option,
      (name) => `${name(option)} has the regular expression ${quote(String(pattern))} ${error.message}.`,
    );
  }
}

function expressPattern(pattern: string, option: string): PortableRegExp {
  const refuse = (problem: string): Error =>
    optionError(option, (name) => `${name(option)} has the pattern ${quote(pattern)}, ${problem}`);
  if (!pattern.startsWith('/')) throw refuse('which does not begin with "/".');
  if (/[^ -~]/.test(pattern))
    throw refuse('with a character that no raw path has. Write it percent-encoded: "%C3%A9".');
  try {
    const { source } = pathToRegexp(pattern, { sensitive: true, trailing: false }).regexp;
    // "Any character" of JavaScript alone; a bracket of the pattern's own is escaped.
    return { source: source.replaceAll('[^]', '.'), ignoreCase: false };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/[:;] /);
    throw refuse(
      `which Express 5 cannot read: ${reason}. Write ":name" for a segment, "*name" for several, and "{…}" around what may be missing.`,
    );
  }
}
