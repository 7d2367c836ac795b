import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { PruneReport } from '../../src/releases/prune-releases.ts';
import { foldersIn, versionsIn } from '../releases/tree.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { runMain } from './run-main.ts';

/** Releases so many days old; returns their folder and their versions, the oldest first. */
async function createReleases(
  t: ExecutionContext,
  days: readonly number[],
): Promise<{ cwd: string; versions: string[] }> {
  const cwd = await temporaryFolder(t);
  const versions: string[] = [];
  for (const age of days) {
    await writeFiles(cwd, { 'public/a.txt': `a release of ${age} days` });
    const { out } = await runMain(['release', '--root', 'public', '--releases', 'releases', '--json'], {
      cwd,
    });
    const { version } = JSON.parse(out) as { version: string };
    versions.push(version);
    const time = Date.now() / 1000 - age * 86_400;
    await utimes(join(cwd, `releases/.static-url/manifests/${version}.json`), time, time);
  }
  return { cwd, versions };
}

test('prune removes old releases and says what it did', async (t) => {
  const { cwd, versions } = await createReleases(t, [90, 60, 5, 4]);
  const argv = ['prune', '--releases', 'releases', '--keep', '1', '--older-than', '2d'];
  t.deepEqual(await runMain([...argv, '--dry-run'], { cwd }), {
    code: 0,
    out: 'Would remove 3 releases and 3 folders, 59 B, from "releases"; 1 release stays.\n',
    error: '',
  });
  t.deepEqual(await versionsIn(join(cwd, 'releases')), versions.toSorted());
  t.deepEqual(
    await runMain(['prune', '--releases', 'releases', '--older-than', '1w', '--keep', '2'], { cwd }),
    {
      code: 0,
      out: 'Removed 1 release and 1 folder, 20 B, from "releases"; 3 releases stay.\n',
      error: '',
    },
  );
  t.deepEqual(await versionsIn(join(cwd, 'releases')), versions.slice(1).toSorted());
  t.is((await foldersIn(join(cwd, 'releases'))).length, 3);
});

test('prune --json prints the report', async (t) => {
  const { cwd, versions } = await createReleases(t, [90, 60, 3]);
  const argv = ['prune', '--releases', 'releases', '--keep', '1', '--json'];
  const report = JSON.parse((await runMain(argv, { cwd })).out) as PruneReport;
  t.deepEqual(report.kept, [versions[2], versions[1]]);
  t.deepEqual(report.removed, versions.slice(0, 1));
  t.is(report.removedFolders.length, 1);
  t.false(report.dryRun);
});

test('prune takes durations of each unit', async (t) => {
  const { cwd } = await createReleases(t, [0]);
  for (const duration of ['0d', '90s', '30m', '12h', '30d', '2w'])
    t.is(
      (await runMain(['prune', '--releases', 'releases', '--older-than', duration], { cwd })).code,
      0,
      duration,
    );
});

test('prune refuses what is missing, empty or wrong, as wrong usage', async (t) => {
  const wrong: readonly (readonly [argv: string[], reason: RegExp])[] = [
    [[], /'--releases <folder>' is missing/],
    [['--releases', ''], /is empty/i],
    [['--releases', 'o', '--keep', '0'], /is a whole number of releases from 1/],
    [['--releases', 'o', '--keep', '-1'], /./],
    [['--releases', 'o', '--keep', 'all'], /whole number of releases/],
    [['--releases', 'o', '--older-than', '30'], /with a unit: 90s, 30m, 12h, 30d or 2w/],
    [['--releases', 'o', '--older-than', '30 days'], /with a unit/],
    [['--releases', 'o', '--older-than', ''], /with a unit/],
    [['--releases', 'o', '--older-than', '99999999999999999w'], /with a unit/],
    [['--releases', 'o', '--kep', '3'], /Did you mean --keep\?/],
  ];
  for (const [argv, reason] of wrong) {
    const { code, out, error } = await runMain(['prune', ...argv]);
    t.is(code, 2, `${argv.join(' ')}: ${error}`);
    t.is(out, '');
    t.regex(error, reason);
    t.notRegex(error, /\n\s+at /);
  }
});

test('prune ends with 1 where there is no release', async (t) => {
  const cwd = await temporaryFolder(t, { 'notes/0123456789abcdef/a.txt': '' });
  for (const out of ['notes', 'gone']) {
    const run = await runMain(['prune', '--releases', out], { cwd });
    t.is(run.code, 1);
    t.regex(run.error, /^error: .*Name the folder that "static-url release" writes to\./);
  }
  t.deepEqual(await foldersIn(join(cwd, 'notes')), ['0123456789abcdef']);
});
