import { isUnchangedSince, type FileSignature } from '../assets/file-signature.ts';
import type { ContentEncoding } from './encoding.ts';

/** Headers of an answer, by name. */
export type Headers = Readonly<Record<string, string | number>>;

/** What a representation starts from. */
export interface RepresentationFile {
  readonly path: string;
  readonly signature: FileSignature;
  readonly encoding?: ContentEncoding;
}

/** One form of a file's content: as it is, or compressed in a file of its own beside it. */
export class Representation {
  /** Absolute. */
  readonly path: string;
  /** `undefined` for the file as it is. */
  readonly encoding: ContentEncoding | undefined;
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

  constructor({ path, signature, encoding }: RepresentationFile, hash?: string) {
    this.path = path;
    this.signature = signature;
    this.encoding = encoding;
    this.hash = hash;
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
