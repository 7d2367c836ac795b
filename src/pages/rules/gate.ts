import type { IncomingHttpHeaders } from 'node:http';
import { optionError } from '../../core/errors.ts';
import type { Resolved } from '../../core/options.ts';
import { quote } from '../../core/text.ts';
import type { GateOptions } from '../options.ts';
import type { PageKey } from '../store.ts';
import { cookieRule, type CookieRule } from './cookie-rule.ts';
import type { BypassDecision, GateDecision, GateReason } from './gate-reasons.ts';
import { NAMED_HEADERS, SCRIPT_HEADERS, takesPages } from './header-rules.ts';
import { isCanonicalPath, isShort } from './path-rule.ts';
import { queryRule, type QueryRule } from './query-rule.ts';
import { matchUrls, type UrlMatcher } from './url-patterns.ts';

/** What the gate asks of a request. */
export interface GateRequest {
  readonly method: string | undefined;
  /** As it stands in the request line, or in `:path`. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Where they are given, a Host that is sent twice is seen. */
  readonly rawHeaders?: readonly string[];
  readonly httpVersionMajor: number;
}

/** {@link GateOptions} with everything decided. */
export interface GateRules {
  /** The first is the one that paths are published to. */
  readonly sites: readonly string[];
  readonly siteOfHost: ReadonlyMap<string, string>;
  /** Headers whose presence sends a request to the app, in lower case. */
  readonly headers: readonly string[];
  readonly cookies: CookieRule;
  readonly query: QueryRule;
  readonly urls: UrlMatcher;
  readonly exclude: UrlMatcher;
  /** Whether the store can keep a page of that key. */
  readonly takesKey: (key: PageKey) => boolean;
}

/**
 * Decides once what the gate asks of each request.
 *
 * @param takesKey - whether the store can keep a page of a key
 * @throws TypeError for what is no site, a pattern that nginx could not be told, or options that contradict each other
 */
export function resolveGate(
  options: Resolved<GateOptions, 'bypassCookies' | 'ignoreQuery'>,
  takesKey: (key: PageKey) => boolean = () => true,
): GateRules {
  return {
    sites: options.sites,
    siteOfHost: sitesByHost(options.sites),
    headers: [
      ...new Set([
        ...Object.keys(NAMED_HEADERS),
        ...SCRIPT_HEADERS,
        ...options.bypassHeaders.map(headerName),
      ]),
    ],
    cookies: cookieRule(options),
    query: queryRule(options.query, options.ignoreQuery),
    urls: matchUrls(options.urls, 'urls'),
    exclude: matchUrls(options.exclude, 'exclude'),
    takesKey,
  };
}

function sitesByHost(sites: readonly string[]): Map<string, string> {
  if (sites.length === 0) throw refuseSites('is an empty list. Name the origin that visitors see.');
  const byHost = new Map<string, string>();
  for (const site of sites) {
    const url = URL.canParse(site) ? new URL(site) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw refuseSites(`has ${quote(site)}, which is no origin such as "https://www.example.com".`);
    if (url.origin !== site)
      throw refuseSites(`has ${quote(site)}. Write just the origin: ${quote(url.origin)}.`);
    const other = byHost.get(url.host);
    if (other !== undefined)
      throw refuseSites(
        `has ${quote(other)} and ${quote(site)}: a request's Host does not tell them apart. Keep one.`,
      );
    byHost.set(url.host, site);
  }
  return byHost;
}

function refuseSites(problem: string): Error {
  return optionError('sites', (name) => `${name('sites')} ${problem}`);
}

/** Nginx has variables of no other headers, and drops a request's that are named with `_`. */
function headerName(name: string): string {
  if (/^[A-Za-z\d-]+$/.test(name)) return name.toLowerCase();
  throw optionError(
    'bypassHeaders',
    (naming) =>
      `${naming('bypassHeaders')} has ${quote(name)}, which nginx does not read. Name headers of letters, digits and "-".`,
  );
}

const REASONS: Readonly<Partial<Record<string, GateReason>>> = NAMED_HEADERS;

function reasonOf(header: string): GateReason {
  return REASONS[header] ?? 'HEADER';
}

/** Whether a request may be answered from the store, and with which page. */
export function decideRequest(request: GateRequest, rules: GateRules): GateDecision {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return bypass('METHOD');
  for (const name of rules.headers) if (isGiven(headers[name])) return bypass(reasonOf(name), name);
  const { accept, cookie } = headers;
  if (isGiven(accept) && !takesPages(accept)) return bypass('ACCEPT');
  const site = siteOf(request, rules);
  if (site === undefined) return bypass('SITE');
  const decision = decideTarget(site, request.target, rules);
  if (decision.kind === 'bypass' || !isGiven(cookie)) return decision;
  const cookies = rules.cookies.mattering(cookie);
  return cookies.length === 0 ? decision : { kind: 'bypass', reason: 'COOKIE', cookies };
}

/**
 * The page of a URL, for publishing: a path of the first site, or the URL of any site.
 *
 * What stands behind a `#` is no part of a page's URL.
 */
export function keyOfUrl(url: string | URL, rules: GateRules): GateDecision {
  const [text = ''] = String(url).split('#');
  if (text.startsWith('/')) return decideTarget(rules.sites[0] ?? '', text, rules);
  const [, origin = '', target = ''] = /^(https?:\/\/[\w.:[\]-]+)(?![^/?])(.*)$/is.exec(text) ?? [];
  const site = URL.canParse(origin) ? rules.siteOfHost.get(new URL(origin).host) : undefined;
  if (site === undefined || new URL(origin).origin !== site) return bypass('SITE');
  return decideTarget(site, target.startsWith('/') ? target : `/${target}`, rules);
}

function decideTarget(site: string, target: string, rules: GateRules): GateDecision {
  const end = target.indexOf('?');
  const path = end === -1 ? target : target.slice(0, end);
  if (!isCanonicalPath(path)) return bypass('PATH');
  const query = end === -1 ? '' : rules.query.pageQuery(target.slice(end));
  if (query === undefined) return bypass('QUERY');
  const page = path + query;
  if (!isShort(page)) return bypass('PATH');
  if (!rules.urls.matches(path)) return bypass('URL');
  if (rules.exclude.matches(path)) return bypass('EXCLUDED');
  const key = { site, target: page };
  return rules.takesKey(key) ? { kind: 'page', key } : bypass('KEY_LENGTH');
}

/** An empty header is none: nginx does not tell the two apart. */
function isGiven<Value extends string | string[]>(value: Value | undefined): value is Value {
  return value !== undefined && value.length > 0;
}

/** The site that a request is for; `undefined` where its Host is none of them, absent, or given twice. */
export function siteOf(
  {
    headers,
    rawHeaders = [],
    httpVersionMajor,
  }: Pick<GateRequest, 'headers' | 'rawHeaders' | 'httpVersionMajor'>,
  rules: GateRules,
): string | undefined {
  const { host } = headers;
  if (httpVersionMajor < 2) return hostCount(rawHeaders) > 1 ? undefined : rules.siteOfHost.get(host ?? '');
  const authority = headers[':authority'];
  if (typeof authority !== 'string') return rules.siteOfHost.get(host ?? '');
  return host === undefined || host === authority ? rules.siteOfHost.get(authority) : undefined;
}

function hostCount(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function bypass(reason: GateReason, detail?: string): BypassDecision {
  return detail === undefined ? { kind: 'bypass', reason } : { kind: 'bypass', reason, detail };
}
