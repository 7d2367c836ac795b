import {
  absolutePath,
  BOOLEAN,
  expected,
  PATH,
  validated,
  wholeNumber,
  type Kind,
} from '../../core/option-kinds.ts';
import { resolveOptions, type Table } from '../../core/options.ts';
import { parsePrefix, PREFIX, type Prefix } from '../../core/prefix.ts';
import { quote } from '../../core/text.ts';
import { dueRule, type DueRule } from './due-rule.ts';

/** The option `preload` of {@link createPages}: views that become static files. */
export interface PreloadedViewOptions {
  /** The folder of the files, with nothing else in it. Made if it is not there. */
  readonly folder: string | URL;
  /**
   * What the URLs of the files start with: a path of the site, or a URL of a CDN that asks the site for it.
   *
   * @defaultValue `'/preloaded/'`
   */
  readonly prefix?: string;
  /**
   * When a view is rendered anew by time alone: `'daily'`, on each new day, or after a number of seconds.
   *
   * @defaultValue never
   */
  readonly renew?: 'daily' | number;
  /**
   * The time zone in which a day begins: `'Europe/Berlin'`.
   *
   * @defaultValue that of the host
   */
  readonly timeZone?: string;
  /**
   * How long a file that nothing uses any more is kept, in days.
   *
   * @defaultValue 30
   */
  readonly keepDays?: number;
  /**
   * Whether it is an error when a view cannot be preloaded; otherwise its live URL is given, with one warning.
   *
   * @defaultValue `false`
   */
  readonly throwOnError?: boolean;
}

/** {@link PreloadedViewOptions} with everything decided. */
export interface ResolvedPreload {
  /** Absolute. */
  readonly folder: string;
  readonly prefix: Prefix;
  readonly isDue: DueRule;
  readonly keepDays: number;
  readonly throwOnError: boolean;
}

/** What URLs of an app must not all start with. */
const OWN_PREFIX: Kind<string> = validated({ kind: 'string' }, (value) => {
  const prefix = parsePrefix(value);
  if (prefix.path === '/')
    throw new TypeError(`The prefix ${quote(value)} has no path of its own. Give one such as "/preloaded/".`);
});

/** The options of `preload`. */
export const PRELOAD_OPTIONS: Table<PreloadedViewOptions, 'renew' | 'timeZone'> = {
  folder: {
    ...PATH,
    required: true,
    help: 'The folder of the files, with nothing else in it.',
  },
  prefix: {
    ...PREFIX,
    ...OWN_PREFIX,
    default: '/preloaded/',
    help: 'What the URLs of the files start with: a path of the site, or a URL of a CDN that asks the site for it.',
  },
  renew: {
    ...expected<'daily' | number>(
      { kind: 'none' },
      '"daily" or a number of seconds above 0',
      (value): value is 'daily' | number => value === 'daily' || (typeof value === 'number' && value > 0),
    ),
    defaultText: 'never',
    help: "When a view is rendered anew by time alone: 'daily', on each new day, or after a number of seconds.",
  },
  timeZone: {
    ...expected({ kind: 'none' }, 'a time zone such as "Europe/Berlin"', isTimeZone),
    defaultText: 'that of the host',
    help: "The time zone in which a day begins: 'Europe/Berlin'.",
  },
  keepDays: {
    ...wholeNumber('days', 1),
    default: 30,
    help: 'How long a file that nothing uses any more is kept, in days.',
  },
  throwOnError: {
    ...BOOLEAN,
    default: false,
    help: 'Whether it is an error when a view cannot be preloaded; otherwise its live URL is given, with one warning.',
  },
};

/**
 * Checks and defaults the option `preload`.
 *
 * @throws TypeError, RangeError
 */
export function resolvePreload(options: unknown): ResolvedPreload {
  const { folder, prefix, renew, timeZone, ...rest } = resolveOptions(
    'The option "preload"',
    options,
    PRELOAD_OPTIONS,
  );
  return {
    ...rest,
    folder: absolutePath('option "folder"', folder),
    prefix: parsePrefix(prefix),
    isDue: dueRule(renew, timeZone),
  };
}

function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
