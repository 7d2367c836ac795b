import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { createRunId } from '../../../../src/files/run-id.ts';
import { directoryTarget } from '../../../../src/site/index.ts';
import { temporaryFolder } from '../../../helpers/folder.ts';
import { filesOf } from '../../exported.ts';
import { contract, listed, text } from '../contract.ts';

const folders = new WeakMap<object, string>();

contract(test, 'directoryTarget()', async (t, prefix = '') => {
  const folder = folders.get(t) ?? (await temporaryFolder(t));
  folders.set(t, folder);
  return directoryTarget({ folder: join(folder, prefix) });
});

test('directoryTarget() makes its folder, for everyone to read whatever the umask', async (t) => {
  const folder = join(await temporaryFolder(t), 'a/b');
  const target = directoryTarget({ folder });
  t.deepEqual(await listed(target), []);
  const umask = process.umask(0o077);
  try {
    await target.write('c/d.html', text('x'), {});
  } finally {
    process.umask(umask);
  }
  const modes = await Promise.all(
    ['', 'c', 'c/d.html'].map(async (name) => (await stat(join(folder, name))).mode & 0o777),
  );
  t.deepEqual(modes, [0o755, 0o755, 0o644]);
});

test('directoryTarget() deletes folders that are empty, but never its own', async (t) => {
  const folder = await temporaryFolder(t);
  const target = directoryTarget({ folder });
  await target.write('a/b/c', text('x'), {});
  await target.write('a/d', text('x'), {});
  await target.delete('a/b/c');
  t.deepEqual(await readdir(join(folder, 'a')), ['d']);
  await target.delete('a/d');
  t.deepEqual(
    (await readdir(folder)).filter((name) => name !== '.static-url'),
    [],
  );
});

test('directoryTarget() writes to nowhere else', async (t) => {
  const folder = await temporaryFolder(t);
  const target = directoryTarget({ folder: join(folder, 'site') });
  for (const key of [
    '../x',
    'a/../../x',
    '/x',
    'a//b',
    '',
    '.',
    'a/',
    'a\0b',
    '.static-url/.writing/lock/x',
  ]) {
    await t.throwsAsync(target.write(key, text('x'), {}), { code: 'TARGET_FAILED' }, key);
    await t.throwsAsync(target.delete(key), { code: 'TARGET_FAILED' }, key);
  }
  t.deepEqual(await filesOf(folder), {});
});

test('directoryTarget() neither follows nor lists links', async (t) => {
  const folder = await temporaryFolder(t, { 'outside/x': 'x' });
  await mkdir(join(folder, 'site'));
  await symlink('../outside', join(folder, 'site/link'));
  await symlink('../outside/x', join(folder, 'site/file'));
  t.deepEqual(await listed(directoryTarget({ folder: join(folder, 'site') })), []);
});

test('directoryTarget() says that a folder stands where a file should, and what it may not write', async (t) => {
  const folder = await temporaryFolder(t, { 'a/b': 'x', c: 'x' });
  const target = directoryTarget({ folder });
  await t.throwsAsync(target.write('a', text('x'), {}), { code: 'TARGET_FAILED', message: /a".*E/ });
  await t.throwsAsync(target.write('c/d', text('x'), {}), { code: 'TARGET_FAILED', message: /E/ });
  t.is(await readFile(join(folder, 'a/b'), 'utf8'), 'x');
});

test('directoryTarget() removes what a write left that was killed', async (t) => {
  const folder = await temporaryFolder(t);
  const target = directoryTarget({ folder });
  await target.write('a', text('x'), {});
  const [, , space = ''] = createRunId().split('-');
  const left = join(folder, '.static-url/.writing', `write-999999999-1-${space}-00000000`);
  await writeFile(left, 'half');
  await target.writeIf?.('lock', text('x'), {}, { absent: true });
  t.deepEqual(await readdir(join(folder, '.static-url/.writing')), []);
});

test('directoryTarget() lists nothing of what is being written', async (t) => {
  const folder = await temporaryFolder(t, {
    '.static-url/.writing/write-x': 'half',
    '.static-url/manifest.json': '{}',
  });
  const keys = (await listed(directoryTarget({ folder }))).map(({ key }) => key);
  t.deepEqual(keys, ['.static-url/manifest.json']);
});

test('directoryTarget() refuses options of the wrong shape', (t) => {
  t.throws(() => made({}), { instanceOf: TypeError, message: /"folder"/ });
  t.throws(() => made({ folder: 5 }), { instanceOf: TypeError });
  t.throws(() => made({ folder: 'x', publicURL: 'https://a' }), {
    instanceOf: TypeError,
    message: /publicUrl/,
  });
  t.throws(() => made({ folder: 'x', publicUrl: 'a.example' }), { instanceOf: TypeError });
});

function made(options: unknown): unknown {
  return directoryTarget(Object(options));
}
