import { versionOf, type Secret } from '../core/hash.ts';
import { booleanOption } from '../core/options.ts';

/** How a time becomes a version. */
export interface TimeOptions {
  /**
   * `true`: a digest of the time. `false`: the time itself, readable, as the 16 digits `YYYYMMDDHHmmsscc` in UTC
   * (cc: hundredths of a second).
   *
   * @defaultValue `true`
   */
  readonly hash?: boolean;
  /**
   * Makes the digest an HMAC-SHA-256, so that nobody can compute the version of a time without it. Not empty.
   * Passing `undefined` is an error, so that an unset variable does not weaken it silently.
   */
  readonly secret?: Secret;
}

/** {@link TimeOptions} with everything decided. */
export interface ResolvedTimeOptions {
  readonly hash: boolean;
  readonly secret: Secret | undefined;
}

/**
 * Validates and defaults the options that turn a time into a version.
 *
 * @throws TypeError for an empty or undefined secret, and for a secret without hash
 */
export function resolveTimeOptions(options: TimeOptions): ResolvedTimeOptions {
  const hash = booleanOption('hash', options.hash, true);
  if (!('secret' in options)) return { hash, secret: undefined };
  const { secret } = options;
  if (!hash)
    throw new TypeError('The option "secret" has no effect with "hash: false". Leave one of them out.');
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw new TypeError(
      // Its type alone: whatever it is, it does not belong into a log.
      `The option "secret" is ${secret === undefined ? 'undefined' : `of type ${typeof secret}`}, not a text or bytes. Is the variable it comes from set? Leave the option out to use no secret.`,
    );
  }
  if (secret.length === 0) {
    throw new TypeError(
      'The option "secret" is empty. Is the variable it comes from set? Leave the option out to use no secret.',
    );
  }
  return { hash, secret };
}

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** The version of a moment given in nanoseconds since 1970 (UTC). */
export function versionOfTime(nanoseconds: bigint, { hash, secret }: ResolvedTimeOptions): string {
  return hash ? versionOf(String(nanoseconds), secret) : readableTime(nanoseconds);
}

function readableTime(nanoseconds: bigint): string {
  const date = new Date(Number(nanoseconds / NANOSECONDS_PER_MILLISECOND));
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) {
    throw new RangeError(
      `The time ${nanoseconds} ns has a year that four digits cannot hold. Leave the option "hash" out.`,
    );
  }
  return date
    .toISOString()
    .replaceAll(/[^0-9]/g, '')
    .slice(0, 16);
}
