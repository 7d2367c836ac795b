import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate, type Candidate } from './alternate.ts';
import { temporaryFolder } from './folder.ts';
import { numberIn, startProgram } from './node-program.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';
import { writeTree } from './tree.ts';
import { versionsOf } from './versions.ts';

const FILES = 1000;
const TREE_BYTES = 4_000_000;

/** assets.url() against staticify's getVersionedPath(), and against the look-up that it cannot be faster than. */
export async function benchAssetUrl(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 15;
  const root = join(await temporaryFolder(context), 'public');
  await mkdir(root);
  await writeTree(root, FILES, TREE_BYTES);
  const program = await startProgram(context, 'asset-url.js', [root]);
  const looking = (candidate: string, loops: number) => async (): Promise<number> =>
    numberIn(await program.ask({ candidate, rounds: loops }), 'callsPerSecond');
  const peer: Candidate = { name: "staticify's getVersionedPath()", measure: looking('staticify', 100) };
  const candidates: Candidate[] = [
    { name: 'assets.url()', asked: { atLeast: 20 }, measure: looking('assets', 2000) },
    { name: 'Map.get() of the same URLs', measure: looking('map', 2000) },
  ];
  for (const { measure } of [peer, ...candidates]) await measure();
  const comparison = await alternate(peer, candidates, rounds, context.progress);
  return {
    name: 'asset-url',
    title: `the URLs of ${FILES} files one after the other, in one process, ${rounds} rounds`,
    versions: versionsOf(['staticify']),
    tables: [{ title: 'look-ups', unit: 'calls/s', rows: comparisonRows(comparison) }],
    notes: [
      'Both know all files already: staticify has computed each digest before, in the round that does not count.',
    ],
  };
}
