import { execFile } from 'node:child_process';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alternate, type Candidate } from './alternate.ts';
import { writeAssetTree } from './asset-tree.ts';
import { temporaryFolder } from './folder.ts';
import { numberIn, runProgram } from './node-program.ts';
import { comparisonRows, row, type BenchContext, type Report } from './report.ts';
import { versionsOf } from './versions.ts';

const execute = promisify(execFile);

const FILES = 1000;
const TREE_BYTES = 100_000_000;
const CHANGED = 50;
const RELEASE_MILLISECONDS = 600_000;

/** The time and the disk of a release with deltas, against one without. */
export async function benchReleaseDeltas(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 5;
  const folder = await temporaryFolder(context);
  const [root, base, releases] = ['public', 'base', 'releases'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(root);
  context.progress('writing the tree and its first release');
  const { names, text } = await writeAssetTree(root, FILES, TREE_BYTES);
  const release = (into: string, deltas: boolean): Promise<unknown> =>
    runProgram('write-release.js', [root, into, String(deltas)], RELEASE_MILLISECONDS);
  await release(base, false);
  const step = Math.floor(text.files / CHANGED);
  for (let number = 0; number < CHANGED; number += 1)
    await appendFile(join(root, names[number * step] ?? ''), '\n/* changed */\n');

  const before = await diskBytes(base);
  const disk = new Map<boolean, number>();
  let made = 0;
  const candidate = (name: string, deltas: boolean): Candidate => ({
    name,
    async measure() {
      await rm(releases, { recursive: true, force: true });
      await execute('cp', ['--archive', base, releases]);
      const answer = await release(releases, deltas);
      disk.set(deltas, (await diskBytes(releases)) - before);
      if (deltas) made = numberIn(answer, 'deltas');
      return numberIn(answer, 'milliseconds');
    },
  });
  const plain = candidate('without deltas', false);
  const withDeltas = candidate('with deltas', true);
  for (const { measure } of [plain, withDeltas]) await measure();
  const comparison = await alternate(plain, [withDeltas], rounds, context.progress);
  return {
    name: 'release-deltas',
    title: `a release after ${CHANGED} of ${FILES} files changed, compressed, ${TREE_BYTES / 1e6} MB, ${rounds} rounds`,
    versions: versionsOf(['@bokuweb/zstd-wasm']),
    tables: [
      { title: 'time', unit: 'ms', rows: comparisonRows(comparison) },
      {
        title: 'what it adds on the disk, in whole blocks',
        unit: 'MB',
        rows: [false, true].map((deltas) =>
          row(deltas ? withDeltas.name : plain.name, (disk.get(deltas) ?? NaN) / 1e6),
        ),
      },
    ],
    notes: [`It made ${made} deltas. Each release is a process of its own, timed inside.`],
  };
}

/** What a folder takes on the disk: each file once, however many names it has. */
async function diskBytes(folder: string): Promise<number> {
  const { stdout } = await execute('du', ['--summarize', '--block-size=1', folder]);
  return Number.parseInt(stdout, 10);
}
