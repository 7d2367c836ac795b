import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createRunId, isRunId, runState } from '../../src/files/run-id.ts';
import { pruneReleases, type PruneReport } from '../../src/releases/prune-releases.ts';
import type { ReleaseProgress } from '../../src/releases/options.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { WATCH_FILE_OPERATIONS } from '../helpers/file-operations.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';
import { startProgram } from './programs.ts';
import { foldersIn, leftoversIn, versionsIn } from './tree.ts';

const PRUNE = new URL('../../src/releases/prune-releases.ts', import.meta.url).href;

async function createReleases(t: ExecutionContext): Promise<{ root: string; releases: string; old: string }> {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await writeFiles(root, { 'a.txt': 'old' });
  const { added } = await writeRelease({ roots: root, releases });
  await writeFiles(root, { 'a.txt': 'new' });
  await writeRelease({ roots: root, releases });
  await writeFiles(root, { 'a.txt': 'old' });
  return { root, releases, old: added[0]?.fingerprint ?? '' };
}

/** A prune that has written its list, and stops before it removes anything. */
function startPrune(
  t: ExecutionContext,
  releases: string,
  fingerprint: string,
): ReturnType<typeof startProgram> {
  return startProgram(
    t,
    `
    import { rename, rm } from 'node:fs/promises';
    const layout = layoutOf(${JSON.stringify(releases)});
    const me = await run.startRun(layout);
    await claims.writeClaim(me, me.condemned, { versions: new Set(), fingerprints: new Set(['${fingerprint}']) });
    console.log('condemned');
    await input();
    await rename(layout.releases + '/${fingerprint}', me.staging + '/${fingerprint}');
    await run.endRun(me);
    process.exit();
  `,
  );
}

test('a release waits for a prune that is about to remove what it names, then writes it again', async (t) => {
  const { root, releases, old } = await createReleases(t);
  const prune = startPrune(t, releases, old);
  await prune.line('condemned');
  const stages: ReleaseProgress['stage'][] = [];
  const { reused } = await writeRelease({
    roots: root,
    releases,
    onProgress({ stage }) {
      stages.push(stage);
      if (stage === 'waiting for a prune') prune.tell('go on');
    },
  });
  t.is((await prune.ended).code, 0);
  t.is(stages.filter((stage) => stage === 'waiting for a prune').length, 1);
  t.true(stages.includes('linking'));
  t.deepEqual(
    reused.map(({ fingerprint }) => fingerprint),
    [old],
  );
  t.true((await foldersIn(releases)).includes(old));
  t.deepEqual(await leftoversIn(releases), []);
});

test('a release waits for no prune that removes other things', async (t) => {
  const { root, releases } = await createReleases(t);
  const prune = startPrune(t, releases, 'ffffffffffffffff');
  await prune.line('condemned');
  const onProgress = ({ stage }: ReleaseProgress): void => void t.not(stage, 'waiting for a prune');
  await writeRelease({ roots: root, releases, onProgress });
  prune.kill();
  await prune.ended;
});

test('a release waits no longer once the prune is killed, and tidies up after it', async (t) => {
  // A prune that nobody knows to be dead would be waited for a minute.
  t.timeout(45_000);
  const { root, releases, old } = await createReleases(t);
  const prune = startPrune(t, releases, old);
  await prune.line('condemned');
  const { reused } = await writeRelease({
    roots: root,
    releases,
    onProgress({ stage }) {
      if (stage === 'waiting for a prune') prune.kill();
    },
  });
  t.is(reused.length, 1);
  t.is((await leftoversIn(releases)).length, 2);
  await writeRelease({ roots: root, releases });
  t.deepEqual(await leftoversIn(releases), []);
});

test('a release does not wait for a condemned list of another host that is older than an hour', async (t) => {
  const { root, releases, old } = await createReleases(t);
  const file = join(releases, '.static-url/condemned', `1-1-${'0'.repeat(16)}-00000000.json`);
  await writeFile(file, JSON.stringify({ versions: [], fingerprints: [old] }));
  const time = Date.now() / 1000 - 3700;
  await utimes(file, time, time);
  const onProgress = ({ stage }: ReleaseProgress): void => void t.not(stage, 'waiting for a prune');
  const { reused } = await writeRelease({ roots: root, releases, onProgress });
  t.is(reused.length, 1);
  // Younger than a day, and nobody knows whether its run lives.
  t.deepEqual(await leftoversIn(releases), [`condemned/${basename(file)}`]);
});

test('a prune spares what a release under way has announced', async (t) => {
  const { root, releases, old } = await createReleases(t);
  await writeFiles(root, { 'c.txt': 'a file that has to be copied' });
  const release = startProgram(
    t,
    `
    await writeRelease({ roots: ${JSON.stringify(root)}, releases: ${JSON.stringify(releases)}, onProgress({ stage, done }) {
      if (stage !== 'copying' || done > 0) return;
      console.log('announced');
      // Stands still in the middle of its work until it is told to go on.
      process.kill(process.pid, 'SIGSTOP');
    } });
  `,
  );
  await release.line('announced');
  t.is((await readdir(join(releases, '.static-url/announcements'))).length, 1);
  const report = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  t.deepEqual(report.removedFolders, []);
  process.kill(release.processId, 'SIGCONT');
  const { code, stderr } = await release.ended;
  t.is(code, 0, stderr);
  t.true((await foldersIn(releases)).includes(old));
  t.is((await versionsIn(releases)).length, 2);
});

test('a prune spares what is announced after it has looked and before it removes', async (t) => {
  const { releases, old } = await createReleases(t);
  const program = `
    import { existsSync, readdirSync, writeFileSync } from 'node:fs';
    const state = ${JSON.stringify(join(releases, '.static-url'))};
    let announced = false;
    const before = () => {};
    const after = () => {
      if (announced || !existsSync(state + '/condemned') || readdirSync(state + '/condemned').length === 0) return;
      announced = true;
      const claim = { versions: [], fingerprints: ['${old}'] };
      writeFileSync(state + '/announcements/${createRunId()}.json', JSON.stringify(claim));
    };
    ${WATCH_FILE_OPERATIONS}
    const { pruneReleases } = await import(${JSON.stringify(PRUNE)});
    const report = await pruneReleases({ releases: ${JSON.stringify(releases)}, keep: 1, olderThanSeconds: 0 });
    process.stdout.write(JSON.stringify({ announced, ...report }));
  `;
  const report = await runForValue<PruneReport & { announced: boolean }>(program);
  t.true(report.announced);
  t.deepEqual(report.removedFolders, []);
  t.is(report.removed.length, 1);
  t.true((await foldersIn(releases)).includes(old));
});

test('a condemned list that nobody can read is removed by hand, when no prune is running', async (t) => {
  const { root, releases } = await createReleases(t);
  const file = join(releases, '.static-url/condemned', `1-1-${'0'.repeat(16)}-00000000.json`);
  await writeFile(file, '{');
  await t.throwsAsync(writeRelease({ roots: root, releases }), {
    code: 'MANIFEST_INVALID',
    message: `The file "${file}" is not one of this version of static-url. Remove it if no prune is running.`,
  });
});

test('a prune removes what a killed prune has left, and leaves what another that lives is at', async (t) => {
  const { releases } = await createReleases(t);
  const [one, other] = [startPrune(t, releases, '0'.repeat(16)), startPrune(t, releases, '1'.repeat(16))];
  await Promise.all([one.line('condemned'), other.line('condemned')]);
  one.kill();
  await one.ended;
  t.is((await leftoversIn(releases)).length, 4);
  await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  const left = await leftoversIn(releases);
  t.is(left.length, 2);
  for (const name of left) t.true(name.includes(`/${other.processId}-`), name);
});

test('what nobody knows about stays for a day', async (t) => {
  const { root, releases } = await createReleases(t);
  const id = `1-1-${'0'.repeat(16)}-00000000`;
  await writeFiles(releases, { [`.static-url/staging/${id}/file`]: '' });
  const staging = join(releases, '.static-url/staging', id);
  const age = async (hours: number): Promise<void> => {
    const time = Date.now() / 1000 - hours * 3600;
    await utimes(staging, time, time);
    await writeRelease({ roots: root, releases });
  };
  await age(23);
  t.true((await stat(staging)).isDirectory());
  await age(25);
  t.deepEqual(await leftoversIn(releases), []);
});

test('runState() tells a run that lives from one that is dead and one of another host', (t) => {
  const id = createRunId();
  t.true(isRunId(id));
  t.is(runState(id), 'alive');
  const [number, start, space, random] = id.split('-');
  t.is(runState(`999999999-${start}-${space}-${random}`), 'dead');
  // Another process had the number before.
  t.is(runState(`${number}-${Number(start) - 1}-${space}-${random}`), 'dead');
  t.is(runState(`${number}-0-${space}-${random}`), 'unknown');
  t.is(runState(`${number}-${start}-${'0'.repeat(16)}-${random}`), 'unknown');
  t.is(runState('notes'), 'unknown');
  for (const text of ['notes', '', `${id}.json`, `${id}/..`]) t.false(isRunId(text), text);
});
