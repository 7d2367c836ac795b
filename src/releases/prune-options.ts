import { resolve } from 'node:path';
import { booleanOption, checkOptions, quote, requiredPath } from '../core/options.ts';

/** Options of {@link pruneReleases}. */
export interface PruneOptions {
  /** The releases folder (`static-url release --out`). */
  readonly releases: string | URL;
  /**
   * How many of the newest releases stay in any case: at least one.
   *
   * @defaultValue 5
   */
  readonly keep?: number;
  /**
   * For how long, in seconds, another release must have replaced one before it may go.
   *
   * @defaultValue 30 days
   */
  readonly olderThanSeconds?: number;
  /**
   * Whether it only says what it would do.
   *
   * @defaultValue `false`
   */
  readonly dryRun?: boolean;
}

/** {@link PruneOptions} with everything decided. */
export interface ResolvedPruneOptions {
  /** Absolute. */
  readonly releases: string;
  readonly keep: number;
  readonly olderThanMilliseconds: number;
  readonly dryRun: boolean;
}

/** How many of the newest releases stay, unless said otherwise. */
const DEFAULT_KEEP = 5;
/** How long a replaced release stays, unless said otherwise. */
const DEFAULT_OLDER_THAN_SECONDS: number = 30 * 24 * 60 * 60;

/**
 * Validates and defaults what {@link pruneReleases} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolvePruneOptions(options: PruneOptions): ResolvedPruneOptions {
  if (options === undefined) throw new TypeError('pruneReleases() needs the option "releases".');
  checkOptions('pruneReleases()', options, ['releases', 'keep', 'olderThanSeconds', 'dryRun']);
  const keep = keepOption(options.keep);
  const olderThanSeconds = olderThanOption(options.olderThanSeconds);
  return {
    releases: resolve(requiredPath('option "releases"', options.releases)),
    keep,
    olderThanMilliseconds: olderThanSeconds * 1000,
    dryRun: booleanOption('dryRun', options.dryRun, false),
  };
}

/** Validates and defaults the option `keep`. */
export function keepOption(value: unknown = DEFAULT_KEEP): number {
  if (typeof value !== 'number')
    throw new TypeError(`The option "keep" is a number of releases, not ${quote(value)}.`);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(
    `The option "keep" is ${value}. At least one release stays: give a whole number from 1.`,
  );
}

/** Validates and defaults the option `olderThanSeconds`. */
export function olderThanOption(value: unknown = DEFAULT_OLDER_THAN_SECONDS): number {
  if (typeof value !== 'number')
    throw new TypeError(`The option "olderThanSeconds" is a number of seconds, not ${quote(value)}.`);
  if (value >= 0) return value;
  throw new RangeError(
    `The option "olderThanSeconds" is ${value}. Give 0 to keep releases by their number alone.`,
  );
}
