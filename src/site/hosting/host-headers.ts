import { quote } from '../../core/text.ts';
import { isVersion } from '../../core/version-format.ts';
import { cacheFor, YEAR_SECONDS } from '../../http/headers.ts';
import type { SiteHeaders } from './headers.ts';
import { hostPath, problemOfPath } from './host-path.ts';
import { error, warning, type HostProblem, type HostText } from './host-text.ts';

/** What Cloudflare Pages reads of a `_headers` file. */
const MOST_RULES = 100;
const LONGEST_LINE = 2000;

/** Names that Netlify or Cloudflare Pages decide themselves. */
const DECIDED_BY_HOSTS: readonly string[] = [
  'accept-ranges',
  'age',
  'allow',
  'alt-svc',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'date',
  'location',
  'server',
  'set-cookie',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** A page of the site, and what its host has to be told. */
interface HostedPage {
  /** The path of the site that it has: `/about`. */
  readonly path: string;
  /** Its file: `about/index.html`. */
  readonly file: string;
  /** Headers that the app sends with it, by names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What `_headers` is made of. */
export interface HeaderSources {
  /** The option `headers`: it counts more than what the app sends. */
  readonly headers: readonly SiteHeaders[];
  readonly pages: readonly HostedPage[];
  /** The names of all files of the site. */
  readonly files: Iterable<string>;
  /** The path of the site that assets are under, with a slash at both ends; absent for a site that has none. */
  readonly assetPath?: string | undefined;
}

/** A header for the URLs that a pattern fits. */
interface HeaderLine {
  readonly pattern: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Writes `_headers`, so that Netlify and Cloudflare Pages understand the same by it. Cloudflare joins the values of all
 * rules that fit with commas, and Netlify takes one of them; so no URL may have two rules for a header.
 *
 * Nothing is said of pages' `Cache-Control`: both hosts send `public, max-age=0, must-revalidate` by themselves.
 */
export function hostHeaders(sources: HeaderSources): HostText {
  const own = ownLines(sources);
  // Last, since Cloudflare leaves out what is past its limit: these URLs can do without.
  const lines = withoutRepeats([...own, ...assetLines(sources)]);
  const rules = grouped(lines, ({ pattern }) => pattern);
  const problems = [...lines.flatMap(problemsOfLine), ...overlaps(lines)];
  if (rules.size > MOST_RULES)
    problems.push(
      grouped(own, ({ pattern }) => pattern).size > MOST_RULES
        ? error(
            `"_headers" has ${rules.size} rules, and Cloudflare Pages reads ${MOST_RULES}. Say the same for more pages at once, such as for "/blog/*".`,
          )
        : warning(
            `"_headers" has ${rules.size} rules, and Cloudflare Pages reads ${MOST_RULES}: there browsers ask again for the assets of the others. Netlify reads them all.`,
          ),
    );
  const text = [...rules]
    .map(
      ([pattern, each]) => `${pattern}\n${each.map(({ name, value }) => `  ${name}: ${value}\n`).join('')}`,
    )
    .join('');
  return { text, problems };
}

/** What the option and the app say: of one pattern the later counts. */
function ownLines({ headers, pages }: HeaderSources): HeaderLine[] {
  const slashed = new Set(
    pages.filter(({ file }) => file.endsWith('/index.html')).map(({ path }) => withoutSlash(path)),
  );
  // Cloudflare serves about/index.html as /about/, and Netlify takes either form for the other.
  const patternOf = (path: string): string =>
    hostPath(slashed.has(withoutSlash(path)) ? `${withoutSlash(path)}/` : path);
  const said = headers.flatMap(({ path, headers: values }) =>
    Object.entries(values).map(([name, value]) => ({
      pattern: patternOf(path),
      name: name.toLowerCase(),
      value,
    })),
  );
  const ofApp = appLines(pages)
    .map((line) => ({ ...line, pattern: patternOf(line.pattern) }))
    .filter(({ pattern, name }) => !said.some((line) => line.name === name && covers(line.pattern, pattern)));
  return [
    ...new Map([...ofApp, ...said].map((line) => [`${line.pattern} ${line.name}`, line] as const)).values(),
  ];
}

/** What the app sends with its pages: with every page alike it is said once. */
function appLines(pages: readonly HostedPage[]): HeaderLine[] {
  const [first] = pages;
  if (first === undefined) return [];
  const isOfAll = (name: string, value: string): boolean =>
    name !== 'content-type' && pages.every(({ headers }) => headers[name] === value);
  const common = Object.entries(first.headers).filter(([name, value]) => isOfAll(name, value));
  const shared = new Set(common.map(([name]) => name));
  return [
    ...common.map(([name, value]) => ({ pattern: '/*', name, value })),
    ...pages.flatMap(({ path, headers }) =>
      Object.entries(headers)
        .filter(([name]) => !shared.has(name))
        .map(([name, value]) => ({ pattern: path, name, value })),
    ),
  ];
}

/**
 * URLs that never change: a rule for each folder that is named by a fingerprint. A placeholder would fit all of them, and
 * whatever else is in a folder below the assets' path.
 */
function assetLines({ files, assetPath }: HeaderSources): HeaderLine[] {
  if (assetPath === undefined) return [];
  const below = assetPath.slice(1);
  const folders = new Set<string>();
  for (const file of files) {
    if (!file.startsWith(below)) continue;
    const [folder = '', ...rest] = file.slice(below.length).split('/');
    if (rest.length > 0 && isVersion(folder)) folders.add(folder);
  }
  return [...folders].toSorted().map((folder) => ({
    pattern: `${hostPath(assetPath)}${folder}/*`,
    name: 'cache-control',
    value: cacheFor(YEAR_SECONDS, true),
  }));
}

/** Leaves out what a wider pattern says alike: a host that joins values would send it twice. */
function withoutRepeats(lines: readonly HeaderLine[]): HeaderLine[] {
  const wide = lines.filter(({ pattern }) => pattern.endsWith('*'));
  return lines.filter(
    (line) =>
      !wide.some(
        (other) =>
          other.name === line.name &&
          other.value === line.value &&
          other.pattern !== line.pattern &&
          covers(other.pattern, line.pattern),
      ),
  );
}

function overlaps(lines: readonly HeaderLine[]): HostProblem[] {
  return [...grouped(lines, ({ name }) => name).values()].flatMap((alike) => {
    const wide = alike.filter(({ pattern }) => pattern.endsWith('*'));
    return alike.flatMap((line) =>
      wide
        .filter((other) => other !== line && covers(other.pattern, line.pattern))
        .map((other) =>
          error(
            `The header ${quote(line.name)} is given for ${quote(other.pattern)} and for ${quote(line.pattern)}, and hosts do not agree on what a URL of both gets. Give it for paths that do not overlap.`,
          ),
        ),
    );
  });
}

/** Whether a pattern fits all that another one fits. */
function covers(wide: string, narrow: string): boolean {
  return wide === narrow || (wide.endsWith('*') && narrow.startsWith(wide.slice(0, -1)));
}

function problemsOfLine({ pattern, name, value }: HeaderLine): HostProblem[] {
  const { length } = `  ${name}: ${value}`;
  const what = `The header ${quote(name)} of ${quote(pattern)}`;
  const unfit = problemOfPath(pattern);
  const words = [
    unfit !== undefined && `cannot be said in "_headers": ${unfit}`,
    !/^[!-~](?:[\t -~]*[!-~])?$/.test(value) &&
      `cannot be said in "_headers": its value ${quote(value)} has characters beyond ASCII, or begins or ends with a space.`,
    DECIDED_BY_HOSTS.includes(name) && 'is decided by hosts. Leave it out.',
    length > LONGEST_LINE &&
      `makes a line of ${length} characters, and Cloudflare Pages reads ${LONGEST_LINE}. Shorten it.`,
  ];
  return words.filter((each) => each !== false).map((each) => error(`${what} ${each}`));
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}

/** Groups by what a function says, in the order of first meeting. */
function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
