import type { IncomingHttpHeaders } from 'node:http';
import { parseByteRange } from './byte-range.ts';
import { evaluateConditions, isRangeOfSameBody } from './conditions.ts';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import { refuse } from './refusal.ts';
import { sendBytes } from './response-body.ts';

/** Headers by name. */
type HeaderFields = Readonly<Record<string, string | number>>;

/** The headers of a 200 with a whole body: all that is known of it, which its 206 and 304 are made from. */
export interface WholeHeaders extends HeaderFields {
  /** In bytes. */
  readonly 'Content-Length': number;
}

/** {@link WholeHeaders} of a body that a client can ask about, and ask for parts of. */
export type ValidatedHeaders = WholeHeaders & {
  /** With its quotes, and `W/` before it where it is weak. */
  readonly ETag?: string;
  /** As an HTTP date. */
  readonly 'Last-Modified'?: string;
};

/** Bytes from `start` up to but without `end`. */
export interface BodyPart {
  readonly start: number;
  readonly end: number;
}

/** How a request for a body that is there is answered. */
export type AnswerDecision =
  | { readonly kind: 'whole' }
  | ({ readonly kind: 'part' } & BodyPart)
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'refuse'; readonly status: 412 | 416 };

const WHOLE: AnswerDecision = { kind: 'whole' };
const NOT_MODIFIED: AnswerDecision = { kind: 'not-modified' };

/** Decides about conditions and ranges in the order of RFC 9110 §13.2.2. A range counts for GET only (§14.2). */
export function decideAnswer(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  whole: ValidatedHeaders,
): AnswerDecision {
  const validators = { etag: whole.ETag, lastModified: whole['Last-Modified'] };
  const result = evaluateConditions(headers, validators);
  if (result === 'not-modified') return NOT_MODIFIED;
  if (result === 'failed') return { kind: 'refuse', status: 412 };
  const { range } = headers;
  const ifRange = headers['if-range']?.toString();
  if (range === undefined || method !== 'GET' || !isRangeOfSameBody(ifRange, validators)) return WHOLE;
  const bytes = parseByteRange(range, whole['Content-Length']);
  return bytes.kind === 'unsatisfiable' ? { kind: 'refuse', status: 416 } : bytes;
}

/**
 * Begins an answer with a prepared body, as conditions and ranges will have it; ends it where no body is sent.
 *
 * @param refusalHeaders - headers of an answer that refuses
 * @returns the part of the body that is to be sent, if any
 */
export function beginAnswer(
  request: Pick<HttpRequest, 'method' | 'headers'>,
  response: HttpResponse,
  whole: ValidatedHeaders,
  refusalHeaders: Readonly<Record<string, string>>,
): BodyPart | undefined {
  const size = whole['Content-Length'];
  const decision = decideAnswer(request.method, request.headers, whole);
  if (decision.kind === 'whole') return beginWhole(request, response, whole);
  if (decision.kind === 'part') {
    const { start, end } = decision;
    // RFC 9110 §15.3.7.
    const contentRange = `bytes ${start}-${end - 1}/${size}`;
    // Browsers would take the part for a dictionary, and forget the whole.
    const { 'Use-As-Dictionary': _, ...headers } = whole;
    writeHead(response, 206, { ...headers, 'Content-Length': end - start, 'Content-Range': contentRange });
    return decision;
  }
  if (decision.kind === 'not-modified') {
    writeHead(response, 304, notModifiedHeaders(whole));
    response.end();
    return undefined;
  }
  const unsatisfiable = decision.status === 416 ? { 'Content-Range': `bytes */${size}` } : {};
  refuse(response, decision.status, { ...refusalHeaders, ...unsatisfiable });
  return undefined;
}

/** Begins a 200, whatever the client asks about: for a body of which only its length is known. */
export function beginWhole(
  { method }: Pick<HttpRequest, 'method'>,
  response: HttpResponse,
  whole: WholeHeaders,
): BodyPart | undefined {
  writeHead(response, 200, whole);
  if (method !== 'HEAD') return { start: 0, end: whole['Content-Length'] };
  response.end();
  return undefined;
}

/** Answers with a prepared body that is in memory, as {@link beginAnswer} begins it. */
export function answerWithBytes(
  request: HttpRequest,
  response: HttpResponse,
  whole: ValidatedHeaders,
  bytes: Buffer,
  refusalHeaders: Readonly<Record<string, string>>,
): void {
  const part = beginAnswer(request, response, whole, refusalHeaders);
  if (part === undefined) return;
  const isWhole = part.end - part.start === bytes.length;
  sendBytes(isWhole ? bytes : bytes.subarray(part.start, part.end), response);
}

/** What describes a body that a 304 does not have. */
const BODY_HEADERS = ['Content-Type', 'Content-Length', 'Content-Encoding', 'Accept-Ranges'];

/** RFC 9110 §15.4.5. */
function notModifiedHeaders(whole: HeaderFields): HeaderFields {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !BODY_HEADERS.includes(name)));
}

/** Writes the head of an answer, and keeps what the app varies by already. */
function writeHead(response: HttpResponse, status: number, headers: HeaderFields): void {
  if (headers['Vary'] !== undefined && response.hasHeader('Vary')) {
    const vary = [response.getHeader('Vary'), headers['Vary']].flat().join(', ');
    response.writeHead(status, { ...headers, Vary: vary });
  } else response.writeHead(status, headers);
}
