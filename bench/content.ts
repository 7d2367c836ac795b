import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate, type Candidate, type Comparison } from './alternate.ts';
import { temporaryFolder, writeAsset } from './folder.ts';
import { hashAll } from './hash-all.ts';
import { numberIn, startProgram, type NodeProgram } from './node-program.ts';
import { comparisonRows, row, type BenchContext, type Report } from './report.ts';
import { requireTools } from './tools.ts';
import { writeTree } from './tree.ts';
import { versionsOf } from './versions.ts';

const FILES = 10_000;
const TREE_BYTES = 100_000_000;
const HUGE_BYTES = 4 * 1024 ** 3;
const MEGABYTE = 1e6;

/** getStaticUrlContent() against xxhsum over the same files, and its peak memory. */
export async function benchContent(context: BenchContext): Promise<Report> {
  const tools = requireTools(['xxhsum']);
  const rounds = context.rounds ?? 15;
  const folder = await temporaryFolder(context);
  const root = join(folder, 'public');
  await mkdir(root);
  context.progress('writing the tree');
  const names = await writeTree(root, FILES, TREE_BYTES);
  await writeAsset(join(folder, 'empty'), '');

  const program = await startProgram(context, 'digest-tree.js');
  const xxhsum: Candidate = { name: 'xxhsum -H64, its start included', measure: () => hashAll(root, names) };
  const candidates: Candidate[] = [
    {
      name: 'getStaticUrlContent(), again in one process',
      asked: { atMost: 1.5 },
      measure: () => digest(program, root),
    },
    {
      name: 'getStaticUrlContent(), first call of a process',
      asked: { atMost: 1.5 },
      measure: () => firstDigest(context, root),
    },
    { name: 'xxhsum -H64 of an empty file: its start alone', measure: () => hashAll(folder, ['empty']) },
  ];
  for (const { measure } of [xxhsum, ...candidates]) await measure();
  const comparison = await alternate(xxhsum, candidates, rounds, context.progress);

  context.progress('watching the event loop and the memory');
  const watched = await program.ask({ root, watchLoop: true });
  const treePeak = await peakOf(context, root);
  const huge = await open(join(root, 'huge.bin'), 'w');
  await huge.truncate(HUGE_BYTES);
  await huge.close();
  const hugePeak = await peakOf(context, root);
  return {
    name: 'content',
    title: `${FILES} files of ${TREE_BYTES / MEGABYTE} MB in all, in the page cache, ${rounds} rounds`,
    versions: { ...versionsOf(['xxhash-wasm']), ...tools },
    tables: [
      { title: 'time', unit: 'ms', rows: comparisonRows(comparison) },
      {
        title: 'peak memory of the whole process',
        unit: 'MB',
        rows: [
          row('Node with static-url loaded, no call', numberIn(program.greeting, 'peakBytes') / MEGABYTE),
          row('the tree', treePeak / MEGABYTE, { atMost: 150 }),
          row('the tree and a file of 4 GB', hugePeak / MEGABYTE, { atMost: 150 }),
        ],
      },
    ],
    notes: [
      withoutStart(comparison),
      `The call reads synchronously: of ${format(numberIn(watched, 'milliseconds'))} ms it blocked the event loop ` +
        `${format(numberIn(watched, 'blockedMilliseconds'))} ms in one piece. Call it before the server listens.`,
    ],
  };
}

function format(milliseconds: number): string {
  return milliseconds.toFixed(0);
}

/** The start of xxhsum's process flatters us, so the ratios are told without it too. */
function withoutStart({ baseline, candidates }: Comparison): string {
  const [again, first, start] = candidates.map(({ values }) => values.median);
  if (again === undefined || first === undefined || start === undefined)
    throw new Error('A candidate is missing.');
  const hashing = baseline.values.median - start;
  return (
    `Without the start of its process xxhsum takes ${format(hashing)} ms; beside that, by medians: ` +
    `again ${(again / hashing).toFixed(2)}, first call ${(first / hashing).toFixed(2)}.`
  );
}

/** The milliseconds of one more call. */
async function digest(program: NodeProgram, root: string): Promise<number> {
  return numberIn(await program.ask({ root }), 'milliseconds');
}

/** The milliseconds of a call in a process that has made none. */
function firstDigest(context: BenchContext, root: string): Promise<number> {
  return inFreshProcess(context, (program) => digest(program, root));
}

/** The most memory that a process had while it digested a tree once. */
function peakOf(context: BenchContext, root: string): Promise<number> {
  return inFreshProcess(context, async (program) => numberIn(await program.ask({ root }), 'peakBytes'));
}

async function inFreshProcess(
  context: BenchContext,
  measure: (program: NodeProgram) => Promise<number>,
): Promise<number> {
  const program = await startProgram(context, 'digest-tree.js');
  try {
    return await measure(program);
  } finally {
    await program.end();
  }
}
