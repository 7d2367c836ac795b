import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { evaluateConditions } from '../http/conditions.ts';
import { EncodingNegotiator } from '../http/negotiation.ts';
import { sendBytes } from '../http/response-body.ts';
import type { ResolvedPages } from './resolve-pages.ts';
import { contentType } from './rules/index.ts';
import type { PageContent } from './store.ts';

const negotiator = new EncodingNegotiator(['br', 'gzip']);

const SMALL_BYTES = 32 * 1024;

/** A page in one coding, with all that is the same in each answer. */
interface PreparedPage {
  readonly etag: string;
  readonly body: Buffer;
  /** The same as a string of bytes, where the page is small: Node writes a string at once with the head, a buffer after it. */
  readonly bytes: string | undefined;
  /** Of a 304, too. */
  readonly headers: Readonly<Record<string, string>>;
  /** What describes the body. */
  readonly bodyHeaders: Readonly<Record<string, string | number>>;
}

type Copy = PageContent['copies'][number];

/** Sends stored pages, as nginx would: `ETag` and 304, compressed where the client takes it. */
export class PageAnswers {
  readonly #options: ResolvedPages;
  /** By the copy that is sent, or by the page itself. */
  readonly #prepared = new WeakMap<PageContent | Copy, PreparedPage>();

  constructor(options: ResolvedPages) {
    this.#options = options;
  }

  /**
   * Answers a GET or HEAD.
   *
   * @param status - the member of `Cache-Status`
   */
  send(
    request: HttpRequest,
    response: HttpResponse,
    page: PageContent,
    target: string,
    status: string,
  ): void {
    const copy = negotiator.choose(request.headers['accept-encoding']?.toString(), page.copies);
    const prepared = this.#prepared.get(copy ?? page) ?? this.#prepare(page, copy, target);
    const { etag, body, bytes, headers, bodyHeaders } = prepared;
    const own = { 'Cache-Status': appended(response, status), Vary: varyByEncoding(response) };
    // The answer is everybody's: a cookie that middleware has set for this visitor is no part of it.
    response.removeHeader('Set-Cookie');
    if (isNotModified(request, etag)) {
      response.writeHead(304, { ...headers, ...own });
      response.end();
      return;
    }
    response.writeHead(200, { ...headers, ...own, ...bodyHeaders });
    if (request.method === 'HEAD') response.end();
    else if (bytes !== undefined && request.httpVersionMajor === 1) response.end(bytes, 'latin1');
    else sendBytes(body, response);
  }

  #prepare(page: PageContent, copy: Copy | undefined, target: string): PreparedPage {
    const { browserCacheControl, cacheTagHeader, declaredFor } = this.#options;
    const body = copy?.body ?? page.body;
    const etag = copy === undefined ? page.etag : `${page.etag.slice(0, -1)}-${copy.encoding}"`;
    const declared = [...declaredFor(target).values()].map(({ name, value }) => [name, value]);
    const tags =
      cacheTagHeader === undefined || page.tags.length === 0
        ? {}
        : { [cacheTagHeader]: tagList(cacheTagHeader, page.tags) };
    const prepared: PreparedPage = {
      etag,
      body,
      bytes: body.length <= SMALL_BYTES ? body.toString('latin1') : undefined,
      headers: { ...Object.fromEntries(declared), ...tags, ETag: etag, 'Cache-Control': browserCacheControl },
      bodyHeaders: {
        'Content-Type': contentType(page.mediaType),
        'Content-Length': body.length,
        ...(copy === undefined ? {} : { 'Content-Encoding': copy.encoding }),
      },
    };
    this.#prepared.set(copy ?? page, prepared);
    return prepared;
  }
}

/** By `If-None-Match` alone: pages have no date, for two of them can be of one second. */
export function isNotModified({ headers }: HttpRequest, etag: string): boolean {
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
