import { inParallel } from '../../core/in-parallel.ts';
import { countText } from '../../core/text.ts';
import { PHASES, type Phase } from '../landing/index.ts';
import type { Target, Written } from '../targets/target.ts';
import { PublishError, type PublishFailure, type PublishStep } from './reports.ts';
import type { PublishLock } from './publish-lock.ts';
import type { PlannedDelete, PlannedWrite } from './publish-plan.ts';

/** After so many failures without a success in between, the rest is not tried. */
const HOPELESS_FAILURES = 20;

/** How writes and deletes are done. */
export interface WorkOptions {
  readonly target: Target;
  readonly lock: PublishLock;
  readonly parallel: number;
}

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  asset: 'assets',
  file: 'other files',
  page: 'pages',
  entry: 'entry pages',
};

/**
 * Writes what has changed, one phase after the other: no page is there before what it names.
 *
 * @returns the tag of each, by its key
 * @throws {@link PublishError}; {@link StaticUrlError} `PUBLISH_LOCKED`
 */
export async function writePhases(
  writes: readonly PlannedWrite[],
  options: WorkOptions,
  onProgress: (done: number, total: number) => void,
): Promise<ReadonlyMap<string, string>> {
  const { target } = options;
  const tags = new Map<string, string>();
  const total = writes.reduce((sum, write) => sum + bytesOf(write), 0);
  let done = 0;
  // What is new has no visitors before something that they know names it.
  const steps = PHASES.flatMap((phase) => [true, false].map((isNew) => ({ phase, isNew })));
  for (const { phase, isNew } of steps) {
    const inPhase = writes.filter(
      ({ wanted, object }) => wanted.file.phase === phase && (object === undefined) === isNew,
    );
    if (inPhase.length === 0) continue;
    const failures = await eachOf(
      inPhase,
      ({ wanted }) => wanted.file.key,
      options,
      async (write) => {
        const { tag } = await writeOne(target, write);
        tags.set(write.wanted.file.key, tag);
        onProgress((done += bytesOf(write)), total);
      },
    );
    if (failures.length > 0)
      throw failed(
        'upload',
        failures,
        `Of the ${PHASE_WORDS[phase]}, ${countText(failures.length, 'upload')} to ${target.name} failed. What comes behind them was left out, and nothing was deleted: the site that was there still works. Publish again once the cause is mended`,
      );
  }
  return tags;
}

function bytesOf({ action, wanted }: PlannedWrite): number {
  return action === 'upload' ? wanted.file.size : 0;
}

/**
 * Deletes in the opposite order: nothing goes before the pages that name it.
 *
 * @returns what could not be deleted; what would come behind it was not tried
 */
export async function deletePhases(
  deletes: readonly PlannedDelete[],
  options: WorkOptions,
  onProgress: (done: number) => void,
): Promise<PublishFailure[]> {
  let done = 0;
  for (const phase of PHASES.toReversed()) {
    const inPhase = deletes.filter(({ kind }) => (kind === 'fingerprinted' ? 'asset' : kind) === phase);
    if (inPhase.length === 0) continue;
    const failures = await eachOf(
      inPhase,
      ({ key }) => key,
      options,
      async ({ key }) => {
        await options.target.delete(key);
        onProgress((done += 1));
      },
    );
    if (failures.length > 0) return failures;
  }
  return [];
}

async function writeOne(target: Target, { wanted, action, object }: PlannedWrite): Promise<Written> {
  const { file, headers } = wanted;
  const changed = action === 'headers' && object && (await target.setHeaders?.(object, headers));
  return changed || target.write(file.key, file, headers);
}

/**
 * Does something for each item, several at a time, and gathers what fails.
 *
 * @throws {@link StaticUrlError} `PUBLISH_LOCKED`
 */
async function eachOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { lock, parallel }: WorkOptions,
  work: (item: Item) => Promise<void>,
): Promise<PublishFailure[]> {
  await lock.check();
  const failures: PublishFailure[] = [];
  const untried: Item[] = [];
  let inVain = 0;
  await inParallel(
    items,
    async (item) => {
      if (inVain >= HOPELESS_FAILURES) {
        untried.push(item);
        return;
      }
      await lock.checkLately();
      try {
        await work(item);
        inVain = 0;
      } catch (error) {
        inVain += 1;
        failures.push({ key: keyOf(item), reason: reasonOf(error) });
      }
    },
    parallel,
  );
  for (const item of untried)
    failures.push({
      key: keyOf(item),
      reason: `Not tried, since the ${HOPELESS_FAILURES} before it failed.`,
    });
  return failures;
}

/** What went wrong, as one sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error of a step, with the first reasons. */
export function failed(step: PublishStep, failures: readonly PublishFailure[], words: string): PublishError {
  const [first] = failures;
  return new PublishError(
    step,
    failures,
    `${words}.${first === undefined ? '' : ` The first reason: ${first.reason}`}`,
  );
}
