import { expected, isStringList } from '../core/option-kinds.ts';
import { resolveOptions, type Table } from '../core/options.ts';
import { quote } from '../core/text.ts';
import { keptHeaders } from '../http/kept-headers.ts';
import type { App, RenderedHead } from '../render/index.ts';
import { keyOfUrl } from './rules/index.ts';
import { urlRefusal } from './url-refusal.ts';
import type { InspectionSetting } from './why.ts';

/** Options of {@link Pages.verify}. */
export interface VerifyOptions {
  /**
   * Cookies of a visitor who is logged in: `'session=…'`.
   *
   * @defaultValue none
   */
  readonly cookies?: readonly string[];
}

/** The options of {@link Pages.verify}. */
export const VERIFY_OPTIONS: Table<VerifyOptions> = {
  cookies: {
    ...expected<readonly string[]>(
      { kind: 'strings' },
      'a list of cookies such as "session=1"',
      isStringList,
    ),
    flag: '--cookie <name=value>',
    default: [],
    defaultText: 'none',
    help: "Cookies of a visitor who is logged in: 'session=…'.",
  },
};

/** Where another visitor's page differs. */
export interface Difference {
  /** Whose page it is: `'another language'`. */
  readonly visitor: string;
  /** Where: the status, a header, or a line of the body. */
  readonly where: string;
  readonly stored: string;
  readonly theirs: string;
}

/** What other visitors would get in place of a page. */
export interface Verification {
  readonly url: string;
  /** What the app answers: with a status other than 200 nothing is stored, however equal. */
  readonly status: number;
  /** Whose pages were compared. */
  readonly visitors: readonly string[];
  /** Empty when the page is the same for all of them. */
  readonly differences: readonly Difference[];
}

type Visitor = readonly [name: string, headers: Readonly<Record<string, string>>];

const MOST_LINES = 5;

function visitors(cookies: readonly string[]): Visitor[] {
  return [
    ['the same visitor again', {}],
    ['another language', { 'Accept-Language': 'de-AT,de;q=0.9' }],
    ['a right-to-left language', { 'Accept-Language': 'ar' }],
    [
      'a phone',
      {
        'User-Agent':
          'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
        'Sec-CH-UA-Mobile': '?1',
      },
    ],
    ['a crawler', { 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }],
    ['a visitor with a cookie', { Cookie: ['static-url-verify=1', ...cookies].join('; ') }],
  ];
}

/** Renders a page with other cookies, languages and agents, and tells where it differs. */
export async function verifyPage(
  url: string,
  options: VerifyOptions,
  { rules, maker, app, lost }: InspectionSetting,
): Promise<Verification> {
  const { cookies } = resolveOptions('verify()', options, VERIFY_OPTIONS);
  const decision = keyOfUrl(url, rules);
  if (decision.kind === 'bypass') {
    const { code, detail } = urlRefusal(decision);
    throw new TypeError(
      `There is nothing to verify at ${quote(url)}, which is never stored: ${code}: ${detail}`,
    );
  }
  const { key } = decision;
  const target: App = await app();
  const others = visitors(cookies);
  const ask = (headers: Readonly<Record<string, string>>): Promise<Seen> =>
    see(maker.ask(target, key, headers), lost);
  const ours = await ask({});
  const differences: Difference[] = [];
  for (const [visitor, headers] of others) {
    const theirs = await ask(headers);
    differences.push(...compare(ours, theirs).map((each) => ({ visitor, ...each })));
  }
  return {
    url: key.site + key.target,
    status: Number(ours.status),
    visitors: others.map(([name]) => name),
    differences,
  };
}

/** What a visitor sees of a page. */
interface Seen {
  readonly status: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly lines: readonly string[];
}

async function see(
  asked: Promise<{ head: RenderedHead; body: Buffer }>,
  lost: readonly string[],
): Promise<Seen> {
  const { head, body } = await asked;
  return {
    status: String(head.status),
    headers: keptHeaders(head.headers, lost),
    lines: body.toString().split('\n'),
  };
}

type Found = Omit<Difference, 'visitor'>;

function compare(ours: Seen, theirs: Seen): Found[] {
  const found: Found[] = [];
  if (ours.status !== theirs.status)
    found.push({ where: 'status', stored: ours.status, theirs: theirs.status });
  for (const name of new Set([...ours.headers.keys(), ...theirs.headers.keys()])) {
    const [stored = '', other = ''] = [ours.headers.get(name), theirs.headers.get(name)];
    if (stored !== other) found.push({ where: `header ${name}`, stored, theirs: other });
  }
  return [...found, ...compareLines(ours.lines, theirs.lines)];
}

/** Line by line: a page that gained a line differs in all that follow, so only a few are told. */
function compareLines(ours: readonly string[], theirs: readonly string[]): Found[] {
  const found: Found[] = [];
  for (let line = 0; line < Math.max(ours.length, theirs.length) && found.length < MOST_LINES; line += 1) {
    const [stored = '', other = ''] = [ours[line], theirs[line]];
    if (stored !== other)
      found.push({ where: `line ${line + 1}`, stored: stored.trim(), theirs: other.trim() });
  }
  return found;
}
