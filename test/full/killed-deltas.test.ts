import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { openDeltaMaker } from '../../src/compression/delta-maker.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { deltasIn, wordsOf, wrongDeltas } from '../releases/delta-files.ts';
import { contentOf, foldersIn, leftoversIn } from '../releases/tree.ts';
import { killAfter } from '../helpers/file-operations.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';

/** The built program; `npm run test:full` builds it first. */
const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** A unit of which one file changes in each state, and files of their own that all do. */
function filesOf(state: number): Files {
  const numbers = Array.from({ length: 12 }, (_, number) => number);
  return Object.fromEntries([
    ...numbers.map((number) => [`u/${number}.txt`, wordsOf(`unit ${number}`, 70)]),
    ...numbers.map((number) => [`own/${number}.js`, `// ${wordsOf(`${number}`, 70)}\n${state}`]),
    ['u/state.txt', `${wordsOf('state', 70)}\n${state}`],
  ]) as Files;
}

async function release(root: string, releases: string): Promise<void> {
  await writeRelease({ roots: root, releases, together: ['u/'], deltas: true });
}

/** Runs the real program; returns whether it came to its end before it was killed. */
async function runUntil(argv: readonly string[], count: number): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', killAfter(count, '/deltas/'), BIN, ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let message = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (message += text));
  const [code, signal] = (await once(child, 'close')) as [code: number | null, signal: string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(message);
  return code === 0;
}

test.serial('a release may be killed after each file operation from its first delta on', async (t) => {
  t.timeout(20 * 60 * 1000);
  const folder = await temporaryFolder(t);
  const [model, expected] = [join(folder, 'model'), join(folder, 'expected')];
  const roots = [0, 1, 2].map((state) => join(folder, `public-${state}`));
  for (const [state, root] of roots.entries()) await writeFiles(root, filesOf(state));
  const [first = '', second = '', third = ''] = roots;
  for (const root of [first, second]) await release(root, model);
  await cp(model, expected, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  await release(third, expected);
  const whole = await contentOf(expected);
  t.is((await deltasIn(expected)).length, 12 + 1 + 12 + (12 + 2 + 24));

  const maker = await openDeltaMaker();
  let killed = 0;
  for (let count = 1; ; count += 1) {
    const releases = await mkdtemp(join(folder, 'releases-'));
    await cp(model, releases, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    const argv = ['release', '--root', third, '--releases', releases, '--together', 'u/', '--deltas'];
    const isDone = await runUntil(argv, count);
    const moment = `killed after ${count}`;
    // Every folder that is seen is whole, with its deltas.
    const content = await contentOf(releases);
    for (const fingerprint of await foldersIn(releases))
      t.deepEqual(within(content, fingerprint), within(whole, fingerprint), moment);
    t.deepEqual(await wrongDeltas(releases, maker), [], moment);
    await release(third, releases);
    t.deepEqual(await contentOf(releases), whole, moment);
    t.deepEqual(await leftoversIn(releases), [], moment);
    t.deepEqual(await wrongDeltas(releases, maker), [], moment);
    await rm(releases, { recursive: true });
    if (isDone) break;
    killed += 1;
  }
  await maker.close();
  t.log(`${killed} kills`);
  t.true(killed >= 200);
});

function within(content: Readonly<Record<string, string>>, folder: string): [string, string][] {
  return Object.entries(content).filter(([name]) => name.startsWith(`${folder}/`));
}
