import { quote } from '../../core/text.ts';
import { hostPath, problemOfPath } from './host-path.ts';
import { error, type HostText } from './host-text.ts';
import { redirectTarget } from './redirect-target.ts';
import type { SiteRedirect } from './redirects.ts';

/** What Cloudflare Pages reads of a `_redirects` file. */
const MOST_REDIRECTS = 2000;
const LONGEST_LINE = 1000;

/**
 * Writes `_redirects`, so that Netlify and Cloudflare Pages understand the same by it. Netlify serves a file that stands at
 * a path rather than its redirect, and the `!` that would prevent it is unknown to Cloudflare: no file may stand there.
 *
 * @param files - the names of all files of the site
 */
export function hostRedirects(redirects: readonly SiteRedirect[], files: Iterable<string>): HostText {
  const names = new Set(files);
  const lines = redirects.map(
    ({ from, to, status = 301 }) => `${hostPath(from)} ${redirectTarget(to, '/')} ${status}`,
  );
  const problems = redirects.flatMap(({ from, to }, index) => {
    const length = lines[index]?.length ?? 0;
    const unfit = problemOfPath(from) ?? problemOfPath(to.replace(/^https?:\/\/[^/]*/, ''));
    const words = [
      unfit !== undefined && `cannot be said in "_redirects": ${unfit}`,
      length > LONGEST_LINE &&
        `makes a line of ${length} characters, and Cloudflare Pages reads ${LONGEST_LINE}. Shorten it.`,
      standsAt(from, names) &&
        'does not count on Netlify, since the site has a file for that path. Leave one out.',
    ];
    return words
      .filter((each) => each !== false)
      .map((each) => error(`The redirect from ${quote(from)} ${each}`));
  });
  if (lines.length > MOST_REDIRECTS)
    problems.push(
      error(
        `"_redirects" has ${lines.length} redirects, and Cloudflare Pages reads ${MOST_REDIRECTS}. Leave out old ones.`,
      ),
    );
  return { text: lines.map((line) => `${line}\n`).join(''), problems };
}

function standsAt(from: string, files: ReadonlySet<string>): boolean {
  const name = decodeURI(from).slice(1).replace(/\/$/, '');
  return [name, `${name}/index.html`, `${name}.html`].some((file) => files.has(file));
}

/** Reads `_redirects`, as far as {@link hostRedirects} writes it: without patterns and conditions. */
export function readHostRedirects(text: string): SiteRedirect[] {
  return text.split(/\r?\n/).flatMap((line): SiteRedirect[] => {
    const [from = '', to, status = '301'] = line.trim().split(/\s+/);
    const code = STATUSES.find((each) => String(each) === status.replace(/!$/, ''));
    return from.startsWith('/') && to !== undefined && code !== undefined ? [{ from, to, status: code }] : [];
  });
}

const STATUSES = [301, 302, 307, 308] as const;
