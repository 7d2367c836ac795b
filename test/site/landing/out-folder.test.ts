import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openSiteFolder, type SiteFolderOptions } from '../../../src/site/landing/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { contentOf, createPlace, exportContent, optionsFor, scribble } from './place.ts';

/** Opening is refused with a message, and neither the folder nor what lies beside it is touched. */
async function refuses(t: ExecutionContext, options: SiteFolderOptions, message: RegExp): Promise<void> {
  const beside = (await readdir(dirname(options.out))).toSorted();
  const error = await t.throwsAsync(openSiteFolder(options), { code: 'SITE_OUT_REFUSED' });
  t.regex(error?.message ?? '', message);
  t.deepEqual((await readdir(dirname(options.out))).toSorted(), beside);
}

test('openSiteFolder() refuses the root, the home folder and what holds it', async (t) => {
  const projectFolder = await temporaryFolder(t);
  await refuses(t, optionsFor('/', { projectFolder }), /the root of the file system\. Name a folder/);
  await refuses(t, optionsFor(homedir(), { projectFolder }), /it holds the home folder/);
});

test('openSiteFolder() refuses the project, also by another path, and what holds it', async (t) => {
  // What lies beside the folder is looked at too, and other tests have theirs beside this one's.
  const own = await temporaryFolder(t, { 'top/app/src/app.ts': '', 'top/app/assets/app.css': '' });
  const folder = join(own, 'top');
  const projectFolder = join(folder, 'app');
  await refuses(t, optionsFor(projectFolder, { projectFolder }), /it holds the project ".*\/app"\. Name a/);
  await refuses(t, optionsFor(folder, { projectFolder }), /it holds the project/);
  await symlink(folder, join(folder, 'app/alias'));
  await refuses(t, optionsFor(join(folder, 'app/alias/app'), { projectFolder }), /it holds the project/);
  const assets = optionsFor(join(projectFolder, 'assets'), {
    projectFolder,
    protectedFolders: [join(projectFolder, 'assets')],
  });
  await refuses(t, assets, /it holds ".*assets", which the site is made of/);
  await refuses(t, { ...assets, out: join(projectFolder, 'assets/site') }, /it lies in ".*assets"/);
  await refuses(t, { ...assets, protectedFolders: [join(projectFolder, 'assets/a')] }, /it holds ".*a"/);
});

test('openSiteFolder() refuses another project, but neither a work tree nor a site of ours that looks like one', async (t) => {
  for (const files of [{ 'package.json': '{}' }, { '.git/HEAD': 'ref' }]) {
    const place = await createPlace(t);
    await scribble(place.out, files);
    await refuses(t, place, /it holds a project of its own/);
  }
  const place = await createPlace(t);
  await scribble(place.out, { '.git': 'gitdir: ../.git/worktrees/site' });
  await exportContent(place, { 'package.json': '{}' });
  await exportContent(place, { 'index.html': 'home' });
  t.deepEqual(await contentOf(place.out), {
    '.git': 'gitdir: ../.git/worktrees/site',
    'index.html': 'home',
  });
});

test("openSiteFolder() refuses a file, and somebody's link with either rule", async (t) => {
  const place = await createPlace(t);
  await scribble(place.projectFolder, { file: '', 'real/index.html': 'theirs' });
  await symlink('real', place.out);
  await symlink('nowhere', join(place.projectFolder, 'broken'));
  for (const swap of ['files', 'link'] as const) {
    await refuses(t, { ...place, swap, out: join(place.projectFolder, 'file') }, /it is no folder/);
    await refuses(t, { ...place, swap }, /a symbolic link to "real"\. Name the folder that it leads to/);
    await refuses(t, { ...place, swap, out: join(place.projectFolder, 'broken') }, /link to "nowhere"/);
    await t.throwsAsync(openSiteFolder({ ...place, swap, out: join(place.projectFolder, 'file/site') }), {
      code: 'FILE_UNWRITABLE',
      message: /^Cannot write ".*file\/site": ENOTDIR\. Check/,
    });
  }
  t.deepEqual(await contentOf(join(place.projectFolder, 'real')), { 'index.html': 'theirs' });
});

test('openSiteFolder() refuses to change the kind of a site by itself', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, { 'index.html': 'home' });
  await t.throwsAsync(openSiteFolder({ ...place, swap: 'link' }), {
    code: 'SITE_OUT_REFUSED',
    message: /it is a folder that is not empty, and the option "swap" is "link"\. Move it away/,
  });
  const linked = { ...place, swap: 'link', out: join(place.projectFolder, 'linked') } as const;
  await exportContent(linked, { 'index.html': 'home' });
  await t.throwsAsync(openSiteFolder({ ...linked, swap: 'files' }), {
    code: 'SITE_OUT_REFUSED',
    message: /Remove the link, or set the option "swap" to "link"/,
  });
});

test('openSiteFolder() refuses a folder on a file system of its own before it makes anything', async (t) => {
  const projectFolder = await temporaryFolder(t);
  // Of all Linux systems; what lies in it does not matter.
  const out = '/dev/shm';
  const error = await t.throwsAsync(openSiteFolder(optionsFor(out, { projectFolder })), {
    code: 'CROSS_DEVICE',
  });
  t.regex(error?.message ?? '', /Name a folder inside of "\/dev\/shm"/);
  t.false(existsSync('/dev/.shm.static-url'));
});

test('land() says that what lies beside the folder is on another file system, where only a rename can tell', async (t) => {
  const place = await createPlace(t);
  const elsewhere = await mkdtemp('/dev/shm/static-url-');
  t.teardown(() => rm(elsewhere, { recursive: true, force: true }));
  await symlink(elsewhere, join(place.projectFolder, '.site.static-url'));
  const error = await t.throwsAsync(exportContent(place, { 'index.html': 'home' }), { code: 'CROSS_DEVICE' });
  t.regex(error?.message ?? '', /different file systems \(EXDEV\)\. Name a folder inside of/);
});

test('openSiteFolder() takes an empty folder, and one with files that are not ours, which it leaves', async (t) => {
  const place = await createPlace(t);
  await mkdir(place.out);
  await (await openSiteFolder(place)).close();
  await scribble(place.out, { 'theirs.txt': '' });
  await exportContent(place, { 'index.html': 'home' });
  t.deepEqual(await contentOf(place.out), { 'index.html': 'home', 'theirs.txt': '' });
});
