import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { getStaticUrlContent } from '../../src/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { closeUntilEnd, DROP_PRIVILEGES } from '../helpers/permissions.ts';
import { runForValue } from '../helpers/run-node.ts';

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** JavaScript that prints how getStaticUrlContent() fails for a root, without the privileges of root. */
function fail(root: string): string {
  return DROP_PRIVILEGES + ask(root);
}

function ask(root: string): string {
  return `
    const url = await api.getStaticUrlContent('/static/', ${JSON.stringify(root)}).catch(({ code, message }) => ({ code, message }));
    console.log(JSON.stringify(url));`;
}

test('getStaticUrlContent() names a missing root and from where it was looked for', async (t) => {
  const root = join(await temporaryFolder(t), 'public');
  const error = await t.throwsAsync(getStaticUrlContent('/static/', root), { code: 'ROOT_NOT_FOUND' });
  t.true(
    error.message.includes(JSON.stringify(root)) && error.message.includes(JSON.stringify(process.cwd())),
  );
});

test('getStaticUrlContent() refuses a root that is no folder', async (t) => {
  const folder = await temporaryFolder(t, { file: '' });
  await t.throwsAsync(getStaticUrlContent('/static/', join(folder, 'file')), { code: 'ROOT_NOT_A_FOLDER' });
});

test('getStaticUrlContent() refuses a root without files, whose URL no later deploy would change', async (t) => {
  const root = await temporaryFolder(t, { '.gitkeep': '' });
  await mkdir(join(root, 'css'));
  await t.throwsAsync(getStaticUrlContent('/static/', root), {
    code: 'ROOT_EMPTY',
    message: `The root ${JSON.stringify(root)} holds no files, dotfiles aside, so every deploy would have this one URL. Build the files first, or correct the path.`,
  });
  t.regex(await getStaticUrlContent('/static/', root, { dotfiles: true }), /^\/static\/[0-9a-f]{16}\/$/);
});

test('getStaticUrlContent() names a file and a folder that it may not read', async (t) => {
  const folder = await temporaryFolder(t, {
    'file/a.css': '',
    'file/b/c.css': '',
    'folder/a.css': '',
    'folder/b/c.css': '',
  });
  await chmod(folder, 0o755);
  await closeUntilEnd(t, join(folder, 'file/b/c.css'));
  await closeUntilEnd(t, join(folder, 'folder/b'));
  const file = await runForValue<Failure>(fail(join(folder, 'file')));
  t.like(file, {
    code: 'FILE_UNREADABLE',
    message: `Cannot read the file "${folder}/file/b/c.css": EACCES. Check its permissions.`,
  });
  const inner = await runForValue<Failure>(fail(join(folder, 'folder')));
  t.like(inner, {
    code: 'FILE_UNREADABLE',
    message: `Cannot read the folder "${folder}/folder/b": EACCES. Check its permissions.`,
  });
  const root = await runForValue<Failure>(fail(join(folder, 'folder/b')));
  t.like(root, { code: 'FILE_UNREADABLE' });
  const below = await runForValue<Failure>(fail(join(folder, 'folder/b/sub')));
  t.like(below, {
    code: 'FILE_UNREADABLE',
    message: `Cannot read the root "${folder}/folder/b/sub": EACCES. Check its permissions.`,
  });
});

test('getStaticUrlContent() tells a link into a place that it may not enter from a broken one', async (t) => {
  const folder = await temporaryFolder(t, { 'closed/a.css': '' });
  await mkdir(join(folder, 'root'));
  await symlink('../closed/a.css', join(folder, 'root/link.css'));
  await chmod(folder, 0o755);
  await closeUntilEnd(t, join(folder, 'closed'));
  t.like(await runForValue<Failure>(fail(join(folder, 'root'))), { code: 'FILE_UNREADABLE' });
});

test('getStaticUrlContent() names a file that the device cannot read', async (t) => {
  const root = await temporaryFolder(t);
  await symlink('/proc/self/mem', join(root, 'a.bin'));
  await t.throwsAsync(getStaticUrlContent('/static/', root), {
    code: 'FILE_UNREADABLE',
    message: /a\.bin": EIO/,
  });
});

test('getStaticUrlContent() says that a file vanished while the tree was being read', async (t) => {
  const root = await temporaryFolder(t, { 'a.css': '', 'b.css': '' });
  const failure = await runForValue<Failure>(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const [first, second] = ${JSON.stringify([join(root, 'a.css'), join(root, 'b.css')])};
    const { openSync } = fs;
    fs.openSync = (path, ...others) => {
      if (path === first) fs.rmSync(second);
      return openSync(path, ...others);
    };
    syncBuiltinESMExports();
    ${ask(root)}`);
  t.deepEqual(failure, {
    code: 'FILE_CHANGED',
    message: `The file "${root}/b.css" vanished while the tree was being read. Let the build or deploy finish, then try again.`,
  });
});

test('getStaticUrlContent() names a file whose name is not valid UTF-8', async (t) => {
  const root = await temporaryFolder(t);
  await writeFile(Buffer.concat([Buffer.from(`${root}/a`), Buffer.of(0xff), Buffer.from('.css')]), '');
  await t.throwsAsync(getStaticUrlContent('/static/', root), {
    code: 'FILE_CHANGED',
    message: /not valid UTF-8/,
  });
});

test('getStaticUrlContent() names a link that leads nowhere, to itself or back into its folder', async (t) => {
  const root = await temporaryFolder(t, { 'a/b/c.css': '' });
  const link = join(root, 'a/b/link');
  for (const target of ['gone', 'link', '.', '..', root, join(root, 'a'), '/', '../b/../../a']) {
    await symlink(target, link);
    const error = await t.throwsAsync(getStaticUrlContent('/static/', root), { code: 'LINK_BROKEN' }, target);
    t.true(error.message.includes(JSON.stringify(link)), error.message);
    await unlink(link);
  }
});

test('getStaticUrlContent() ends where links of two folders lead into each other', async (t) => {
  const root = await temporaryFolder(t, { 'a.css': '' });
  const outside = await temporaryFolder(t, { 'b.css': '' });
  await symlink(outside, join(root, 'out'));
  await symlink(root, join(outside, 'back'));
  await t.throwsAsync(getStaticUrlContent('/static/', root), { code: 'LINK_BROKEN', message: /leads back/ });
});

test('getStaticUrlContent() leaves out pipes and devices, which would block or never end', async (t) => {
  const root = await temporaryFolder(t, { 'a-b.css': '1' });
  execFileSync('mkfifo', [join(root, 'pipe')]);
  await symlink('/dev/zero', join(root, 'zero'));
  await symlink('pipe', join(root, 'link'));
  t.is(await getStaticUrlContent('/static/', root), '/static/2d96e2d020a4205f/');
});

test('getStaticUrlContent() reads to the end a file that the system gives in small pieces', async (t) => {
  // Files of the kernel come in pieces of a page, however much is asked for; those of some network mounts do too.
  const source = ['/sys/kernel/btf/vmlinux', '/proc/kallsyms'].find((file) => existsSync(file));
  if (source === undefined) return t.fail('Neither file of the kernel is there.');
  const bytes = await readFile(source);
  t.true(bytes.length > 65_536);
  const linked = await temporaryFolder(t);
  await symlink(source, join(linked, 'file'));
  t.is(
    await getStaticUrlContent('/s/', linked),
    await getStaticUrlContent('/s/', await temporaryFolder(t, { file: bytes })),
  );
});

test('getStaticUrlContent() refuses arguments of the wrong shape before it reads', async (t) => {
  const gone = '/nonexistent/root';
  for (const prefix of ['', 'static', '/static/?v=1', undefined]) {
    await t.throwsAsync(getStaticUrlContent(prefix as never, gone), { instanceOf: TypeError });
  }
  for (const root of ['', undefined, 1, ['public']]) {
    await t.throwsAsync(getStaticUrlContent('/static/', root as never), {
      instanceOf: TypeError,
      message: /^The root is/,
    });
  }
  await t.throwsAsync(getStaticUrlContent('/static/', gone, { dotfiles: 'yes' as never }), {
    instanceOf: TypeError,
  });
  await t.throwsAsync(getStaticUrlContent('/static/', gone, { dotfile: true } as never), {
    instanceOf: TypeError,
    message: /"dotfile".*Did you mean "dotfiles"\?/,
  });
});
