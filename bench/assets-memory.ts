import { join } from 'node:path';
import { writeAssetTree } from './asset-tree.ts';
import { temporaryFolder } from './folder.ts';
import { numberIn, runProgram } from './node-program.ts';
import { row, type BenchContext, type Report } from './report.ts';
import { spreadOf } from './spread.ts';
import { versionsOf } from './versions.ts';

const FILES = 10_000;
const TREE_BYTES = 100_000_000;
const MEGABYTE = 1e6;

/** What memory an index of many files and the answers prepared from it take, in fresh processes. */
export async function benchAssetsMemory(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 9;
  const root = join(await temporaryFolder(context), 'public');
  context.progress('writing the tree');
  await writeAssetTree(root, FILES, TREE_BYTES);
  const empty: number[] = [];
  const opened: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    context.progress(`round ${round + 1} of ${rounds}`);
    empty.push(await residentMegabytes([]));
    opened.push(await residentMegabytes([root]));
  }
  const [emptyMedian, openedMedian] = [spreadOf(empty).median, spreadOf(opened).median];
  return {
    name: 'assets-memory',
    title: `${FILES} files of ${TREE_BYTES / MEGABYTE} MB in all, a tenth of it CSS and JavaScript, ${rounds} rounds`,
    versions: versionsOf(['xxhash-wasm']),
    tables: [
      {
        title: 'resident memory of the process',
        unit: 'MB',
        rows: [
          row('an empty process', emptyMedian),
          row('openAssets() and handler({ memoryBudgetBytes: 0 })', openedMedian),
          row('the difference', openedMedian - emptyMedian, { atMost: 60 }),
        ],
      },
    ],
    notes: [],
  };
}

async function residentMegabytes(programArguments: readonly string[]): Promise<number> {
  return numberIn(await runProgram('index-assets.js', programArguments), 'residentBytes') / MEGABYTE;
}
