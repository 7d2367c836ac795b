import { optionError } from '../../core/errors.ts';
import { inCode, wholeNumber, type Kind } from '../../core/option-kinds.ts';
import type { Table } from '../../core/options.ts';
import { isPlainObject } from '../../core/text.ts';
import { PREFIX_KIND } from './key-prefix.ts';
import type { Purge } from './target.ts';

/** What every bucket can be told. */
export interface BucketOptions {
  /**
   * What stands before the site's keys in the bucket: `docs/`. A site reads, writes and deletes nothing else.
   *
   * @defaultValue `''`: the whole bucket is the site's
   */
  readonly prefix?: string;
  /**
   * The URL that visitors find the prefix at, such as that of a CDN; `false` where nobody can ask.
   *
   * @defaultValue the URL of the site
   */
  readonly publicUrl?: string | false;
  /**
   * What is told to caches in front of it: an invalidation of CloudFront, a command, or a function.
   *
   * @defaultValue none
   */
  readonly purge?: Purge;
  /**
   * How often a request is tried that the service is too busy for, or whose connection breaks, with growing pauses.
   *
   * @defaultValue 8
   */
  readonly attempts?: number;
}

export const BUCKET_OPTIONS: Table<BucketOptions, 'publicUrl' | 'purge'> = {
  prefix: {
    ...PREFIX_KIND,
    default: '',
    defaultText: "`''`: the whole bucket is the site's",
    help: "What stands before the site's keys in the bucket: `docs/`.",
  },
  publicUrl: {
    ...withheld('an absolute "http:" or "https:" URL without a password and a query, or false', isPublicUrl),
    defaultText: 'the URL of the site',
    help: 'The URL that visitors find the prefix at, such as that of a CDN; `false` where nobody can ask.',
  },
  purge: {
    ...inCode(
      'a function, { cloudFront: "<id of the distribution>" } or { command: ["program", "parameter", …] }',
      isPurge,
    ),
    defaultText: 'none',
    help: 'What is told to caches in front of it: an invalidation of CloudFront, a command, or a function.',
  },
  attempts: {
    ...wholeNumber('attempts', 1, 100),
    default: 8,
    help: 'How often a request is tried that the service is too busy for, or whose connection breaks, with growing pauses.',
  },
};

/** What code alone can give, and what may hold a secret: a message does not repeat it. */
export function withheld<Value>(what: string, isFit: (value: unknown) => boolean): Kind<Value> {
  return {
    argument: { kind: 'none' },
    check: (value): value is Value => isFit(value),
    refusal: (_value, option) =>
      optionError(option, (naming) => `${naming(option)} is ${what}. What is given is something else.`),
  };
}

/** Whether a value says where visitors find something. */
export function isPublicUrl(value: unknown): boolean {
  if (value === false) return true;
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && search === '' && hash === '';
}

/** Whether a value says how caches are told. */
function isPurge(value: unknown): value is Purge {
  if (typeof value === 'function') return true;
  if (!isPlainObject(value)) return false;
  const { cloudFront, command, urlsAtOnce, ...others } = value;
  if (Object.keys(others).length > 0) return false;
  if (cloudFront !== undefined)
    return (
      typeof cloudFront === 'string' && cloudFront !== '' && command === undefined && urlsAtOnce === undefined
    );
  return (
    Array.isArray(command) &&
    command.length > 0 &&
    command.every((word) => typeof word === 'string') &&
    command[0] !== '' &&
    (urlsAtOnce === undefined || (Number.isInteger(urlsAtOnce) && Number(urlsAtOnce) > 0))
  );
}
