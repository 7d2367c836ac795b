import { countText, quote } from '../../core/text.ts';
import { headersFor } from '../hosting/headers.ts';
import type { SiteFinding } from '../site.ts';
import { LISTED, sitePathOf, type SiteUnderCheck } from './site-under-check.ts';

interface LostHeader {
  readonly name: string;
  readonly value: string;
  readonly file: string;
  /** The path of the one page, or what the paths of all begin with. */
  path: string;
  count: number;
}

/** Finds headers of the app that the host of the site is not told to send. */
export function checkHeaders(site: SiteUnderCheck): SiteFinding[] {
  const found = new Map<string, LostHeader>();
  /** How many values of a header are told of. */
  const values = new Map<string, number>();
  for (const { file, record } of site.pages()) {
    const entries = Object.entries(record.headers);
    if (entries.length === 0) continue;
    const path = sitePathOf(record, site.base);
    const declared = headersFor(path, site.declaredHeaders);
    for (const [name, sent] of entries) {
      if (declared.get(name) === sent) continue;
      // A nonce is another one each time.
      const value = sent.replaceAll(/'nonce-[^']*'/g, "'nonce-…'");
      const key = `${name}: ${value}`;
      const known = found.get(key);
      if (known) {
        known.count += 1;
        known.path = commonStart(known.path, path);
      } else if ((values.get(name) ?? 0) < LISTED) {
        found.set(key, { name, value, file, path, count: 1 });
        values.set(name, (values.get(name) ?? 0) + 1);
      }
    }
  }
  return [...found.values()].map(finding);
}

function finding({ name, value, file, path, count }: LostHeader): SiteFinding {
  const entry = `{ path: ${quote(path)}, headers: { ${quote(name)}: ${quote(value)} } }`;
  const advice = value.includes("'nonce-…'")
    ? 'A nonce must be new for each answer, which a file cannot be: use hashes.'
    : `Add ${entry} to "headers".`;
  return {
    kind: 'HEADER_LOST',
    severity: 'warning',
    file,
    message: `The app sends the header ${quote(name)} with the value ${quote(value)} with ${countText(count, 'page')}, and the site will not have it. ${advice}`,
  };
}

/** A pattern for both paths: the folder that both are in. */
function commonStart(pattern: string, path: string): string {
  const start = pattern.replace(/\*$/, '');
  if (start !== pattern && path.startsWith(start)) return pattern;
  let length = 0;
  while (length < start.length && start[length] === path[length]) length += 1;
  return `${start.slice(0, start.lastIndexOf('/', length - 1) + 1)}*`;
}
