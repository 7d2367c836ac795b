import type { IncomingMessage, ServerResponse } from 'node:http';
import { cacheFor, NO_STORE, YEAR_SECONDS } from '../core/cache-control.ts';
import type { ContentDigest } from './content-digest.ts';
import { changedFileHeaders, fileHeaders, notModifiedHeaders, partHeaders } from './file-headers.ts';
import { decideFile } from './file-decision.ts';
import { streamFile } from './file-stream.ts';
import { openFile } from './opened-file.ts';
import { refuse } from './refusal.ts';
import type { Headers, Representation } from './representation.ts';
import type { RootBoundary } from './root-boundary.ts';
import type { ServedFile } from './served-file.ts';
import { SidecarProofs } from './sidecars.ts';
import { UnchangedFiles } from './unchanged-files.ts';

/** How long an answer may be kept, and whether its URL promises certain bytes. */
export interface Delivery {
  readonly cacheControl: string;
  readonly isVersioned: boolean;
}

/** Bytes from `start` up to but without `end`. */
interface BodyPart {
  readonly start: number;
  readonly end: number;
}

/** Under a version: the bytes of that version, for ever. */
export const IMMUTABLE: Delivery = { cacheControl: cacheFor(YEAR_SECONDS, true), isVersioned: true };
/** Under a version that nobody knows: whatever is there, for once. */
export const CURRENT_BYTES: Delivery = { cacheControl: NO_STORE, isVersioned: false };

/** What a {@link FileResponder} is made by. */
export interface FileResponderSettings {
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly boundary: RootBoundary | undefined;
  readonly digest: ContentDigest;
}

/** Answers requests with files, from memory or from disk. */
export class FileResponder {
  readonly #settings: FileResponderSettings;
  readonly #proofs: SidecarProofs;
  readonly #files: UnchangedFiles;

  constructor(settings: FileResponderSettings) {
    this.#settings = settings;
    this.#proofs = new SidecarProofs(settings.digest);
    this.#files = new UnchangedFiles(settings.digest);
  }

  /**
   * Answers under a version with the bytes that are kept in memory, which are those of the version whatever has become
   * of the file.
   *
   * @returns `false` when there are none
   */
  sendFromMemory(request: IncomingMessage, response: ServerResponse, file: ServedFile): boolean {
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
    request: IncomingMessage,
    response: ServerResponse,
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
    request: IncomingMessage,
    response: ServerResponse,
    file: ServedFile,
    delivery: Delivery,
  ): Promise<boolean> {
    const accepted = headerText(request, 'accept-encoding');
    for (;;) {
      const variant = file.negotiate(accepted);
      if (variant.encoding === undefined) return false;
      const isFit =
        variant.hash !== undefined || (await this.#proofs.prove(variant, file.identity.hash ?? ''));
      if (isFit && (await this.#sendUnchanged(request, response, file, variant, delivery))) return true;
      file.drop(variant);
    }
  }

  /** Sends a representation whose file is still what it was; `false` when it is not. */
  async #sendUnchanged(
    request: IncomingMessage,
    response: ServerResponse,
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
      const part = this.#begin(request, response, file, representation, delivery);
      if (part !== undefined) await streamFile(opened, part.start, part.end, response);
      return true;
    } finally {
      await opened.handle.close();
    }
  }

  /** Sends the bytes that are there now, of which nothing is known: no validators, no ranges. */
  async #sendChanged(
    request: IncomingMessage,
    response: ServerResponse,
    file: ServedFile,
    delivery: Delivery,
  ): Promise<boolean> {
    const { boundary, headers } = this.#settings;
    // A link may have been turned to lead out since the file was indexed.
    const path = boundary === undefined ? file.identity.path : await boundary.realFile(file.identity.path);
    const opened = path === undefined ? undefined : await openFile(path);
    if (opened === undefined) return false;
    try {
      const { size } = opened.signature;
      writeHead(response, 200, changedFileHeaders(file, size, delivery.cacheControl, headers));
      if (request.method === 'HEAD') response.end();
      else await streamFile(opened, 0, size, response);
      return true;
    } finally {
      await opened.handle.close();
    }
  }

  #sendBytes(
    request: IncomingMessage,
    response: ServerResponse,
    file: ServedFile,
    representation: Representation,
    delivery: Delivery,
    bytes: Buffer,
  ): void {
    const part = this.#begin(request, response, file, representation, delivery);
    if (part !== undefined)
      response.end(part.end - part.start === bytes.length ? bytes : bytes.subarray(part.start, part.end));
  }

  /**
   * Writes the head of an answer, and ends it when it has no body.
   *
   * @returns the part of the representation that is to be sent, if any
   */
  #begin(
    request: IncomingMessage,
    response: ServerResponse,
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
      refuse(response, decision.status, { ...this.#settings.headers, ...unsatisfiable });
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
    if (request.method !== 'HEAD') return part;
    response.end();
    return undefined;
  }

  #wholeHeaders(
    file: ServedFile,
    representation: Representation,
    { cacheControl, isVersioned }: Delivery,
  ): Headers {
    const { headers } = this.#settings;
    if (!isVersioned) return fileHeaders(file, representation, cacheControl, headers);
    representation.immutableHeaders ??= fileHeaders(file, representation, cacheControl, headers);
    return representation.immutableHeaders;
  }
}

function headerText({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Writes the head of an answer; what the app varies by already is kept. */
function writeHead(response: ServerResponse, status: number, headers: Headers): void {
  if (headers['Vary'] !== undefined && response.hasHeader('Vary')) {
    const vary = [response.getHeader('Vary'), headers['Vary']].flat().join(', ');
    response.writeHead(status, { ...headers, Vary: vary });
  } else response.writeHead(status, headers);
}
