import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { alternate, type Candidate } from './alternate.ts';
import { writeAssetTree } from './asset-tree.ts';
import { findDjango, type Django } from './django.ts';
import { temporaryFolder } from './folder.ts';
import { hashAll } from './hash-all.ts';
import { numberIn, startProgram } from './node-program.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const FILES = 10_000;
const TREE_BYTES = 100_000_000;
const COLLECTSTATIC = fileURLToPath(new URL('programs/collectstatic.py', import.meta.url));
const PARTS = ['scan', 'read', 'digest', 'references', 'index'] as const;

/** openAssets() against xxhsum over the same files, and where its time goes. */
export async function benchOpenAssets(context: BenchContext): Promise<Report> {
  const tools = requireTools(['xxhsum']);
  const rounds = context.rounds ?? 15;
  const folder = await temporaryFolder(context);
  const root = join(folder, 'public');
  await mkdir(root);
  context.progress('writing the tree');
  const { names, text } = await writeAssetTree(root, FILES, TREE_BYTES);
  const program = await startProgram(context, 'open-assets.js');
  const django = findDjango();
  const xxhsum: Candidate = { name: 'xxhsum -H64, its start included', measure: () => hashAll(root, names) };
  const candidates: Candidate[] = [
    {
      name: 'openAssets(), again in one process',
      asked: { atMost: 5 },
      measure: async () => numberIn(await program.ask({ root }), 'milliseconds'),
    },
    {
      name: 'openAssets(), first call of a process',
      asked: { atMost: 5 },
      measure: () => firstOpening(context, root),
    },
    ...(django === undefined
      ? []
      : [{ name: 'collectstatic into an empty folder', measure: () => collect(django, root, folder) }]),
  ];
  for (const { measure } of [xxhsum, ...candidates]) await measure();
  const comparison = await alternate(xxhsum, candidates, rounds, context.progress);
  context.progress('taking the time of each part');
  const parts = await program.ask({ root, inParts: true });
  return {
    name: 'open-assets',
    title: `${FILES} files of ${TREE_BYTES / 1e6} MB in all, ${text.files} of them CSS and JavaScript from npm of ${(text.bytes / 1e6).toFixed(0)} MB, in the page cache, ${rounds} rounds`,
    versions: {
      ...versionsOf(['xxhash-wasm', '@csstools/css-tokenizer']),
      ...tools,
      ...(django !== undefined && { django: django.version }),
    },
    tables: [{ title: 'time', unit: 'ms', rows: comparisonRows(comparison) }],
    notes: [
      `Where the time goes, once: ${PARTS.map((part) => `${part} ${numberIn(parts, part).toFixed(0)} ms`).join(', ')}.`,
      ...(django === undefined
        ? ["Left out: Django's collectstatic, as python3-django is not installed."]
        : []),
    ],
  };
}

async function firstOpening(context: BenchContext, root: string): Promise<number> {
  const program = await startProgram(context, 'open-assets.js');
  try {
    return numberIn(await program.ask({ root }), 'milliseconds');
  } finally {
    await program.end();
  }
}

/** The milliseconds of collectstatic alone, without the start of Python. */
async function collect({ python }: Django, root: string, folder: string): Promise<number> {
  const target = await mkdtemp(join(folder, 'collected-'));
  try {
    const { stdout } = await promisify(execFile)(python, [COLLECTSTATIC, root, target], {
      timeout: 300_000,
    });
    return numberIn(JSON.parse(stdout), 'milliseconds');
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}
