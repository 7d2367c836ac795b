import Negotiator from 'negotiator';
import { ENCODED_FORMS } from '../compression/content-encodings.ts';

/** What its types do not tell of the package. */
interface PreferringNegotiator {
  encodings(offered: string[], options: { readonly preferred: string[] }): string[];
}

const PREFERRED = ENCODED_FORMS.map(({ encoding }) => encoding);
const OFFERED = [...PREFERRED, 'identity'];
/** Browsers send a handful of headers; more than these come only from who makes them up. */
const REMEMBERED = 100;
const remembered = new Map<string, readonly string[]>();

/**
 * The codings that a client accepts, the best first, `identity` among them unless it is refused (RFC 9110 §12.5.3).
 * Of equal weights the server's preference decides.
 */
export function acceptedEncodings(acceptEncoding: string): readonly string[] {
  const known = remembered.get(acceptEncoding);
  if (known !== undefined) return known;
  const negotiator: PreferringNegotiator = new Negotiator({ headers: { 'accept-encoding': acceptEncoding } });
  const accepted = negotiator.encodings(OFFERED, { preferred: PREFERRED });
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(acceptEncoding, accepted);
  return accepted;
}
