import { basename } from 'node:path/posix';
import type { Prefix } from '../core/prefix.ts';
import { didYouMean, quote } from '../core/text.ts';
import { VERSION_PATTERN } from '../core/version-format.ts';

/** How many names are looked through for each that is not there, so that a thousand mistakes do not take minutes. */
const LOOKED_THROUGH = 200_000;

/** What bundlers add to a name, and browsers do not. */
const SUFFIXES = ['.js', '.mjs', '.css', '/index.js'];

/**
 * Says which name was probably meant by one that is not there: one that only looks the same, one of the same file in
 * another folder, or the nearest.
 */
export function nameSuggester(names: ReadonlyMap<string, unknown>): (target: string) => string {
  let byBasename: Map<string, string[]> | undefined;
  let budget = LOOKED_THROUGH;
  const index = (): Map<string, string[]> => {
    const indexed = new Map<string, string[]>();
    for (const name of names.keys()) {
      const key = basename(fold(name));
      const others = indexed.get(key);
      if (others) others.push(name);
      else indexed.set(key, [name]);
    }
    return indexed;
  };
  return (target) => {
    byBasename ??= index();
    const folded = fold(target);
    const namesakes = byBasename.get(basename(folded)) ?? [];
    const same = namesakes.find((name) => fold(name) === folded);
    if (same !== undefined) {
      return same.normalize() === target.normalize()
        ? ` There is ${quote(same)}, written with other Unicode code points for the same letters; rename it.`
        : ` There is ${quote(same)}, which differs in upper and lower case.`;
    }
    const whole = SUFFIXES.map((suffix) => `${target}${suffix}`).find((name) => names.has(name));
    if (whole !== undefined) return ` Did you mean ${quote(whole)}? Browsers add nothing to a name.`;
    if (namesakes[0] !== undefined)
      return didYouMean(target, namesakes) || ` Did you mean ${quote(namesakes[0])}?`;
    if (budget < names.size) return '';
    budget -= names.size;
    return didYouMean(target, [...names.keys()]);
  };
}

const LEADING_VERSION = new RegExp(`^${VERSION_PATTERN}/`);

/** The name in what is written as a URL: without prefix, version or leading slash, decoded. */
export function nameInUrl(written: string, { href, path }: Prefix): string {
  const start = [href, path, path.slice(1)].find((each) => written.startsWith(each)) ?? '';
  const name = written
    .slice(start.length)
    .replace(/^[./]*\//, '')
    .replace(LEADING_VERSION, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Equal for names that a person, or another file system, takes for one. */
export function fold(name: string): string {
  return name.normalize().toLowerCase();
}
