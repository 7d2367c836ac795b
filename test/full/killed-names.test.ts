import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { systemErrorCode } from '../../src/core/errors.ts';
import { layoutOf } from '../../src/releases/release-layout.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { startProgram, type Program } from '../releases/programs.ts';
import { expectedNamesIn, namesIn } from '../releases/tree.ts';

const STATES = 5;
const KILLS = 40;

test('the tree of names is whole while releases and prunes of three processes run at once, killed at any moment', async (t) => {
  t.timeout(10 * 60 * 1000);
  const folder = await temporaryFolder(t);
  const releases = join(folder, 'releases');
  for (let state = 0; state < STATES; state += 1)
    await writeFiles(join(folder, String(state)), {
      'always.css': 'always',
      'js/shared.js': `state ${state}`,
      [`js/own-${state}.js`]: `own ${state}`,
    });
  await writeRelease({ roots: join(folder, '0'), releases });

  const programs = [0, 1, 2].map((number) => start(t, folder, releases, number));
  let kills = 0;
  const killing = (async () => {
    for (; kills < KILLS; kills += 1) {
      const number = kills % programs.length;
      await programs[number]?.line('works');
      // At any moment of its work, which takes some tens of milliseconds.
      await setTimeout(Math.random() * 150);
      programs[number]?.kill();
      await programs[number]?.ended;
      programs[number] = start(t, folder, releases, number);
    }
  })();
  let looks = 0;
  const isOver = killing.then(() => true);
  while (!(await Promise.race([isOver, lookAt(t, releases)]))) {
    looks += 1;
    await setTimeout(1);
  }
  for (const program of programs) program.stop();
  for (const program of programs) {
    const { code, stderr } = await program.ended;
    t.is(code, 0, stderr);
  }
  t.true(looks > KILLS, `${looks} looks`);

  // The last one to work has seen what all others did.
  const layout = layoutOf(releases);
  await writeRelease({ roots: join(folder, '1'), releases });
  t.deepEqual(await namesIn(releases), await expectedNamesIn(releases));
  t.is((await readdir(layout.nameTrees)).length, 1);
});

function start(t: ExecutionContext, folder: string, releases: string, number: number): Program {
  return startProgram(
    t,
    `
    process.stdin.resume();
    console.log('works');
    for (let round = ${number}; !isStopped; round += 1) {
      await writeRelease({ roots: ${JSON.stringify(folder)} + '/' + (round % ${STATES}), releases: ${JSON.stringify(releases)} });
      if (round % 2 === 0) await pruneReleases({ releases: ${JSON.stringify(releases)}, keep: 2, olderThanSeconds: 0 });
    }
    process.exit();
    `,
  );
}

/** Whatever stands there has all that its newest release has, each file with bytes that a release has by its name. */
async function lookAt(t: ExecutionContext, releases: string): Promise<boolean> {
  const { names } = layoutOf(releases);
  t.is(await readFile(join(names, 'always.css'), 'utf8'), 'always');
  t.regex(await readFile(join(names, 'js/shared.js'), 'utf8'), /^state \d$/);
  const target = await readlink(names);
  const tree = join(releases, '.static-url', target);
  try {
    const newest = (await readFile(join(tree, 'js/shared.js'), 'utf8')).slice('state '.length);
    t.is(await readFile(join(tree, `js/own-${newest}.js`), 'utf8'), `own ${newest}`);
    for (const name of await readdir(join(tree, 'js'))) {
      const [, state] = /^own-(\d)\.js$/.exec(name) ?? [];
      if (state !== undefined) t.is(await readFile(join(tree, 'js', name), 'utf8'), `own ${state}`);
    }
  } catch (error) {
    // Another tree has taken its place meanwhile.
    if (systemErrorCode(error) !== 'ENOENT' || (await readlink(names)) === target) throw error;
  }
  return false;
}
