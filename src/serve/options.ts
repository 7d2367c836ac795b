import { linkRuleOption, type LinkRule } from '../files/link-rule.ts';
import { headerValue, resolveHeaders, REVALIDATE } from '../http/headers.ts';
import { booleanOption, checkOptions, quote } from '../core/options.ts';
import { unknownVersionOption, type UnknownVersionAnswer } from '../http/unknown-version.ts';

/** Options of {@link Assets.handler}. */
export interface AssetsHandlerOptions {
  /**
   * How many bytes of files are kept in memory, the smallest files first; the rest is streamed from disk.
   *
   * @defaultValue 67108864 (64 MiB)
   */
  readonly memoryBudgetBytes?: number;
  /**
   * What a version gets that is neither current nor on disk: the current bytes with `no-store`, or a 404.
   *
   * @defaultValue `'current-bytes'`
   */
  readonly unknownVersion?: 'current-bytes' | 'not-found';
  /**
   * `Cache-Control` of files that are asked for without a version.
   *
   * @defaultValue `'no-cache'`
   */
  readonly unversionedCacheControl?: string;
  /**
   * Adds `Access-Control-Allow-Origin: *`, which fonts and modules need on another origin.
   *
   * @defaultValue `false`
   */
  readonly cors?: boolean;
  /**
   * Headers to send with every answer.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * `'inside'`: a file whose symbolic links lead out of the roots is a 404. `'follow'`: it is served.
   *
   * @defaultValue `'inside'`
   */
  readonly symlinks?: LinkRule;
  /**
   * Whether what has no version and is no asset goes on to the app's next handler, as a catch-all at the prefix `/`
   * needs it; under a version it is always a 404.
   *
   * @defaultValue `false`
   */
  readonly fallthrough?: boolean;
}

/** {@link AssetsHandlerOptions} with everything decided. */
export interface ResolvedHandlerOptions {
  readonly memoryBudgetBytes: number;
  readonly unknownVersion: UnknownVersionAnswer;
  readonly unversionedCacheControl: string;
  /** CORS among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly followSymlinks: boolean;
  readonly fallthrough: boolean;
}

const KNOWN = [
  'memoryBudgetBytes',
  'unknownVersion',
  'unversionedCacheControl',
  'cors',
  'headers',
  'symlinks',
  'fallthrough',
] as const;
const SENDER = { name: 'handler', decides: ['vary'] };
const MEMORY_BUDGET_BYTES = 64 * 1024 * 1024;

/**
 * Validates and defaults what {@link Assets.handler} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolveHandlerOptions(options: AssetsHandlerOptions = {}): ResolvedHandlerOptions {
  checkOptions('handler()', options, KNOWN);
  const cors = booleanOption('cors', options.cors, false);
  return {
    memoryBudgetBytes: bytesOption('memoryBudgetBytes', options.memoryBudgetBytes, MEMORY_BUDGET_BYTES),
    unknownVersion: unknownVersionOption(options.unknownVersion),
    unversionedCacheControl: headerValue(
      'option "unversionedCacheControl"',
      options.unversionedCacheControl ?? REVALIDATE,
    ),
    headers: Object.fromEntries(resolveHeaders(SENDER, options.headers, cors)),
    followSymlinks: linkRuleOption(options.symlinks) === 'follow',
    fallthrough: booleanOption('fallthrough', options.fallthrough, false),
  };
}

function bytesOption(name: string, value: unknown, defaultValue: number): number {
  if (value === undefined) return defaultValue;
  if (typeof value !== 'number')
    throw new TypeError(`The option "${name}" is a number of bytes, not ${quote(value)}.`);
  if (value >= 0) return value;
  throw new RangeError(`The option "${name}" is a number of bytes from 0 on, not ${value}.`);
}
