import { extname } from 'node:path';
import mimeTypes from 'mime-types';
import { acceptedEncodings } from './encoding.ts';
import type { Representation } from './representation.ts';

const UNKNOWN_TYPE = 'application/octet-stream';

/** A file that URLs lead to, in all its forms. */
export class ServedFile {
  readonly contentType: string;
  readonly #modifiedMs: number;
  readonly identity: Representation;
  /** Compressed forms, by the server's preference; one that is found unfit is taken off. */
  variants: readonly Representation[];
  /** Whether there ever was a compressed form: caches must know then (RFC 9110 §12.5.5). */
  readonly varies: boolean;

  constructor(name: string, identity: Representation, variants: readonly Representation[]) {
    this.contentType = contentTypeOf(name);
    this.identity = identity;
    const { mtimeMs, ctimeMs } = identity.signature;
    // A time to come would be none (RFC 9110 §8.8.2.1).
    this.#modifiedMs = Math.min(Math.max(mtimeMs, ctimeMs), Date.now());
    this.variants = variants;
    this.varies = variants.length > 0;
  }

  /**
   * As an HTTP date: when these bytes came to be under this name on this host. Of the times of modification and of
   * status change the later, since a roll-back that keeps the old times would else look like "not modified". Hosts may
   * differ in it; they agree in the entity tag, which wins (RFC 9110 §13.2.2).
   */
  get lastModified(): string {
    return new Date(this.#modifiedMs).toUTCString();
  }

  /** The form that suits a client best; as it is when none does, as other servers do. */
  negotiate(acceptEncoding: string | undefined): Representation {
    if (acceptEncoding === undefined || this.variants.length === 0) return this.identity;
    for (const accepted of acceptedEncodings(acceptEncoding)) {
      if (accepted === 'identity') return this.identity;
      const variant = this.variants.find(({ encoding }) => encoding === accepted);
      if (variant !== undefined) return variant;
    }
    return this.identity;
  }

  /** Takes a variant off that turned out not to hold the file's content. */
  drop(variant: Representation): void {
    this.variants = this.variants.filter((each) => each !== variant);
  }
}

/** By extension: thousands of files share a few. */
const contentTypes = new Map<string, string>();

/** The media type by the extension, with its charset. */
function contentTypeOf(name: string): string {
  const extension = extname(name);
  const known = contentTypes.get(extension);
  if (known !== undefined) return known;
  const contentType = (extension !== '' && mimeTypes.contentType(extension)) || UNKNOWN_TYPE;
  contentTypes.set(extension, contentType);
  return contentType;
}
