import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { answerWithBytes, beginAnswer, beginWhole, type ValidatedHeaders } from '../http/prepared-answer.ts';
import { proveCopy } from './compressed-copies.ts';
import type { ContentDigest } from './content-digest.ts';
import type { Deltas } from './deltas.ts';
import { openFile, streamFile } from './opened-file.ts';
import type { RootBoundary } from './root-boundary.ts';
import { IMMUTABLE, type Delivery, type Representation, type ServedFile } from './served-file.ts';
import { UnchangedFiles } from './unchanged-files.ts';

/** A request, and how its answer is to be cached. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly delivery: Delivery;
}

/** Answers requests with files: finds the bytes that may be sent, in memory or on disk. */
export class FileResponder {
  readonly #headers: Readonly<Record<string, string>>;
  readonly #boundary: RootBoundary | undefined;
  readonly #digest: ContentDigest;
  readonly #deltas: Deltas | undefined;
  readonly #files: UnchangedFiles;

  /**
   * @param headers - headers of every answer
   * @param boundary - what files must be inside of; `undefined` when symbolic links may point anywhere
   * @param deltas - what clients may get that have an older version of a file; `undefined` for none
   */
  constructor(
    headers: Readonly<Record<string, string>>,
    boundary: RootBoundary | undefined,
    digest: ContentDigest,
    deltas: Deltas | undefined,
  ) {
    this.#headers = headers;
    this.#boundary = boundary;
    this.#digest = digest;
    this.#deltas = deltas;
    this.#files = new UnchangedFiles(digest);
  }

  /**
   * Answers under a version without waiting for the disk: with the bytes that are kept in memory, which are those of the
   * version whatever has become of the file.
   *
   * @returns `false` when there are none, or a delta might be shorter
   */
  sendAtOnce(file: ServedFile, request: HttpRequest, response: HttpResponse): boolean {
    return !this.#mayGetDelta(request) && this.#sendFromMemory(file, request, response);
  }

  /**
   * Answers under a version with the bytes of that version alone.
   *
   * @param version - that of the URL, one of those that have the file
   * @returns `false` when there are no such bytes any more, and nothing was answered
   */
  async sendVersion(
    file: ServedFile,
    version: string,
    request: HttpRequest,
    response: HttpResponse,
  ): Promise<boolean> {
    const exchange = { request, response, delivery: IMMUTABLE };
    if (this.#mayGetDelta(request) && (await this.#sendDelta(file, version, exchange))) return true;
    return this.#sendFromMemory(file, request, response) || this.sendFromDisk(file, exchange);
  }

  /**
   * Answers after a look at the disk.
   *
   * @returns `false` when there are no such bytes any more, and nothing was answered
   */
  async sendFromDisk(file: ServedFile, exchange: Exchange): Promise<boolean> {
    const { isVersioned } = exchange.delivery;
    // Without a version the file as it is now counts, and a compressed copy may be of what it was.
    const mayVary = file.varies && (isVersioned || (await this.#files.isUnchangedOnDisk(file.identity)));
    if (mayVary && (await this.#sendCopy(file, exchange))) return true;
    if (await this.#sendUnchanged(file, file.identity, exchange)) return true;
    return isVersioned ? false : this.#sendChanged(file, exchange);
  }

  #mayGetDelta({ headers }: HttpRequest): boolean {
    return this.#deltas !== undefined && headers['available-dictionary'] !== undefined;
  }

  /** Sends the difference from what the client has, if the file itself could be sent as well. */
  async #sendDelta(file: ServedFile, version: string, exchange: Exchange): Promise<boolean> {
    const { request, response } = exchange;
    try {
      const delta = await this.#deltas?.find(version, file.name, request.headers);
      if (delta === undefined) return false;
      const { identity } = file;
      const isThere = identity.bytes !== undefined || (await this.#files.isUnchangedOnDisk(identity));
      return isThere && (await this.#sendUnchanged(file, delta, exchange));
    } catch (error) {
      if (response.headersSent) throw error;
      // It cannot be read now: the file will do.
      return false;
    }
  }

  #sendFromMemory(file: ServedFile, request: HttpRequest, response: HttpResponse): boolean {
    const copy = file.varies ? file.preferredCopy(acceptEncodingOf(request)) : undefined;
    const representation = copy ?? file.identity;
    const { bytes, hash } = representation;
    if (bytes === undefined || hash === undefined) return false;
    const headers = this.#headersOf(file, representation, IMMUTABLE);
    answerWithBytes(request, response, headers, bytes, this.#headers);
    return true;
  }

  /** Sends the compressed copy that the client prefers; one that turns out not to be fit is taken off. */
  async #sendCopy(file: ServedFile, exchange: Exchange): Promise<boolean> {
    const accepted = acceptEncodingOf(exchange.request);
    for (;;) {
      const copy = file.preferredCopy(accepted);
      if (copy === undefined) return false;
      let isFit = copy.hash !== undefined;
      try {
        isFit ||= await proveCopy(copy, file.identity, this.#digest);
      } catch {
        // It cannot be read now: the file as it is will do, and the next request tries again.
        return false;
      }
      if (isFit && (await this.#sendUnchanged(file, copy, exchange))) return true;
      file.drop(copy);
    }
  }

  /** Sends a representation whose file is still what it was; `false` when it is not. */
  async #sendUnchanged(
    file: ServedFile,
    representation: Representation,
    { request, response, delivery }: Exchange,
  ): Promise<boolean> {
    const { bytes, path } = representation;
    const headersOf = () => this.#headersOf(file, representation, delivery);
    if (bytes !== undefined) {
      const isCurrent = delivery.isVersioned || (await this.#files.isUnchangedOnDisk(representation));
      if (isCurrent) answerWithBytes(request, response, headersOf(), bytes, this.#headers);
      return isCurrent;
    }
    const opened = await openFile(path, this.#boundary);
    if (opened === undefined) return false;
    try {
      if (!(await this.#files.isUnchanged(representation, opened.signature))) return false;
      const part = beginAnswer(request, response, headersOf(), this.#headers);
      if (part !== undefined) await streamFile(opened, part, response, representation.isReleased);
      return true;
    } finally {
      await opened.handle.close();
    }
  }

  /** The headers of a 200 with a representation of a file; under a version they are made once. */
  #headersOf(file: ServedFile, representation: Representation, delivery: Delivery): ValidatedHeaders {
    if (!delivery.isVersioned) return file.headersOf(representation, delivery, this.#headers);
    representation.immutableHeaders ??= file.headersOf(representation, delivery, {
      ...this.#headers,
      ...this.#deltas?.headersOf(file.name),
    });
    return representation.immutableHeaders;
  }

  /** Sends the bytes that are there now. */
  async #sendChanged(file: ServedFile, { request, response, delivery }: Exchange): Promise<boolean> {
    const opened = await openFile(file.identity.path, this.#boundary);
    if (opened === undefined) return false;
    try {
      const headers = file.headersOfChanged(opened.signature.size, delivery, this.#headers);
      const part = beginWhole(request, response, headers);
      if (part !== undefined) await streamFile(opened, part, response);
      return true;
    } finally {
      await opened.handle.close();
    }
  }
}

function acceptEncodingOf({ headers }: HttpRequest): string | undefined {
  return headers['accept-encoding']?.toString();
}
