import Negotiator from 'negotiator';

/** What its types do not tell of the package. */
interface PreferringNegotiator {
  encodings(offered: string[], options: { readonly preferred: string[] }): string[];
}

/** Browsers send a handful of headers; more than these come only from clients that make them up. */
const REMEMBERED = 100;

/** Chooses among a body's compressed copies by `Accept-Encoding` (RFC 9110 §12.5.3). */
export class EncodingNegotiator {
  readonly #preferred: string[];
  readonly #remembered = new Map<string, readonly string[]>();

  /** @param encodings - the content codings that copies may have, by the server's preference */
  constructor(encodings: readonly string[]) {
    this.#preferred = [...encodings];
  }

  /** The copy that suits the client best; `undefined` when the body itself does, or nothing does, as elsewhere. */
  choose<Copy extends { readonly encoding: string }>(
    acceptEncoding: string | undefined,
    copies: readonly Copy[],
  ): Copy | undefined {
    if (acceptEncoding === undefined || copies.length === 0) return undefined;
    for (const accepted of this.accepted(acceptEncoding)) {
      if (accepted === 'identity') return undefined;
      const copy = copies.find(({ encoding }) => encoding === accepted);
      if (copy !== undefined) return copy;
    }
    return undefined;
  }

  /**
   * The codings that the client accepts, the best first, `identity` among them unless it is refused. Of equal weights the
   * server's preference decides.
   */
  accepted(acceptEncoding: string): readonly string[] {
    const known = this.#remembered.get(acceptEncoding);
    if (known !== undefined) return known;
    const negotiator: PreferringNegotiator = new Negotiator({
      headers: { 'accept-encoding': acceptEncoding },
    });
    const preferred = this.#preferred;
    const accepted = negotiator.encodings([...preferred, 'identity'], { preferred });
    if (this.#remembered.size >= REMEMBERED) this.#remembered.clear();
    this.#remembered.set(acceptEncoding, accepted);
    return accepted;
  }
}
