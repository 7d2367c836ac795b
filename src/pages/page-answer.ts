import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { evaluateConditions } from '../http/conditions.ts';
import { EncodingNegotiator } from '../http/negotiation.ts';
import { sendBytes } from '../http/response-body.ts';
import type { ResolvedPages } from './resolve-pages.ts';
import { contentType } from './rules/index.ts';
import type { PageContent } from './store.ts';

const negotiator = new EncodingNegotiator(['br', 'gzip']);

/**
 * Answers a GET or HEAD with a stored page, as nginx would: `ETag` and 304, compressed where the client takes it.
 *
 * @param status - the member of `Cache-Status`
 */
export function sendPage(
  request: HttpRequest,
  response: HttpResponse,
  page: PageContent,
  target: string,
  status: string,
  { browserCacheControl, cacheTagHeader, declaredFor }: ResolvedPages,
): void {
  const copy = negotiator.choose(request.headers['accept-encoding']?.toString(), page.copies);
  const body = copy?.body ?? page.body;
  const etag = copy === undefined ? page.etag : `${page.etag.slice(0, -1)}-${copy.encoding}"`;
  const headers: Record<string, string | number> = {};
  for (const { name, value } of declaredFor(target).values()) headers[name] = value;
  headers['ETag'] = etag;
  headers['Cache-Control'] = browserCacheControl;
  headers['Cache-Status'] = appended(response, status);
  if (page.copies.length > 0) headers['Vary'] = varyByEncoding(response);
  if (cacheTagHeader !== undefined && page.tags.length > 0)
    headers[cacheTagHeader] = tagList(cacheTagHeader, page.tags);
  // The answer is everybody's: what middleware has set for this visitor is not of it.
  response.removeHeader('Set-Cookie');
  if (isNotModified(request, etag)) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  headers['Content-Type'] = contentType(page.mediaType);
  headers['Content-Length'] = body.length;
  if (copy !== undefined) headers['Content-Encoding'] = copy.encoding;
  response.writeHead(200, headers);
  if (request.method === 'HEAD') response.end();
  else sendBytes(body, response);
}

/** By `If-None-Match` alone: pages have no date, for two of them can be of one second. */
function isNotModified({ headers }: HttpRequest, etag: string): boolean {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch === undefined) return false;
  return evaluateConditions({ 'if-none-match': ifNoneMatch }, { etag, lastModified: '' }) === 'not-modified';
}

/** `Cache-Status` with a member more: each cache on the way adds its own. */
export function appended(response: HttpResponse, status: string): string {
  const present = response.getHeader('Cache-Status');
  return present === undefined ? status : `${[present].flat().join(', ')}, ${status}`;
}

function varyByEncoding(response: HttpResponse): string {
  const present = response.getHeader('Vary');
  return present === undefined ? 'Accept-Encoding' : `${[present].flat().join(', ')}, Accept-Encoding`;
}

/** `Surrogate-Key` is separated by spaces, all others by commas. */
function tagList(header: string, tags: readonly string[]): string {
  return tags.map(encodeTag).join(header.toLowerCase() === 'surrogate-key' ? ' ' : ',');
}

/** As a header can have it, without the separators of either list. Half a character, which has no code, becomes `U+FFFD`. */
function encodeTag(tag: string): string {
  return encodeURIComponent(Buffer.from(tag).toString()).replaceAll('%3A', ':').replaceAll('%2F', '/');
}
