import { ENCODED_FORMS, type ContentEncoding, type EncodedForm } from '../compression/content-encodings.ts';
import { isUnchangedSince, type FileSignature } from '../files/file-signature.ts';
import { cacheFor, NO_STORE, YEAR_SECONDS } from '../http/headers.ts';
import { contentTypeOf } from '../http/media-types.ts';
import { EncodingNegotiator } from '../http/negotiation.ts';
import { timeOfContent } from '../releases/options.ts';
import type { ValidatedHeaders, WholeHeaders } from '../http/prepared-answer.ts';

/** How long an answer may be kept, and whether its URL promises certain bytes. */
export interface Delivery {
  readonly cacheControl: string;
  readonly isVersioned: boolean;
}

/** Under a version: the bytes of that version, for ever. */
export const IMMUTABLE: Delivery = { cacheControl: cacheFor(YEAR_SECONDS, true), isVersioned: true };
/** Bytes that are not those of the URL, for once: under a version that nobody knows, or of an earlier release by name. */
export const BORROWED: Delivery = { cacheControl: NO_STORE, isVersioned: false };

/** A file on disk whose bytes are sent as they are: those of an asset, or of a compressed copy of it. */
export class Representation {
  /** Absolute. */
  readonly path: string;
  /** Of the file when it was last known to have these bytes. */
  signature: FileSignature;
  /** XXH64 of its bytes, 16 hexadecimal digits; `undefined` while it is not known that they are what they should be. */
  hash: string | undefined;
  /** Its bytes, where they are kept in memory. */
  bytes: Buffer | undefined;
  /** The headers of the whole body at a URL with a version, made once. */
  immutableHeaders: ValidatedHeaders | undefined;
  /** XXH64 of the bytes of the file that it stands for, as far as they are known. */
  readonly #content: string | undefined;

  /** @param content - the hash of the file that it stands for; its own, unless it is a compressed copy */
  constructor(path: string, signature: FileSignature, hash?: string, content: string | undefined = hash) {
    this.path = path;
    this.#content = content;
    this.signature = signature;
    this.hash = hash;
  }

  /** In bytes. */
  get size(): number {
    return this.signature.size;
  }

  /**
   * Whether it has the time that releases give the bytes: whoever writes over it changes that. Each release and prune gives
   * and takes names of it, which shows in its status alone.
   */
  get isReleased(): boolean {
    return this.#content !== undefined && this.signature.mtimeMs === timeOfContent(this.#content) * 1000;
  }

  /** How its bytes are coded (RFC 9110 §8.4.1), where they are not those of the file. */
  get encoding(): string | undefined {
    return undefined;
  }

  /** A strong entity tag (RFC 9110 §8.8.3), by content. */
  get etag(): string {
    const { encoding } = this;
    return `"${this.hash}${encoding === undefined ? '' : `-${encoding}`}"`;
  }

  /** Whether a later representation was made of the same state of the same file. */
  isOfSameFile(other: Representation): boolean {
    return this.path === other.path && isUnchangedSince(this.signature, other.signature);
  }
}

/** A compressed copy of a file, beside it on disk. */
export class CompressedCopy extends Representation {
  readonly form: EncodedForm;
  /** Whether it holds the file's content, once somebody has asked. */
  proof: Promise<boolean> | undefined;

  /**
   * @param original - the path of the file that it is a copy of
   * @param content - the hash of that file
   */
  constructor(original: string, form: EncodedForm, signature: FileSignature, content?: string) {
    super(original + form.suffix, signature, undefined, content);
    this.form = form;
  }

  override get encoding(): ContentEncoding {
    return this.form.encoding;
  }
}

const negotiator = new EncodingNegotiator(ENCODED_FORMS.map(({ encoding }) => encoding));

/** A file that is served, and its compressed copies. */
export class ServedFile {
  /** The asset's. */
  readonly name: string;
  readonly contentType: string;
  /** The file as it is. */
  readonly identity: Representation;
  /** By the server's preference; one that is found unfit is taken off. */
  copies: readonly CompressedCopy[];
  /** Whether there ever was a compressed copy: caches must know then (RFC 9110 §12.5.5). */
  readonly varies: boolean;
  readonly #modifiedMs: number;

  constructor(name: string, identity: Representation, copies: readonly CompressedCopy[]) {
    this.name = name;
    this.contentType = contentTypeOf(name);
    this.identity = identity;
    this.copies = copies;
    this.varies = copies.length > 0;
    const { mtimeMs, ctimeMs } = identity.signature;
    // A time in the future must not be sent (RFC 9110 §8.8.2.1).
    this.#modifiedMs = Math.min(Math.max(mtimeMs, ctimeMs), Date.now());
  }

  /** Whether its file is as a release has written it. */
  get isReleased(): boolean {
    return this.identity.isReleased;
  }

  /**
   * When these bytes came to be under this name on this host, as an HTTP date. Of the times of modification and of status
   * change the later, since a roll-back that keeps the old times would otherwise look like "not modified". Hosts may
   * differ in it; they agree in the entity tag, which wins (RFC 9110 §13.2.2).
   */
  get lastModified(): string {
    return new Date(this.#modifiedMs).toUTCString();
  }

  /** The copy that a client prefers; `undefined` when it is to get the file as it is. */
  preferredCopy(acceptEncoding: string | undefined): CompressedCopy | undefined {
    return negotiator.choose(acceptEncoding, this.copies);
  }

  /** Takes off a copy that turned out not to hold the file's content. */
  drop(copy: CompressedCopy): void {
    this.copies = this.copies.filter((each) => each !== copy);
  }

  /**
   * The headers of a 200 with a representation of the file.
   *
   * @param extra - further headers, and those that say more than its own
   */
  headersOf(
    { size, etag, encoding }: Representation,
    { cacheControl }: Delivery,
    extra: Readonly<Record<string, string>>,
  ): ValidatedHeaders {
    return {
      ...this.#commonHeaders(size, cacheControl),
      ETag: etag,
      'Last-Modified': this.lastModified,
      'Accept-Ranges': 'bytes',
      ...(encoding !== undefined && { 'Content-Encoding': encoding }),
      ...extra,
    };
  }

  /** The headers of a 200 with bytes of the file of which only the length is known. */
  headersOfChanged(
    size: number,
    { cacheControl }: Delivery,
    extra: Readonly<Record<string, string>>,
  ): WholeHeaders {
    return { ...this.#commonHeaders(size, cacheControl), 'Accept-Ranges': 'none', ...extra };
  }

  #commonHeaders(size: number, cacheControl: string): WholeHeaders {
    return {
      'Content-Type': this.contentType,
      'Content-Length': size,
      'Cache-Control': cacheControl,
      'X-Content-Type-Options': 'nosniff',
      ...(this.varies && { Vary: 'Accept-Encoding' }),
    };
  }
}
