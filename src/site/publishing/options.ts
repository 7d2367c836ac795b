import { BOOLEAN, callback, PATH, wholeNumber } from '../../core/option-kinds.ts';
import type { Table } from '../../core/options.ts';

/** How far a publish has come. */
export interface PublishProgress {
  readonly stage:
    | 'exporting'
    | 'hashing'
    | 'listing'
    | 'uploading'
    | 'verifying the target'
    | 'purging'
    | 'verifying URLs'
    | 'deleting';
  /** How many of `total` are done: bytes while hashing and uploading. */
  readonly done: number;
  /** 0 where the number is not known. */
  readonly total: number;
}

/** What one publish is told. */
export interface PublishOptions {
  /**
   * A folder that was exported before. Without it the site is exported into a temporary folder.
   *
   * @defaultValue none
   */
  readonly from?: string | URL;
  /**
   * Changes nothing, and tells what would be done.
   *
   * @defaultValue `false`
   */
  readonly dryRun?: boolean;
  /**
   * Trusts nothing that the target or its manifest says, and uploads everything.
   *
   * @defaultValue `false`
   */
  readonly ignoreRemote?: boolean;
  /**
   * Does not ask for the public URLs of what has changed.
   *
   * @defaultValue `false`
   */
  readonly skipVerify?: boolean;
  /**
   * For how long a public URL is asked again that is missing or has an old body, in seconds: caches take a while.
   *
   * @defaultValue 30
   */
  readonly verifySeconds?: number;
  /**
   * How many objects are written, or URLs asked for, at a time.
   *
   * @defaultValue 16
   */
  readonly parallel?: number;
  /**
   * How many objects may be deleted, unless `force` is on.
   *
   * @defaultValue 100
   */
  readonly maxDeletes?: number;
  /**
   * How many days retired assets stay at least, for pages that are still open.
   *
   * @defaultValue 30
   */
  readonly keepDays?: number;
  /**
   * How many publishes retired assets stay at least, the one that retires them not counted.
   *
   * @defaultValue 3
   */
  readonly keepPublishes?: number;
  /**
   * Whether a lock in the target keeps others from publishing at the same time. Off for targets without conditional writes.
   *
   * @defaultValue `true`
   */
  readonly lock?: boolean;
  /**
   * How long the lock of a publish that was killed stays, in seconds.
   *
   * @defaultValue 60
   */
  readonly lockSeconds?: number;
  /**
   * Replaces without asking what is in the target and not the site's, takes over the target of another site, and deletes more than
   * `maxDeletes`.
   *
   * @defaultValue `false`
   */
  readonly force?: boolean;
  /**
   * Asked, with a sentence that says what for, where `force` would be needed.
   *
   * @defaultValue none: the publish fails, unless `force` is on
   */
  readonly confirm?: (question: string) => boolean | Promise<boolean>;
  /** Called as the publish progresses. */
  readonly onProgress?: (progress: PublishProgress) => void;
}

/** The options of a publish. */
export const SITE_PUBLISH_OPTIONS: Table<PublishOptions, 'from' | 'confirm' | 'onProgress'> = {
  from: {
    ...PATH,
    flag: '--from <folder>',
    help: 'A folder that was exported before.',
  },
  dryRun: {
    ...BOOLEAN,
    flag: '--dry-run',
    default: false,
    help: 'Changes nothing, and tells what would be done.',
  },
  ignoreRemote: {
    ...BOOLEAN,
    flag: '--ignore-remote',
    default: false,
    help: 'Trusts nothing that the target or its manifest says, and uploads everything.',
  },
  skipVerify: {
    ...BOOLEAN,
    flag: '--skip-verify',
    default: false,
    help: 'Does not ask for the public URLs of what has changed.',
  },
  verifySeconds: {
    ...wholeNumber('seconds', 0, 3600),
    flag: '--verify-seconds <seconds>',
    default: 30,
    help: 'For how long a public URL is asked again that is missing or has an old body, in seconds: caches take a while.',
  },
  parallel: {
    ...wholeNumber('objects', 1, 256),
    flag: '--parallel <count>',
    default: 16,
    help: 'How many objects are written, or URLs asked for, at a time.',
  },
  maxDeletes: {
    ...wholeNumber('objects', 0),
    flag: '--max-deletes <count>',
    default: 100,
    help: 'How many objects may be deleted, unless force is on.',
  },
  keepDays: {
    ...wholeNumber('days', 0),
    flag: '--keep-days <days>',
    default: 30,
    help: 'How many days retired assets stay at least, for pages that are still open.',
  },
  keepPublishes: {
    ...wholeNumber('publishes', 0),
    flag: '--keep-publishes <count>',
    default: 3,
    help: 'How many publishes retired assets stay at least, the one that retires them not counted.',
  },
  lock: {
    ...BOOLEAN,
    flag: '--no-lock',
    default: true,
    help: 'Whether a lock in the target keeps others from publishing at the same time.',
  },
  lockSeconds: {
    ...wholeNumber('seconds', 1, 3600),
    flag: '--lock-seconds <seconds>',
    default: 60,
    help: 'How long the lock of a publish that was killed stays, in seconds.',
  },
  force: {
    ...BOOLEAN,
    flag: '--force',
    default: false,
    help: "Replaces without asking what is in the target and not the site's, takes over the target of another site, and deletes more than maxDeletes.",
  },
  confirm: {
    ...callback(),
    defaultText: 'none: the publish fails, unless force is on',
    help: 'Asked, with a sentence that says what for, where force would be needed.',
  },
  onProgress: { ...callback(), help: 'Called as the publish progresses.' },
};
