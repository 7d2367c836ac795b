import { quote } from '../../core/text.ts';
import type { PublicAnswer } from './public-answer.ts';
import type { PublicFile } from './public-urls.ts';

/** What an answer is worth. */
export type Verdict =
  | { readonly kind: 'right' }
  /** `passes`: asked again a little later, it may be right. */
  | { readonly kind: 'wrong'; readonly reason: string; readonly passes: boolean };

const RIGHT: Verdict = { kind: 'right' };

/** Judges what a public URL answered. */
export function verdictOf(file: PublicFile, answer: PublicAnswer): Verdict {
  const { status, url, headers, md5, redirect } = answer;
  const { location } = file.headers;
  // A website redirects itself; other hosts send the page that leads on.
  if (location !== undefined && redirect !== undefined && isSameUrl(redirect.location, location, url))
    return RIGHT;
  if (status === 401 || status === 403)
    return wrong(
      `It answers with ${status}: visitors may not read it. Make the bucket public, or let the CDN in front of it read it.`,
    );
  if (status >= 300 && status < 400)
    return wrong(`It redirects to ${quote(redirect?.location)}, another host. Check "publicUrl".`);
  if (status !== 200 && status !== file.status)
    return wrong(
      status === 404
        ? 'It answers with 404. Check "publicUrl" and "prefix", or whether a cache still knows that nothing was there.'
        : `It answers with ${status}.`,
      status === 404 || status === 429 || status >= 500,
    );
  if (md5 !== file.md5)
    return wrong(
      /\bhtml\b/.test(headers['content-type'] ?? '') &&
        !/\bhtml\b/.test(file.headers['content-type'] ?? 'html')
        ? 'A page is sent in its place. Check "publicUrl".'
        : 'It has another body than was uploaded: a cache still has the old one, or "publicUrl" leads elsewhere. Let "purge" tell the cache.',
      true,
    );
  return headerVerdict(file, headers);
}

/** Whether a host that was asked for a page by its path seems not to know that: a bucket may answer with the list of its objects. */
export function isUnknownPath({ headers }: PublicFile, answer: PublicAnswer): boolean {
  const type = headers['content-type'];
  const isOtherType =
    type !== undefined && essenceOf(type) !== essenceOf(answer.headers['content-type'] ?? '');
  return [403, 404].includes(answer.status) || (answer.status === 200 && isOtherType);
}

function essenceOf(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}

function headerVerdict({ headers }: PublicFile, answered: PublicAnswer['headers']): Verdict {
  const type = headers['content-type'];
  if (type !== undefined && !isSameType(type, answered['content-type']))
    return wrong(
      `Its Content-Type is ${quote(answered['content-type'])}, and was uploaded as ${quote(type)}. See what changes it: a CDN, or a rule of the server.`,
    );
  const cache = headers['cache-control'];
  if (cache !== undefined && !isSameCache(cache, answered['cache-control']))
    return wrong(
      `Its Cache-Control is ${quote(answered['cache-control'])}, and was uploaded as ${quote(cache)}. See what changes it: a setting of the CDN, such as a browser cache time.`,
      // An older answer may be in the cache.
      true,
    );
  return RIGHT;
}

function wrong(reason: string, passes = false): Verdict {
  return { kind: 'wrong', reason, passes };
}

function isSameUrl(one: string, other: string, base: string): boolean {
  return new URL(one, base).href === new URL(other, base).href;
}

/** Parameters count too, but neither case nor spaces do (RFC 9110 §8.3.1). */
function isSameType(one: string, other: string | undefined): boolean {
  return other !== undefined && canonical(one, ';') === canonical(other, ';');
}

/** Directives in any order (RFC 9111 §5.2). */
function isSameCache(one: string, other: string | undefined): boolean {
  return other !== undefined && canonical(one, ',') === canonical(other, ',');
}

function canonical(value: string, separator: string): string {
  const parts = value.toLowerCase().replaceAll('"', '').split(separator);
  return parts
    .map((part) => part.trim())
    .toSorted()
    .join(separator);
}
