import { quote } from '../../core/text.ts';
import type { SiteFinding } from '../site.ts';
import { FaultList, type Fault } from './fault-list.ts';
import type { LinkAnswer, LinkAnswers } from './link-answers.ts';
import { findBrokenFragments } from './fragments.ts';
import { decodeLinks, type LinkKind } from './link-text.ts';
import { NearestPath } from './nearest-path.ts';
import type { SiteUnderCheck } from './site-under-check.ts';

/** What the links of all pages come to. */
export interface CheckedLinks {
  readonly findings: SiteFinding[];
  /** The files that some other page leads to. */
  readonly linked: ReadonlySet<string>;
}

/** Follows every link of every page. */
export async function checkLinks(site: SiteUnderCheck, answers: LinkAnswers): Promise<CheckedLinks> {
  const fragments = await findBrokenFragments(site, answers);
  const faults = new FaultList();
  const linked = new Set<string>();
  const advisers = advisersOf(site);
  for (const { file, record } of site.pages())
    for (const { target, line, kind } of decodeLinks(record.links)) {
      const answer = answers.of(target);
      if ('file' in answer && answer.file !== undefined && answer.file !== file) linked.add(answer.file);
      const role = roleOf(kind);
      if (answer.kind !== 'file')
        faults.add(`${role} ${target}`, file, line, () => describe(answer, role, site, advisers));
      const fragment = fragments.get(target);
      if (fragment !== undefined)
        faults.add(`fragment ${role} ${target}`, file, line, () => ({
          kind: 'FRAGMENT_BROKEN',
          severity: severityOf(role),
          message: fragment,
        }));
    }
  return { findings: faults.findings(), linked };
}

/** What matters of a link's kind to what is said of it. */
type Role = 'link' | 'form' | 'asset' | 'inert';

function roleOf(kind: LinkKind): Role {
  return kind === 'asset' || kind === 'form' || kind === 'inert' ? kind : 'link';
}

/** What a script may still change, or a visitor rarely follows, is no reason to stop an export. */
function severityOf(role: Role): Fault['severity'] {
  return role === 'form' || role === 'inert' ? 'warning' : 'error';
}

/** How messages begin. */
const SUBJECTS: Readonly<Record<Role, string>> = {
  link: 'The link leads to',
  form: 'The form leads to',
  asset: 'The page refers to',
  inert: 'The template refers to',
};

interface Advisers {
  readonly pages: NearestPath;
  readonly files: NearestPath;
}

function advisersOf(site: SiteUnderCheck): Advisers {
  return {
    pages: new NearestPath(function* () {
      for (const { record } of site.pages()) yield new URL(record.url).pathname;
    }),
    files: new NearestPath(function* () {
      for (const file of site.files()) if (!/\.html?$/.test(file)) yield site.base.path + encodeURI(file);
    }),
  };
}

function describe(
  answer: Exclude<LinkAnswer, { kind: 'file' }>,
  role: Role,
  { base }: SiteUnderCheck,
  advisers: Advisers,
): Fault {
  const subject = SUBJECTS[role];
  const severity = severityOf(role);
  const broken = role === 'asset' ? 'ASSET_BROKEN' : 'LINK_BROKEN';
  switch (answer.kind) {
    case 'missing': {
      const advice = (role === 'asset' ? advisers.files : advisers.pages).advice(answer.path);
      const mend =
        role === 'asset'
          ? ' Mend the URL, or bring the file in by "assets", "copies" or "passThrough".'
          : ' Mend the link, or name the page in "routes".';
      return {
        kind: broken,
        severity,
        message: `${subject} ${quote(answer.path)}, which is not in the site.${advice || mend}`,
      };
    }
    case 'astray':
      return {
        kind: broken,
        severity,
        message: `${subject} ${quote(answer.path)}, which is redirected to ${quote(answer.to)}, where nothing is. Mend the redirect.`,
      };
    case 'redirect':
      return {
        kind: 'LINK_REDIRECTED',
        severity: 'warning',
        message: `${subject} a redirect to ${quote(answer.to)}. Write that instead.`,
      };
    case 'outside':
      return outside(answer, role, base.path);
    case 'local':
      return {
        kind: 'LINK_LOCAL',
        severity,
        message: `${subject} ${quote(answer.url)}, which visitors cannot reach. Write a path, or build the URL from the host of the request.`,
      };
  }
}

function outside(
  { path, isWhole }: Extract<LinkAnswer, { kind: 'outside' }>,
  role: Role,
  root: string,
): Fault {
  const what = `${SUBJECTS[role]} ${quote(path)}, which is outside of ${quote(root)}, where the site is.`;
  // Who writes the whole URL may well mean another site of that host.
  if (isWhole)
    return {
      kind: 'LINK_OUTSIDE',
      severity: 'warning',
      message: `${what} If it means this site, let the app begin its paths with req.baseUrl.`,
    };
  return {
    kind: 'LINK_OUTSIDE',
    severity: severityOf(role),
    message: `${what} The app assumes the root of the host: let it begin its paths with req.baseUrl, or write relative links.`,
  };
}

/** Finds redirects of the site that lead to nothing. */
export function checkRedirects(site: SiteUnderCheck, answers: LinkAnswers): SiteFinding[] {
  const findings: SiteFinding[] = [];
  for (const [from, to] of site.redirects) {
    const answer = answers.answer(new URL(from, 'http://localhost').pathname);
    if (answer.kind === 'astray')
      findings.push({
        kind: 'LINK_BROKEN',
        severity: 'error',
        message: `The redirect from ${quote(from)} leads to ${quote(to)}, where nothing is. Mend it in "redirects", or in the app.`,
      });
  }
  return findings;
}
