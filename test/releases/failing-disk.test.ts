import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createRunId } from '../../src/files/run-id.ts';
import { describeWriteError } from '../../src/releases/write-errors.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { StaticUrlError } from '../../src/core/errors.ts';
import { WATCH_FILE_OPERATIONS } from '../helpers/file-operations.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { DROP_PRIVILEGES } from '../helpers/permissions.ts';
import { runForValue } from '../helpers/run-node.ts';
import { wordsOf } from './delta-files.ts';
import { contentOf, foldersIn, leftoversIn, SITE, treeOf } from './tree.ts';

const RELEASES = new URL('../../src/releases/', import.meta.url).href;

interface Failure {
  readonly operation: string;
  readonly code: string;
  readonly message: string;
  readonly left: readonly string[];
  /** Whether all that was there before is there still. */
  readonly whole: boolean;
}

test('writeRelease() says that the disk is full, whichever operation meets it, and leaves nothing half', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFiles(join(folder, 'old'), { ...SITE, 'long.txt': wordsOf('old') });
  await writeFiles(join(folder, 'new'), {
    ...SITE,
    'css/app.css': 'a { background: url(../img/a.svg) }',
    'long.txt': `${wordsOf('old')}!`,
  });
  const { failures, operations, deltas } = await runForValue<{
    failures: Failure[];
    operations: number;
    deltas: number;
  }>(
    `
    let left = Infinity;
    let failed = '';
    let operations = 0;
    let deltas = 0;
    const before = (name) => {
      // Removing needs no room.
      if (name === 'rm') return;
      operations += 1;
      left -= 1;
      if (left !== 0) return;
      failed = name;
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', syscall: name, errno: -28 });
    };
    const after = () => {};
    ${WATCH_FILE_OPERATIONS}
    const { writeRelease } = await import(${JSON.stringify(`${RELEASES}write-release.ts`)});
    const { contentOf, leftoversIn } = await import(${JSON.stringify(new URL('tree.ts', import.meta.url).href)});
    const { deltasIn } = await import(${JSON.stringify(new URL('delta-files.ts', import.meta.url).href)});
    const folder = ${JSON.stringify(folder)};
    const failures = [];
    for (let count = 1; ; count += 1) {
      const releases = folder + '/releases-' + count;
      await writeRelease({ roots: folder + '/old', releases });
      const content = await contentOf(releases);
      failed = '';
      operations = 0;
      left = count;
      try {
        await writeRelease({ roots: folder + '/new', releases, compress: true, deltas: true, manifest: releases + '.json' });
        left = Infinity;
        deltas = (await deltasIn(releases)).length;
        if (failed === '') break;
        // A link is replaced by a copy; what cannot be copied fails.
        if (failed === 'link') continue;
        throw new Error('It went on after a failing ' + failed);
      } catch (error) {
        left = Infinity;
        const now = await contentOf(releases);
        failures.push({
          operation: failed,
          code: error.code,
          message: error.message,
          left: await leftoversIn(releases),
          whole: Object.entries(content).every(([name, bytes]) => now[name] === bytes),
        });
      }
    }
    process.stdout.write(JSON.stringify({ failures, operations, deltas }));
  `,
  );
  t.is(deltas, 1);
  t.true(failures.length > 20 && failures.length < operations, `${failures.length} of ${operations}`);
  t.true(
    ['mkdir', 'open', 'writeFile', 'rename', 'chmod'].every((name) =>
      failures.some(({ operation }) => operation === name),
    ),
  );
  for (const { code, message, left, whole, operation } of failures) {
    t.is(code, 'DISK_FULL', message);
    t.regex(
      message,
      /^Cannot write ".*": no room is left \(ENOSPC\)\. Free a little by hand, then more with "static-url prune", and try again\.$/,
    );
    t.deepEqual(left, [], operation);
    t.true(whole, operation);
  }
});

function systemError(code: string, path?: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'open', ...(path !== undefined && { path }) });
}

test('describeWriteError() tells apart what a caller may want to catch', (t) => {
  const cases: readonly (readonly [error: Error, code: string, start: string])[] = [
    [systemError('EDQUOT', '/srv/x'), 'DISK_FULL', 'Cannot write "/srv/x": no room is left (EDQUOT).'],
    [systemError('EACCES', '/srv/x'), 'FILE_UNWRITABLE', 'Cannot write "/srv/x": EACCES. Check'],
    [systemError('EROFS'), 'FILE_UNWRITABLE', 'Cannot write "/srv/releases": EROFS. Check'],
    [systemError('EFBIG', '/srv/x'), 'FILE_UNWRITABLE', 'Cannot write "/srv/x": EFBIG. Check'],
    [
      Object.assign(systemError('EACCES', '/srv/copy.json'), { dest: '/app/assets.json' }),
      'FILE_UNWRITABLE',
      'Cannot write "/app/assets.json" (from "/srv/copy.json"): EACCES. Check',
    ],
    [systemError('EXDEV', '/srv/x'), 'CROSS_DEVICE', 'Cannot rename "/srv/x" into "/srv/releases":'],
  ];
  for (const [error, code, start] of cases) {
    const described = describeWriteError(error, '/srv/releases');
    t.true(described instanceof StaticUrlError && described.message.startsWith(start));
    t.like(described, { code, cause: error });
  }
  for (const error of [
    new TypeError('wrong'),
    new StaticUrlError('FILE_CHANGED', 'changed'),
    'text',
    undefined,
  ])
    t.is(describeWriteError(error, '/srv'), error);
});

test('writeRelease() and pruneReleases() say which path they may not write', async (t) => {
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o755);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  for (const text of ['1', '2']) {
    await writeFiles(root, { 'tiny.txt': text });
    await writeRelease({ roots: root, releases });
  }
  const before = await contentOf(releases);
  const messages = await runForValue<string[]>(`
    const { writeRelease } = await import(${JSON.stringify(`${RELEASES}write-release.ts`)});
    const { pruneReleases } = await import(${JSON.stringify(`${RELEASES}prune-releases.ts`)});
    // What is loaded when first used may lie in folders that only this account may enter.
    await import(${JSON.stringify(new URL('../assets/sources/source-reader.ts', RELEASES).href)});
    ${DROP_PRIVILEGES}
    const messages = [];
    const note = (error) => messages.push(error.code + ' ' + error.message);
    const [roots, releases] = ${JSON.stringify([root, releases])};
    await writeRelease({ roots, releases: ${JSON.stringify(join(folder, 'none/yet'))} }).catch(note);
    await writeRelease({ roots, releases }).catch(note);
    await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 }).catch(note);
    process.stdout.write(JSON.stringify(messages));
  `);
  t.is(messages.length, 3);
  for (const [index, where] of [
    '/none',
    '/releases/.static-url/staging/',
    '/releases/.static-url/staging/',
  ].entries()) {
    t.regex(
      messages[index] ?? '',
      /^FILE_UNWRITABLE Cannot write "[^"]*": EACCES\. Check its path and permissions\.$/,
    );
    t.true(messages[index]?.includes(`"${folder}${where}`), messages[index]);
  }
  t.deepEqual(await contentOf(releases), before);
});

/** A file system other than that of temporary folders. */
const ELSEWHERE = '/dev/shm';

async function folderElsewhere(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(ELSEWHERE, 'static-url-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('writeRelease() refuses a releases folder that is spread over two file systems', async (t) => {
  const [folder, elsewhere] = [await temporaryFolder(t, { 'public/a.txt': 'a' }), await folderElsewhere(t)];
  const releases = join(folder, 'releases');
  await mkdir(join(releases, '.static-url'), { recursive: true });
  await symlink(elsewhere, join(releases, '.static-url/staging'));
  await t.throwsAsync(writeRelease({ roots: join(folder, 'public'), releases }), {
    code: 'CROSS_DEVICE',
    message: /on different file systems \(EXDEV\)\. Keep the whole releases folder on one\.$/,
  });
  t.deepEqual(await foldersIn(releases), []);
  t.deepEqual(await leftoversIn(releases), []);
});

test('writeRelease() leaves the manifest whole on another file system too, and tidies up after a killed run', async (t) => {
  const [folder, elsewhere] = [await temporaryFolder(t, { 'public/a.txt': 'a' }), await folderElsewhere(t)];
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  const space = createRunId().split('-')[2];
  const dead = `.assets.json.999999999-1-${space}-00000000`;
  await writeFiles(elsewhere, {
    [dead]: 'ha',
    '.assets.json.mine': '',
    [`.assets.json.${createRunId()}`]: '',
  });
  const manifest = join(elsewhere, 'assets.json');
  const { version } = await writeRelease({ roots: root, releases, manifest });
  t.is(
    await readFile(manifest, 'utf8'),
    await readFile(join(releases, `.static-url/manifests/${version}.json`), 'utf8'),
  );
  const names = await readdir(elsewhere);
  t.is(names.length, 3);
  t.false(names.includes(dead));
});

test('writeRelease() copies where the file system gives a file no more names', async (t) => {
  const [folder, elsewhere] = [await temporaryFolder(t), await folderElsewhere(t)];
  await writeFiles(join(folder, 'public'), SITE);
  const expected = await writeRelease({
    roots: join(folder, 'public'),
    releases: join(folder, 'releases'),
    compress: true,
  });
  await runForValue(`
    const before = (name) => {
      if (name === 'link') throw Object.assign(new Error('EMLINK'), { code: 'EMLINK', syscall: 'link' });
    };
    const after = () => {};
    ${WATCH_FILE_OPERATIONS}
    const { writeRelease } = await import(${JSON.stringify(`${RELEASES}write-release.ts`)});
    process.umask(0o077);
    await writeRelease({ roots: ${JSON.stringify(join(folder, 'public'))}, releases: ${JSON.stringify(elsewhere)}, compress: true });
    process.stdout.write('{}');
  `);
  t.deepEqual(await contentOf(elsewhere), await contentOf(join(folder, 'releases')));
  const [here, there] = [await treeOf(join(folder, 'releases')), await treeOf(elsewhere)];
  for (const { fingerprint } of expected.added)
    for (const [name, { mode, changed }] of there)
      if (name.startsWith(`${fingerprint}/`) && here.get(name)?.bytes !== undefined)
        t.deepEqual([mode, changed], ['644', here.get(name)?.changed], name);
});
