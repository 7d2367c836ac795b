import type { ContentEncoding, EncodedForm } from '../compression/content-encodings.ts';
import { isUnchangedSince, type FileSignature } from '../files/file-signature.ts';

/** Headers of an answer, by name. */
export type Headers = Readonly<Record<string, string | number>>;

/** What a representation starts from. */
export interface RepresentationFile {
  readonly path: string;
  readonly signature: FileSignature;
  /** Where the file is a compressed copy. */
  readonly form?: EncodedForm;
}

/** One form of a file's content: as it is, or compressed in a file of its own beside it. */
export class Representation {
  /** Absolute. */
  readonly path: string;
  /** `undefined` for the file as it is. */
  readonly form: EncodedForm | undefined;
  /** Of the file on disk when it was last known to have these bytes. */
  signature: FileSignature;
  /**
   * XXH64 of its own bytes, 16 hexadecimal digits; `undefined` while it is not known whether the file holds what it
   * should.
   */
  hash: string | undefined;
  /** Its bytes, where they are kept in memory. */
  bytes: Buffer | undefined;
  /** The headers of the whole body at a URL with a version, made once. */
  immutableHeaders: Headers | undefined;

  constructor({ path, signature, form }: RepresentationFile, hash?: string) {
    this.path = path;
    this.signature = signature;
    this.form = form;
    this.hash = hash;
  }

  /** `undefined` for the file as it is. */
  get encoding(): ContentEncoding | undefined {
    return this.form?.encoding;
  }

  /** In bytes. */
  get size(): number {
    return this.signature.size;
  }

  /** A strong entity tag (RFC 9110 §8.8.3): by content, and another for each coding. */
  get etag(): string {
    return this.encoding === undefined ? `"${this.hash}"` : `"${this.hash}-${this.encoding}"`;
  }

  /** Whether a later representation was made of the same state of the same file. */
  isOfSameFile(other: Representation): boolean {
    return this.path === other.path && isUnchangedSince(this.signature, other.signature);
  }
}
