import { REVALIDATE } from '../core/cache-control.ts';
import { booleanOption, checkOptions, choiceOption, quote, requiredText } from '../core/options.ts';

/** Options of {@link ServedAssets.handler}. */
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
  readonly symlinks?: 'inside' | 'follow';
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
  readonly unknownVersion: 'current-bytes' | 'not-found';
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
const MEMORY_BUDGET_BYTES = 64 * 1024 * 1024;

/**
 * Validates and defaults what {@link ServedAssets.handler} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolveHandlerOptions(options: AssetsHandlerOptions = {}): ResolvedHandlerOptions {
  checkOptions('handler()', options, KNOWN);
  const cors = booleanOption('cors', options.cors, false);
  return {
    memoryBudgetBytes: bytesOption('memoryBudgetBytes', options.memoryBudgetBytes, MEMORY_BUDGET_BYTES),
    unknownVersion: choiceOption(
      'unknownVersion',
      options.unknownVersion,
      ['current-bytes', 'not-found'],
      'current-bytes',
    ),
    unversionedCacheControl: headerValue(
      'unversionedCacheControl',
      options.unversionedCacheControl ?? REVALIDATE,
    ),
    headers: {
      ...(cors ? { 'Access-Control-Allow-Origin': '*' } : {}),
      ...checkedHeaders(options.headers ?? {}),
    },
    followSymlinks: choiceOption('symlinks', options.symlinks, ['inside', 'follow'], 'inside') === 'follow',
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

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 §5.5: no control characters but the tab. */
const FIELD_VALUE = /^[\t -~\u0080-\u00FF]+$/;
/** Set from what is known of the file or the connection. */
const OWN_HEADERS = [
  'accept-ranges',
  'allow',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'transfer-encoding',
  'vary',
  'x-content-type-options',
];

function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw new TypeError(`The header name ${quote(name)} is not one by RFC 9110.`);
    if (OWN_HEADERS.includes(name.toLowerCase())) {
      throw new TypeError(
        `The header ${quote(name)} is decided by the handler itself. Leave it out of "headers".`,
      );
    }
    checked[name] = headerValue(name, value);
  }
  return checked;
}

function headerValue(name: string, value: unknown): string {
  const text = requiredText(`header "${name}"`, value);
  if (FIELD_VALUE.test(text)) return text;
  throw new TypeError(
    `The header "${name}" cannot be ${quote(text)}: it has a character that no header may have.`,
  );
}
