import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { answerWithBytes, beginAnswer, beginWhole } from '../http/prepared-answer.ts';
import { proveCopy } from './compressed-copies.ts';
import type { ContentDigest } from './content-digest.ts';
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
  readonly #files: UnchangedFiles;

  /**
   * @param headers - headers of every answer
   * @param boundary - what files must be inside of; `undefined` when symbolic links may point anywhere
   */
  constructor(
    headers: Readonly<Record<string, string>>,
    boundary: RootBoundary | undefined,
    digest: ContentDigest,
  ) {
    this.#headers = headers;
    this.#boundary = boundary;
    this.#digest = digest;
    this.#files = new UnchangedFiles(digest);
  }

  /**
   * Answers under a version with the bytes that are kept in memory, which are those of the version whatever has become
   * of the file.
   *
   * @returns `false` when there are none
   */
  sendFromMemory(request: HttpRequest, response: HttpResponse, file: ServedFile): boolean {
    const copy = file.varies ? file.preferredCopy(acceptEncodingOf(request)) : undefined;
    const representation = copy ?? file.identity;
    const { bytes, hash } = representation;
    if (bytes === undefined || hash === undefined) return false;
    const headers = file.headersOf(representation, IMMUTABLE, this.#headers);
    answerWithBytes(request, response, headers, bytes, this.#headers);
    return true;
  }

  /**
   * Answers after a look at the disk: under a version with the bytes of that version alone.
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
    const headersOf = () => file.headersOf(representation, delivery, this.#headers);
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
