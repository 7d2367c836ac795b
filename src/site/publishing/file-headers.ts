import mimeTypes from 'mime-types';
import { cacheFor, REVALIDATE, YEAR_SECONDS } from '../../http/headers.ts';
import { pathOfUrl } from '../files/redirect-pages.ts';
import { headersFor, type SiteHeaders } from '../hosting/index.ts';
import { canonicalPath, pathOfName, type SitePlace } from '../routes/site-place.ts';
import type { TargetHeaders } from '../targets/target.ts';
import type { LocalFile } from './local-site.ts';

/** What decides about the headers of a file. */
export interface HeaderSettings {
  readonly place: SitePlace;
  /** The option `headers` of the site. */
  readonly rules: readonly SiteHeaders[];
  /** What the target can keep, in lower case. */
  readonly kept: readonly string[];
  /** The path below which the site is at its public URL, with a slash at both ends. */
  readonly publicPath: string;
}

/** The headers of a file: those that the target keeps, and the names of those that it does not. */
export interface FileHeaders {
  readonly headers: TargetHeaders;
  readonly lost: readonly string[];
}

/**
 * Decides what a file is sent with. Of what says something about a header the first counts: its fingerprint, the option `headers`, the
 * app that sent the page, the extension.
 */
export function headersOfFile(
  file: Pick<LocalFile, 'key' | 'isFingerprinted' | 'record'>,
  { place, rules, kept, publicPath }: HeaderSettings,
): FileHeaders {
  const { key, isFingerprinted, record } = file;
  const isPacked = /\.svgz$/i.test(key);
  const wanted: Record<string, string> = {
    'content-type': record?.page?.contentType ?? typeOfName(key),
    'cache-control': REVALIDATE,
    ...(isPacked && { 'content-encoding': 'gzip' }),
    ...record?.page?.headers,
    ...headersOfRules(formsOf(sitePathOf(file, place)), rules),
    ...(isFingerprinted && { 'cache-control': cacheFor(YEAR_SECONDS, true) }),
    ...(record?.redirect !== undefined && locationOf(record.redirect, place, publicPath)),
  };
  const headers: Record<string, string> = {};
  const lost: string[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    if (kept.includes(name)) headers[name] = value;
    // Without it there is a page that leads on.
    else if (name !== 'location') lost.push(name);
  }
  return { headers, lost };
}

/** The path of the site that a file has: of a page the one that visitors ask for. */
function sitePathOf({ key, record }: Pick<LocalFile, 'key' | 'record'>, place: SitePlace): string {
  if (record?.page !== undefined) return pathOfUrl(record.page.url, place) ?? pathOfName(key);
  const folder = key.replace(/(?:^|\/)index\.html$/, '');
  return canonicalPath(pathOfName(folder), key, place.slash);
}

function typeOfName(key: string): string {
  const [extension = ''] = /\.[^./]+$/.exec(key) ?? [];
  return (extension !== '' && mimeTypes.contentType(extension)) || 'application/octet-stream';
}

/** A path without and with a slash at its end: a rule for either is meant for the page. */
function formsOf(path: string): readonly string[] {
  const bare = decodeURIComponent(path).replace(/(.)\/$/, '$1');
  return bare === '/' ? [bare] : [bare, `${bare}/`];
}

function headersOfRules(forms: readonly string[], rules: readonly SiteHeaders[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const rule of rules) {
    const readable = [{ ...rule, path: decodeURIComponent(rule.path) }];
    for (const form of forms) Object.assign(found, Object.fromEntries(headersFor(form, readable)));
  }
  return found;
}

/** Buckets redirect for ever (301), so only such redirects are theirs; the others stay pages. */
function locationOf(
  { to, status }: { readonly to: string; readonly status: number },
  place: SitePlace,
  publicPath: string,
): Record<string, string> {
  if (status !== 301 && status !== 308) return {};
  const path = pathOfUrl(to, place);
  if (path === undefined) return { location: to };
  const { search, hash } = new URL(to);
  return { location: publicPath + path.slice(1) + search + hash };
}
