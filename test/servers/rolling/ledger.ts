import { createHash } from 'node:crypto';

/** What somebody received for an asset's URL, or has stored for it. */
export interface Received {
  /** The URL's path. */
  readonly url: string;
  readonly status: number;
  /** Of the body. */
  readonly digest: string;
  readonly cacheControl: string;
  /** Who received it. */
  readonly by: string;
  /** Whether it came out of a cache, or is what one keeps. */
  readonly stored: boolean;
}

/** An entry of a {@link Ledger}. */
export interface Entry extends Received {
  /** The last step of the deploy that had begun. */
  readonly step: string;
}

/** Everything that was ever received. */
export class Ledger {
  step = 'before the deploy';
  readonly #entries = new Map<string, Entry>();
  readonly #urls = new Set<string>();

  add(received: Received): void {
    const entry = { step: this.step, ...received };
    this.#urls.add(received.url);
    this.#entries.set(JSON.stringify(entry), entry);
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** The URLs that were asked for so far. */
  get urls(): readonly string[] {
    return [...this.#urls];
  }
}

/** The bodies under each URL. */
export function bodiesOf(entries: readonly Received[]): Map<string, Set<string>> {
  const bodies = new Map<string, Set<string>>();
  for (const { url, status, digest } of entries) {
    if (status !== 200) continue;
    const digests = bodies.get(url) ?? new Set();
    bodies.set(url, digests.add(digest));
  }
  return bodies;
}

/** Digest of a body. */
export function digestOf(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Whether a cache may keep an answer. */
export function mayBeStored({ cacheControl }: Received): boolean {
  return !/\bno-store\b/.test(cacheControl);
}
