import { AnswerHeads } from './answer-heads.ts';
import type { ContentDigest } from './content-digest.ts';
import { IMMUTABLE, type Delivery } from './delivery.ts';
import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { streamFile } from './file-stream.ts';
import { openFile } from './opened-file.ts';
import type { Representation } from './representation.ts';
import { sendBytes } from './response-body.ts';
import type { RootBoundary } from './root-boundary.ts';
import type { ServedFile } from './served-file.ts';
import { SidecarProofs } from './sidecars.ts';
import { UnchangedFiles } from './unchanged-files.ts';

/** What a {@link FileResponder} is made by. */
export interface FileResponderSettings {
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly boundary: RootBoundary | undefined;
  readonly digest: ContentDigest;
}

/** Answers requests with files: finds the bytes that may be sent, in memory or on disk. */
export class FileResponder {
  readonly #boundary: RootBoundary | undefined;
  readonly #heads: AnswerHeads;
  readonly #proofs: SidecarProofs;
  readonly #files: UnchangedFiles;

  constructor({ headers, boundary, digest }: FileResponderSettings) {
    this.#boundary = boundary;
    this.#heads = new AnswerHeads(headers);
    this.#proofs = new SidecarProofs(digest);
    this.#files = new UnchangedFiles(digest);
  }

  /**
   * Answers under a version with the bytes that are kept in memory, which are those of the version whatever has become
   * of the file.
   *
   * @returns `false` when there are none
   */
  sendFromMemory(request: HttpRequest, response: HttpResponse, file: ServedFile): boolean {
    const representation = file.varies
      ? file.negotiate(headerText(request, 'accept-encoding'))
      : file.identity;
    const { bytes, hash } = representation;
    if (bytes === undefined || hash === undefined) return false;
    this.#sendBytes(request, response, file, representation, IMMUTABLE, bytes);
    return true;
  }

  /**
   * Answers after a look at the disk: under a version with the bytes of that version alone.
   *
   * @returns `false` when there are no such bytes any more, and nothing was answered
   */
  async sendFromDisk(
    request: HttpRequest,
    response: HttpResponse,
    file: ServedFile,
    delivery: Delivery,
  ): Promise<boolean> {
    // Without a version the file as it is now counts, and a sidecar may be of what it was.
    const mayVary =
      file.varies && (delivery.isVersioned || (await this.#files.isUnchangedOnDisk(file.identity)));
    if (mayVary && (await this.#sendVariant(request, response, file, delivery))) return true;
    if (await this.#sendUnchanged(request, response, file, file.identity, delivery)) return true;
    return delivery.isVersioned ? false : this.#sendChanged(request, response, file, delivery);
  }

  /** Sends the compressed form that the client prefers; one that turns out not to be fit is taken off. */
  async #sendVariant(
    request: HttpRequest,
    response: HttpResponse,
    file: ServedFile,
    delivery: Delivery,
  ): Promise<boolean> {
    const accepted = headerText(request, 'accept-encoding');
    for (;;) {
      const variant = file.negotiate(accepted);
      if (variant.encoding === undefined) return false;
      let isFit = variant.hash !== undefined;
      try {
        isFit ||= await this.#proofs.prove(variant, file.identity);
      } catch {
        // It cannot be read now: the file as it is will do, and the next request tries again.
        return false;
      }
      if (isFit && (await this.#sendUnchanged(request, response, file, variant, delivery))) return true;
      file.drop(variant);
    }
  }

  /** Sends a representation whose file is still what it was; `false` when it is not. */
  async #sendUnchanged(
    request: HttpRequest,
    response: HttpResponse,
    file: ServedFile,
    representation: Representation,
    delivery: Delivery,
  ): Promise<boolean> {
    const { bytes, path } = representation;
    if (bytes !== undefined) {
      const isCurrent = delivery.isVersioned || (await this.#files.isUnchangedOnDisk(representation));
      if (isCurrent) this.#sendBytes(request, response, file, representation, delivery, bytes);
      return isCurrent;
    }
    const opened = await openFile(path);
    if (opened === undefined) return false;
    try {
      if (!(await this.#files.isUnchanged(representation, opened.signature))) return false;
      const part = this.#heads.begin(request, response, file, representation, delivery);
      if (part !== undefined) await streamFile(opened, part.start, part.end, response);
      return true;
    } finally {
      await opened.handle.close();
    }
  }

  /** Sends the bytes that are there now. */
  async #sendChanged(
    request: HttpRequest,
    response: HttpResponse,
    file: ServedFile,
    delivery: Delivery,
  ): Promise<boolean> {
    const boundary = this.#boundary;
    // A link may have been turned to lead out since the file was indexed.
    const path = boundary === undefined ? file.identity.path : await boundary.realFile(file.identity.path);
    const opened = path === undefined ? undefined : await openFile(path);
    if (opened === undefined) return false;
    try {
      const { size } = opened.signature;
      const part = this.#heads.beginChanged(request, response, file, size, delivery);
      if (part !== undefined) await streamFile(opened, part.start, part.end, response);
      return true;
    } finally {
      await opened.handle.close();
    }
  }

  #sendBytes(
    request: HttpRequest,
    response: HttpResponse,
    file: ServedFile,
    representation: Representation,
    delivery: Delivery,
    bytes: Buffer,
  ): void {
    const part = this.#heads.begin(request, response, file, representation, delivery);
    if (part === undefined) return;
    const isWhole = part.end - part.start === bytes.length;
    sendBytes(isWhole ? bytes : bytes.subarray(part.start, part.end), response);
  }
}

function headerText({ headers }: HttpRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
