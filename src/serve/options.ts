import { amount, BOOLEAN } from '../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../core/options.ts';
import { LINK_RULE, type LinkRule } from '../files/roots.ts';
import { headersKind, resolveHeaders } from '../http/headers.ts';
import { ANSWER_OPTIONS, type AnswerOptions } from '../http/options.ts';
import { UNKNOWN_VERSION, type UnknownVersionAnswer } from '../core/version-format.ts';

/** Options of {@link Assets.handler}. */
export interface AssetsHandlerOptions extends AnswerOptions {
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
  readonly unknownVersion?: UnknownVersionAnswer;
  /**
   * Sends browsers that have an older version of a file what has changed since: the deltas that releases write. Short ones
   * are kept in memory, in a sixteenth of `memoryBudgetBytes` besides. Without a releases folder it changes nothing.
   *
   * @defaultValue `false`
   */
  readonly deltas?: boolean;
  /**
   * Headers to send with every answer.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Which symbolic links are followed: `'inside'`, those that stay inside the roots, while a file behind another is a 404;
   * or `'follow'`, all.
   *
   * @defaultValue `'inside'`
   */
  readonly symlinks?: LinkRule;
  /**
   * Whether requests without a version that match no asset go on to the app's next handler, as a catch-all at the
   * prefix `/` needs it. Under a version it is always a 404.
   *
   * @defaultValue `false`
   */
  readonly fallthrough?: boolean;
}

const SENDER = { name: 'handler', decides: ['vary', 'use-as-dictionary'] };

/** The options of {@link Assets.handler}. */
export const HANDLER_OPTIONS: Table<AssetsHandlerOptions> = {
  ...ANSWER_OPTIONS,
  memoryBudgetBytes: {
    ...amount('bytes'),
    default: 64 * 1024 * 1024,
    defaultText: '67108864 (64 MiB)',
    help: 'How many bytes of files are kept in memory, the smallest files first; the rest is streamed from disk.',
  },
  unknownVersion: {
    ...UNKNOWN_VERSION,
    default: 'current-bytes',
    help: 'What a version gets that is neither current nor on disk: the current bytes with no-store, or a 404.',
  },
  deltas: {
    ...BOOLEAN,
    default: false,
    help: 'Sends browsers that have an older version of a file what has changed since: the deltas that releases write.',
  },
  headers: {
    ...headersKind(SENDER),
    default: {},
    defaultText: 'none',
    help: 'Headers to send with every answer.',
  },
  symlinks: {
    ...LINK_RULE,
    default: 'inside',
    help: "Which symbolic links are followed: 'inside', those that stay inside the roots, while a file behind another is a 404; or 'follow', all.",
  },
  fallthrough: {
    ...BOOLEAN,
    default: false,
    help: "Whether requests without a version that match no asset go on to the app's next handler, as a catch-all at the prefix / needs it.",
  },
};

/** {@link AssetsHandlerOptions} with everything decided. */
export interface ResolvedHandlerOptions extends Omit<Resolved<AssetsHandlerOptions>, 'cors' | 'symlinks'> {
  readonly followSymlinks: boolean;
}

/**
 * Checks and defaults what {@link Assets.handler} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolveHandlerOptions(options: AssetsHandlerOptions = {}): ResolvedHandlerOptions {
  const { cors, symlinks, headers, ...resolved } = resolveOptions('handler()', options, HANDLER_OPTIONS);
  return {
    ...resolved,
    headers: Object.fromEntries(resolveHeaders(SENDER, headers, cors)),
    followSymlinks: symlinks === 'follow',
  };
}
