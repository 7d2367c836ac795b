import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
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

test('markCurrent() leaves nothing unfinished behind when it fails', async (t) => {
  const folder = await temporaryFolder(t, { [OLD]: '' });
  await mkdir(join(folder, NEW));
  t.throws(() => markCurrent(folder, NEW), { code: 'FILE_UNWRITABLE' });
  t.deepEqual((await readdir(folder)).toSorted(), [NEW, OLD]);
});

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

test('markCurrent() leaves the marker of the last of many deploys at once', async (t) => {
  const folder = await temporaryFolder(t);
  const program = (version: string): string => `
    import { markCurrent, unmark } from ${JSON.stringify(MARKER)};
    for (let deploy = 0; deploy < 200; deploy += 1) markCurrent(${JSON.stringify(folder)}, '${version}');`;
  const ends = await Promise.all([OLD, OLDER, NEW].map((version) => runNode(program(version))));
  t.deepEqual(
    ends.map(({ stderr }) => stderr),
    ['', '', ''],
  );
  const left = await readdir(folder);
  t.true(left.length > 0);
  t.true(
    left.every((name) => [OLD, OLDER, NEW].includes(name)),
    left.join(),
  );
  await writeFile(join(folder, OLD), '');
  markCurrent(folder, NEW);
  t.deepEqual(await readdir(folder), [NEW]);
});

test('unmark() removes the markers of all versions and nothing else', async (t) => {
  const folder = await temporaryFolder(t, { [OLD]: '', [NEW]: '', README: '', [`${OLDER}/x`]: '' });
  t.deepEqual(unmark(folder), [NEW, OLD]);
  t.deepEqual((await readdir(folder)).toSorted(), ['README', OLDER]);
  t.deepEqual(unmark(join(folder, 'nope')), []);
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
