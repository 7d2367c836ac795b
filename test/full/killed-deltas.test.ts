import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openDeltaMaker } from '../../src/compression/delta-maker.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { deltasIn, wordsOf, wrongDeltas } from '../releases/delta-files.ts';
import { contentOf, foldersIn, leftoversIn } from '../releases/tree.ts';
import { killAfter } from '../helpers/file-operations.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { callUntil } from './release-scenarios.ts';

/** A unit of which one file changes in each state, and files of their own that all do. */
function filesOf(state: number): Files {
  const numbers = Array.from({ length: 6 }, (_, number) => number);
  return Object.fromEntries([
    ...numbers.map((number) => [`u/${number}.txt`, wordsOf(`unit ${number}`, 50)]),
    ...numbers.map((number) => [`own/${number}.txt`, `${wordsOf(`own ${number}`, 50)}\n${state}`]),
    ['u/state.txt', `${wordsOf('state', 50)}\n${state}`],
  ]) as Files;
}

function optionsOf(root: string, releases: string): Parameters<typeof writeRelease>[0] {
  return { roots: root, releases, together: ['u/'], deltas: true };
}

test.serial('a release may be killed after each file operation from its first delta on', async (t) => {
  t.timeout(20 * 60 * 1000);
  const folder = await temporaryFolder(t);
  const [model, expected] = [join(folder, 'model'), join(folder, 'expected')];
  const [first, second, third] = [0, 1, 2].map((state) => join(folder, `public-${state}`)) as [
    string,
    string,
    string,
  ];
  for (const [state, root] of [first, second, third].entries()) await writeFiles(root, filesOf(state));
  for (const root of [first, second]) await writeRelease(optionsOf(root, model));
  await copy(model, expected);
  await writeRelease(optionsOf(third, expected));
  const maker = await openDeltaMaker();
  t.deepEqual(await wrongDeltas(expected, maker), []);
  await maker.close();
  // Of 13 files against one release; of 7 changed ones against two, and of 6 renewed ones against their own bytes.
  t.is((await deltasIn(expected)).length, 13 + 2 * 7 + 6);
  const whole = await contentOf(expected);

  let killed = 0;
  for (let isKilled = true; isKilled; killed += Number(isKilled)) {
    const releases = await mkdtemp(join(folder, 'releases-'));
    await copy(model, releases);
    const options = optionsOf(third, releases);
    const kill = killAfter(killed + 1, '/deltas/');
    isKilled = !(await callUntil(`writeRelease(${JSON.stringify(options)})`, kill));
    const moment = `killed after ${killed + 1}`;
    // Each folder that is seen has all its deltas, and each is as it was decoded above.
    const content = await contentOf(releases);
    for (const fingerprint of await foldersIn(releases))
      t.deepEqual(within(content, fingerprint), within(whole, fingerprint), moment);
    await writeRelease(options);
    t.deepEqual(await contentOf(releases), whole, moment);
    t.deepEqual(await leftoversIn(releases), [], moment);
    await rm(releases, { recursive: true });
  }
  t.log(`${killed} kills`);
  t.true(killed >= 200);
});

function copy(releases: string, to: string): Promise<void> {
  return cp(releases, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

function within(content: Readonly<Record<string, string>>, folder: string): [string, string][] {
  return Object.entries(content).filter(([name]) => name.startsWith(`${folder}/`));
}
