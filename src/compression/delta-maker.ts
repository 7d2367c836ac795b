import { availableParallelism } from 'node:os';
import type { Tinypool } from 'tinypool';
import { ownFile } from '../core/own-file.ts';
import type { Delta } from './delta.ts';
import workOnDelta, { type DeltaOrder, type DeltaReply } from './delta-worker.ts';
import { openDictionaryCodec } from './dictionary-codec.ts';

/** Two versions of a file, by their paths. */
export interface DeltaVersions {
  /** The older one, which visitors have. */
  readonly dictionary: string;
  readonly content: string;
}

/** Makes deltas, in threads of its own. */
export interface DeltaMaker {
  /** How many deltas it makes at a time. */
  readonly capacity: number;
  /**
   * Makes a delta, decodes it, and compares.
   *
   * @returns `undefined` where there is none: of files over 8 MiB, and where the older version is gone or no dictionary
   */
  make(versions: DeltaVersions): Promise<Delta | undefined>;
  /** Whether a delta, by its path, makes a version from the older one. */
  holds(delta: string, versions: DeltaVersions): Promise<boolean>;
  close(): Promise<void>;
}

/** Longer than files of a release take in between; close() ends the threads. */
const IDLE_MILLISECONDS = 60_000;

/** Each takes up to 250 MB. */
const MOST_THREADS = 8;

/**
 * Makes ready to make deltas: in threads that start with the first, or in this one where there is no program for them, as
 * in a bundle.
 *
 * @throws {@link StaticUrlError} `PACKAGE_MISSING` where this Node needs a package for it
 */
export async function openDeltaMaker(): Promise<DeltaMaker> {
  await openDictionaryCodec();
  const base: string | undefined = import.meta.url;
  const program = ownFile('delta-worker.js', base);
  const capacity = program === undefined ? 1 : Math.min(availableParallelism(), MOST_THREADS);
  let pool: Promise<Tinypool> | undefined;
  const run = async (order: DeltaOrder): Promise<DeltaReply> => {
    if (program === undefined) return workOnDelta(order);
    pool ??= openPool(program, capacity);
    return (await pool).run(order);
  };
  return {
    capacity,
    async make(versions) {
      const reply = await run(versions);
      return typeof reply === 'boolean' ? undefined : reply;
    },
    holds: async (delta, versions) => (await run({ ...versions, delta })) === true,
    close: async () => (await pool)?.destroy(),
  };
}

async function openPool(program: URL, threads: number): Promise<Tinypool> {
  const { Tinypool: Pool } = await import('tinypool');
  // Node starts no thread with the flag of a program that is given as text: `node --input-type=module --eval …`.
  const isText = process.execArgv.some((flag) => flag.startsWith('--input-type'));
  return new Pool({
    filename: program.href,
    minThreads: 0,
    maxThreads: threads,
    // Without it each delta would start a thread of its own.
    idleTimeout: IDLE_MILLISECONDS,
    ...(isText && { execArgv: [] }),
  });
}
