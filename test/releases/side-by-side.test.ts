import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Manifest } from '../../src/assets/manifest.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { startProgram } from './programs.ts';
import { contentOf, expectedNamesIn, foldersIn, leftoversIn, namesIn, SITE, versionsIn } from './tree.ts';

/** Releases of one site in two states, written by several processes at once, each many times. */
test('releases that run at once make what one alone makes', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFiles(join(folder, 'one'), SITE);
  await writeFiles(join(folder, 'other'), { ...SITE, 'css/app.css': 'a { background: url(../img/a.svg) }' });
  for (const root of ['one', 'other'])
    await writeRelease({ roots: join(folder, root), releases: join(folder, 'expected'), compress: true });
  const releases = join(folder, 'releases');
  const programs = ['one', 'one', 'other'].map((root) =>
    startProgram(
      t,
      `
      console.log('ready');
      await input();
      await writeRelease({ roots: ${JSON.stringify(join(folder, root))}, releases: ${JSON.stringify(releases)}, compress: true });
      process.exit();
    `,
    ),
  );
  await Promise.all(programs.map(({ line }) => line('ready')));
  for (const { tell } of programs) tell('go');
  for (const { ended } of programs) {
    const { code, stderr } = await ended;
    t.is(code, 0, stderr);
  }
  t.deepEqual(await contentOf(releases), await contentOf(join(folder, 'expected')));
  t.deepEqual(await namesIn(releases), await expectedNamesIn(releases));
  t.deepEqual(await leftoversIn(releases), []);
});

/** At least so many, and as many as it takes until releases and prunes have got in each other's way. */
const ROUNDS = 20;

test('a release is whole when it ends and as long as it has a manifest, whatever prunes run beside it', async (t) => {
  const folder = await temporaryFolder(t);
  const releases = join(folder, 'releases');
  for (const state of ['0', '1', '2'])
    await writeFiles(join(folder, state), {
      'shared.css': 'a { background: url(b.png) }',
      'b.png': 'b',
      [`own-${state}.txt`]: state,
      [`pair-${Number(state) % 2}.txt`]: `pair ${Number(state) % 2}`,
    });
  await writeRelease({ roots: join(folder, '0'), releases });
  const release = startProgram(
    t,
    `
    import { existsSync } from 'node:fs';
    console.log('ready');
    await input();
    for (let round = 0; round < ${ROUNDS} || !isStopped; round += 1) {
      const { added, reused } = await writeRelease({ roots: ${JSON.stringify(folder)} + '/' + (round % 3), releases: ${JSON.stringify(releases)} });
      for (const { fingerprint, assets } of [...added, ...reused])
        for (const name of assets)
          if (!existsSync(${JSON.stringify(releases)} + '/' + fingerprint + '/' + name)) throw new Error('It lacks ' + fingerprint + '/' + name);
    }
    process.exit();
  `,
  );
  const prunes = [0, 1].map(() =>
    startProgram(
      t,
      `
      console.log('ready');
      await input();
      for (let removed = 0, isEnough = false; !isStopped; ) {
        removed += (await pruneReleases({ releases: ${JSON.stringify(releases)}, keep: 1, olderThanSeconds: 0 })).removedFolders.length;
        if (isEnough || removed < ${ROUNDS / 5}) continue;
        isEnough = true;
        console.log('enough');
      }
      process.exit();
    `,
    ),
  );
  const programs = [release, ...prunes];
  await Promise.all(programs.map(({ line }) => line('ready')));
  for (const { tell } of programs) tell('go');
  const enough = Promise.allSettled(prunes.map(({ line }) => line('enough'))).then(release.stop);
  const ending = new AbortController();
  const ended = release.ended.then((end) => {
    ending.abort();
    for (const { stop } of prunes) stop();
    return end;
  });
  while (!ending.signal.aborted) await checkManifests(t, releases);
  const { code, stderr } = await ended;
  t.is(code, 0, stderr);
  for (const prune of prunes) {
    const end = await prune.ended;
    t.is(end.code, 0, end.stderr);
  }
  await enough;
  await checkManifests(t, releases);
  t.deepEqual(await leftoversIn(releases), []);
  t.deepEqual(await namesIn(releases), await expectedNamesIn(releases));
  t.true((await foldersIn(releases)).length >= 4);
});

/** Whatever a manifest names is there, as long as the manifest is. */
async function checkManifests(t: ExecutionContext, releases: string): Promise<void> {
  for (const version of await versionsIn(releases)) {
    const file = join(releases, `.static-url/manifests/${version}.json`);
    const before = await stat(file, { bigint: true }).catch(() => undefined);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (before === undefined || text === undefined) continue;
    const { assets } = JSON.parse(text) as Manifest;
    const missing: string[] = [];
    for (const [name, { fingerprint, size }] of Object.entries(assets)) {
      const found = await stat(join(releases, fingerprint, name)).catch(() => undefined);
      if (found?.size !== size) missing.push(`${fingerprint}/${name}`);
    }
    if (missing.length === 0) continue;
    const after = await stat(file, { bigint: true }).catch(() => undefined);
    // Removed in between, or removed and written again: then the files may have been gone meanwhile.
    if (after?.ino !== before.ino || after.ctimeNs !== before.ctimeNs) continue;
    const state = await Promise.all(
      ['manifests', 'announcements', 'condemned', 'staging'].map(async (name) => [
        name,
        await readdir(join(releases, '.static-url', name)).catch(String),
      ]),
    );
    const seen = { folders: await foldersIn(releases), ...Object.fromEntries(state) };
    t.fail(`The manifest ${version} names ${missing.join()}, which is not there: ${JSON.stringify(seen)}`);
  }
}
