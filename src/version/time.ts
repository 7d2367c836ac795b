import { versionOf } from '../core/hash.ts';
import { optionError } from '../core/errors.ts';
import type { Resolved } from '../core/options.ts';
import { requireSecret, type TimeOptions } from './options.ts';

/** {@link TimeOptions} with everything decided. */
export type ResolvedTimeOptions = Resolved<TimeOptions, 'secret'>;

/**
 * Refuses a secret that would have no effect.
 *
 * @param given - the options as they were given: a `secret` of `undefined` is refused too
 * @throws TypeError
 */
export function checkSecret(given: TimeOptions, { hash }: ResolvedTimeOptions): void {
  if (!('secret' in given)) return;
  requireSecret(given.secret, 'secret');
  if (hash) return;
  throw optionError(
    'secret',
    (name) => `${name('secret')} has no effect when ${name('hash')} is false. Leave one of them out.`,
  );
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
      `The time ${nanoseconds} ns has a year that four digits cannot hold. Use a digest of the time.`,
    );
  }
  return date
    .toISOString()
    .replaceAll(/[^0-9]/g, '')
    .slice(0, 16);
}
