import { chmod, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { markCurrent, unmark } from '../../src/version/marker.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { closeUntilEnd, DROP_PRIVILEGES } from '../helpers/permissions.ts';
import { runForValue, runNode } from '../helpers/run-node.ts';

const OLD = '0123456789abcdef';
const OLDER = 'fedcba9876543210';
const NEW = '00112233445566aa';

const MARKER = new URL('../../src/version/marker.ts', import.meta.url).href;

test('markCurrent() leaves the marker of the version and removes those of others', async (t) => {
  const folder = await temporaryFolder(t, { [OLD]: '', [OLDER]: '' });
  t.deepEqual(markCurrent(folder, NEW), [OLD, OLDER]);
  t.deepEqual(await readdir(folder), [NEW]);
  t.true((await stat(join(folder, NEW))).isFile());
});

test('markCurrent() leaves files alone whose names are no versions', async (t) => {
  const others = [
    '.gitkeep',
    'README',
    OLD.slice(1),
    `${OLD}0`,
    OLD.toUpperCase(),
    `${OLD}.txt`,
    `.${OLD}`,
    ` ${OLD}`,
  ];
  const folder = await temporaryFolder(t, Object.fromEntries(others.map((name) => [name, 'kept'])));
  t.deepEqual(markCurrent(folder, NEW), []);
  t.deepEqual((await readdir(folder)).toSorted(), [...others, NEW].toSorted());
});

test('markCurrent() never removes a folder, nor what a link leads to', async (t) => {
  const folder = await temporaryFolder(t, { [`${OLD}/app.css`]: 'a{}', 'target/app.css': 'b{}' });
  await symlink('target', join(folder, OLDER));
  t.deepEqual(markCurrent(folder, NEW), [OLDER]);
  t.deepEqual((await readdir(folder, { recursive: true })).toSorted(), [
    NEW,
    OLD,
    `${OLD}/app.css`,
    'target',
    'target/app.css',
  ]);
});

test('markCurrent() marks again what is current, in a folder that it makes', async (t) => {
  const folder = join(await temporaryFolder(t), 'srv/app/current');
  t.deepEqual(markCurrent(folder, NEW), []);
  t.deepEqual(markCurrent(folder, NEW), []);
  t.deepEqual(await readdir(folder), [NEW]);
});

test('markCurrent() marks again what another user has marked', async (t) => {
  const folder = await temporaryFolder(t, { [NEW]: '' });
  await chmod(folder, 0o777);
  await chmod(join(folder, NEW), 0o444);
  const removed = await runForValue<string[]>(`
    import { markCurrent } from ${JSON.stringify(MARKER)};
    ${DROP_PRIVILEGES}
    console.log(JSON.stringify(markCurrent(${JSON.stringify(folder)}, '${NEW}')));`);
  t.deepEqual(removed, []);
  t.deepEqual(await readdir(folder), [NEW]);
});

test('markCurrent() takes its marker back where it cannot remove those of others', async (t) => {
  // Nobody else can set up files of two users.
  if (process.getuid?.() !== 0) {
    t.pass();
    return;
  }
  const folder = await temporaryFolder(t, { [OLD]: '' });
  // As in /tmp, everybody may add files there, and nobody remove those of others.
  await chmod(folder, 0o1777);
  const code = await runForValue<string>(`
    import { markCurrent } from ${JSON.stringify(MARKER)};
    ${DROP_PRIVILEGES}
    try { markCurrent(${JSON.stringify(folder)}, '${NEW}') } catch ({ code }) { console.log(JSON.stringify(code)) }`);
  t.is(code, 'FILE_UNWRITABLE');
  t.deepEqual(await readdir(folder), [OLD]);
});

test('markCurrent() fails at once where the system lets nobody make a folder', (t) => {
  t.throws(() => markCurrent('/proc/current', NEW), { code: 'FILE_UNWRITABLE', message: /: ENOENT\./ });
});

test('markCurrent() does not take a link that leads nowhere for a marker that another deploy removed', async (t) => {
  const folder = await temporaryFolder(t);
  await symlink('nowhere', join(folder, NEW));
  t.throws(() => markCurrent(folder, NEW), { code: 'FILE_UNWRITABLE', message: /: EEXIST\./ });
});

test('markCurrent() leaves nothing unfinished behind when it fails', async (t) => {
  const folder = await temporaryFolder(t, { [OLD]: '' });
  await mkdir(join(folder, NEW));
  t.throws(() => markCurrent(folder, NEW), { code: 'FILE_UNWRITABLE' });
  t.deepEqual(await readdir(folder), [NEW]);
  t.true((await stat(join(folder, NEW))).isDirectory());
});

for (const operation of ['readdirSync', 'rmSync', 'openSync', 'fchmodSync', 'closeSync']) {
  test(`markCurrent() leaves no two versions current when it is killed right after ${operation}()`, async (t) => {
    const folder = await temporaryFolder(t, { [OLD]: '' });
    const { code, stderr } = await runNode(`
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      import { markCurrent } from ${JSON.stringify(MARKER)};
      const { ${operation}: original } = fs;
      fs.${operation} = (...args) => {
        original(...args);
        process.kill(process.pid, 'SIGKILL');
      };
      syncBuiltinESMExports();
      markCurrent(${JSON.stringify(folder)}, '${NEW}');`);
    t.is(code, null, stderr);
    t.true((await readdir(folder)).length <= 1);
  });
}

test('markCurrent() leaves the markers as they are where it may not write', async (t) => {
  const folder = await temporaryFolder(t, { [`closed/${OLD}`]: '', file: '' });
  await writeFiles(folder, { 'dir/x': '' });
  await closeUntilEnd(t, join(folder, 'dir'));
  const paths = ['dir', 'dir/current', 'file', 'file/current'].map((name) => join(folder, name));
  const failures = await runForValue<{ code: string; message: string }[]>(`
    import { markCurrent, unmark } from ${JSON.stringify(MARKER)};
    ${DROP_PRIVILEGES}
    console.log(JSON.stringify(${JSON.stringify(paths)}.map((path) => {
      try { return markCurrent(path, '${NEW}') } catch ({ code, message }) { return { code, message } }
    })))`);
  for (const [index, { code, message }] of failures.entries()) {
    t.is(code, 'FILE_UNWRITABLE');
    t.true(message.includes(JSON.stringify(paths[index])), message);
  }
});

/** How often two deploys mark at the same moment. Where each lists the others too early, both stay in one of ten. */
const ROUNDS = 500;

/** A thread that marks its version at the moment in which another marks another, and tells how each time ended. */
const DEPLOY = `
  import { readdirSync } from 'node:fs';
  import { parentPort, workerData } from 'node:worker_threads';
  // What the loader of TypeScript does for a process it does not do for its threads.
  import { tsImport } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};
  const { markCurrent } = await tsImport(${JSON.stringify(MARKER)}, import.meta.url);
  const { folder, version, meetings } = workerData;
  // Whoever slept would come late.
  const meet = (meeting) => {
    Atomics.add(meetings, 0, 1);
    while (Atomics.load(meetings, 0) < 2 * meeting);
  };
  const ends = [];
  for (let round = 0; round < ${ROUNDS}; round += 1) {
    meet(2 * round + 1);
    let code;
    try { markCurrent(folder, version) } catch (error) { ({ code } = error) }
    meet(2 * round + 2);
    ends.push({ code, isCurrent: readdirSync(folder).includes(version) });
  }
  parentPort.postMessage(ends);`;

interface End {
  readonly code?: string;
  readonly isCurrent: boolean;
}

test('markCurrent() never leaves two versions current, and none only where it says so', async (t) => {
  const folder = await temporaryFolder(t);
  const [one, other] = await runForValue<[End[], End[]]>(`
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const meetings = new Int32Array(new SharedArrayBuffer(4));
    const deploys = ${JSON.stringify([OLD, NEW])}.map(async (version) => {
      const workerData = { folder: ${JSON.stringify(folder)}, version, meetings };
      const [ends] = await once(new Worker(${JSON.stringify(DEPLOY)}, { eval: true, workerData }), 'message');
      return ends;
    });
    console.log(JSON.stringify(await Promise.all(deploys)));`);
  t.is(one.length, ROUNDS);
  for (const [round, first] of one.entries()) {
    const both = [first, other[round]!];
    const told = both.filter(({ code }) => code === 'FILE_CHANGED').length;
    const current = both.filter(({ isCurrent }) => isCurrent).length;
    if (current === 2 || current + told === 0) t.fail(JSON.stringify(both));
  }
});

test('markCurrent() says so where its marker is there and removed meanwhile', async (t) => {
  const folder = await temporaryFolder(t, { [NEW]: '' });
  const codes = await runForValue<string[]>(`
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    import { markCurrent } from ${JSON.stringify(MARKER)};
    const path = ${JSON.stringify(join(folder, NEW))};
    const churn = new Worker(\`
      import { rmSync, writeFileSync } from 'node:fs';
      import { workerData } from 'node:worker_threads';
      for (;;) { writeFileSync(workerData, ''); rmSync(workerData, { force: true }) }\`, { eval: true, workerData: path });
    await once(churn, 'online');
    const codes = new Set();
    for (let round = 0; round < 20_000 || codes.size === 0; round += 1) {
      try { markCurrent(${JSON.stringify(folder)}, '${NEW}') } catch (error) { codes.add(error.code) }
    }
    await churn.terminate();
    console.log(JSON.stringify([...codes]));`);
  t.deepEqual(codes, ['FILE_CHANGED']);
});

test('unmark() removes the markers of all versions and nothing else', async (t) => {
  const folder = await temporaryFolder(t, { [OLD]: '', [NEW]: '', README: '', [`${OLDER}/x`]: '' });
  t.deepEqual(unmark(folder), [NEW, OLD]);
  t.deepEqual((await readdir(folder)).toSorted(), ['README', OLDER]);
  t.deepEqual(unmark(folder), []);
  t.is(unmark(join(folder, 'nope')), undefined);
});

test('markCurrent() makes folder and marker readable to nginx, whatever the umask', async (t) => {
  const folder = await temporaryFolder(t);
  await runNode(
    `process.umask(0o077); const { markCurrent } = await import(${JSON.stringify(MARKER)}); markCurrent(${JSON.stringify(join(folder, 'a/b'))}, '${NEW}');`,
  );
  const modes = await Promise.all(
    ['a', 'a/b', `a/b/${NEW}`].map(async (name) => (await stat(join(folder, name))).mode & 0o777),
  );
  t.deepEqual(modes, [0o755, 0o755, 0o644]);
});
