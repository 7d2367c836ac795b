import type { Delivery } from './delivery.ts';
import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { decideFile } from './file-decision.ts';
import { changedFileHeaders, fileHeaders, notModifiedHeaders, partHeaders } from './file-headers.ts';
import { refuse } from '../http/refusal.ts';
import type { Headers, Representation } from './representation.ts';
import type { ServedFile } from './served-file.ts';

/** Bytes from `start` up to but without `end`. */
interface BodyPart {
  readonly start: number;
  readonly end: number;
}

/** Writes the heads of answers with files, and ends the answers that have no body. */
export class AnswerHeads {
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers - headers of every answer */
  constructor(headers: Readonly<Record<string, string>>) {
    this.#headers = headers;
  }

  /**
   * Begins an answer with a representation, as conditions and ranges will have it.
   *
   * @returns the part of the representation that is to be sent, if any
   */
  begin(
    request: HttpRequest,
    response: HttpResponse,
    file: ServedFile,
    representation: Representation,
    delivery: Delivery,
  ): BodyPart | undefined {
    const { size } = representation;
    const decision = decideFile(request.method, request.headers, () => ({
      validators: { etag: representation.etag, lastModified: file.lastModified },
      size,
    }));
    if (decision.kind === 'refuse') {
      const unsatisfiable = decision.status === 416 ? { 'Content-Range': `bytes */${size}` } : {};
      refuse(response, decision.status, { ...this.#headers, ...unsatisfiable });
      return undefined;
    }
    const whole = this.#wholeHeaders(file, representation, delivery);
    if (decision.kind === 'not-modified') {
      writeHead(response, 304, notModifiedHeaders(whole));
      response.end();
      return undefined;
    }
    const isPart = decision.kind === 'part';
    const part = isPart ? decision : { start: 0, end: size };
    if (isPart) writeHead(response, 206, partHeaders(whole, part.start, part.end, size));
    else writeHead(response, 200, whole);
    return bodyFor(request, response, part);
  }

  /**
   * Begins an answer with the bytes that are there now, of which nothing is known: no validators, no ranges.
   *
   * @param size - how many bytes there are
   * @returns the part that is to be sent, if any
   */
  beginChanged(
    request: HttpRequest,
    response: HttpResponse,
    file: ServedFile,
    size: number,
    { cacheControl }: Delivery,
  ): BodyPart | undefined {
    writeHead(response, 200, changedFileHeaders(file, size, cacheControl, this.#headers));
    return bodyFor(request, response, { start: 0, end: size });
  }

  #wholeHeaders(
    file: ServedFile,
    representation: Representation,
    { cacheControl, isVersioned }: Delivery,
  ): Headers {
    if (!isVersioned) return fileHeaders(file, representation, cacheControl, this.#headers);
    representation.immutableHeaders ??= fileHeaders(file, representation, cacheControl, this.#headers);
    return representation.immutableHeaders;
  }
}

function bodyFor({ method }: HttpRequest, response: HttpResponse, part: BodyPart): BodyPart | undefined {
  if (method !== 'HEAD') return part;
  response.end();
  return undefined;
}

/** Writes the head of an answer; what the app varies by already is kept. */
function writeHead(response: HttpResponse, status: number, headers: Headers): void {
  if (headers['Vary'] !== undefined && response.hasHeader('Vary')) {
    const vary = [response.getHeader('Vary'), headers['Vary']].flat().join(', ');
    response.writeHead(status, { ...headers, Vary: vary });
  } else response.writeHead(status, headers);
}
