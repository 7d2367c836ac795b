import { chmod, lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openSiteFolder } from '../../../src/site/landing/index.ts';
import { runForValue } from '../../helpers/run-node.ts';
import { contentOf, createPlace, exportContent, scribble, stage } from './place.ts';

const PLACE = new URL('place.ts', import.meta.url).href;

const SITE = { 'assets/1': 'one', 'about/index.html': 'about', 'index.html': 'home' };
const NEXT = { 'assets/1': 'one', 'assets/2': 'two', 'index.html': 'new' };

test('with swap "link" the folder is a link to a whole site, and the one before stays until the next export', async (t) => {
  const place = { ...(await createPlace(t)), swap: 'link' } as const;
  const sites = join(place.projectFolder, '.site.static-url/sites');
  t.deepEqual(await exportContent(place, SITE), { written: 3, deleted: 0 });
  const first = await readlink(place.out);
  t.regex(first, /^\.site\.static-url\/sites\/[^/]+$/);
  t.deepEqual(await contentOf(place.out), SITE);
  const { ino } = await lstat(join(place.out, 'assets/1'));

  t.deepEqual(await exportContent(place, NEXT), { written: 2, deleted: 1 });
  t.deepEqual(await contentOf(place.out), NEXT);
  t.deepEqual(await contentOf(join(place.projectFolder, first)), SITE);
  t.is((await lstat(join(place.out, 'assets/1'))).ino, ino);

  t.deepEqual(await exportContent(place, NEXT), { written: 0, deleted: 0 });
  t.deepEqual(await contentOf(place.out), NEXT);
  t.is((await readdir(sites)).length, 2);
  t.false((await readdir(sites)).some((run) => first.endsWith(run)));
});

test('with swap "link" an empty folder gives way, and the whole may be moved elsewhere', async (t) => {
  const place = { ...(await createPlace(t)), swap: 'link' } as const;
  await mkdir(place.out);
  await exportContent(place, SITE);
  const moved = `${place.projectFolder}-moved`;
  t.teardown(() => rm(moved, { recursive: true, force: true }));
  await rename(place.projectFolder, moved);
  t.deepEqual(await contentOf(join(moved, 'site')), SITE);
});

test('with swap "link" what is kept comes along, and foreign files do not', async (t) => {
  const place = { ...(await createPlace(t)), swap: 'link' } as const;
  await exportContent(place, SITE);
  await scribble(place.out, { '.git/config': 'git', 'notes.txt': 'mine' });
  await symlink('config', join(place.out, '.git/alias'));
  const folder = await openSiteFolder(place);
  const plan = await stage(folder, NEXT);
  t.deepEqual(await folder.foreignFiles(), ['notes.txt']);
  t.deepEqual(await folder.land(plan), { written: 2, deleted: 2 });
  await folder.close();
  t.deepEqual(await contentOf(place.out), { ...NEXT, '.git/config': 'git', '.git/alias': '-> config' });
});

test('with swap "link" landOne() puts a file into the site that is there, or makes one', async (t) => {
  const place = { ...(await createPlace(t)), swap: 'link' } as const;
  for (const content of [{ 'a/index.html': 'a' }, { 'b/index.html': 'b' }, { 'a/index.html': 'c' }]) {
    const folder = await openSiteFolder(place);
    await folder.landOne([...(await stage(folder, content)).values()]);
    await folder.close();
  }
  t.deepEqual(await contentOf(place.out), { 'a/index.html': 'c', 'b/index.html': 'b' });
  t.is((await readdir(join(place.projectFolder, '.site.static-url/sites'))).length, 1);
  t.deepEqual(await exportContent(place, { 'b/index.html': 'b' }), { written: 0, deleted: 1 });
});

test('with swap "link" a site stays as it is when the new one cannot be built', async (t) => {
  const place = { ...(await createPlace(t)), swap: 'link' } as const;
  await exportContent(place, SITE);
  const folder = await openSiteFolder(place);
  const plan = await stage(folder, NEXT);
  await chmod(join(place.out, 'assets/1'), 0o644);
  await rm(join(place.out, 'assets/1'));
  const error = await t.throwsAsync(folder.land(plan), { code: 'FILE_CHANGED' });
  t.regex(error?.message ?? '', /^"assets\/1" in the site's folder was changed .* Export again\.$/);
  await folder.close();
  t.is((await readdir(join(place.projectFolder, '.site.static-url/sites'))).length, 1);
  await exportContent(place, NEXT);
  t.deepEqual(await contentOf(place.out), NEXT);
});

test('with swap "link" files are copied where the file system makes no links, and still count as written', async (t) => {
  const place = { ...(await createPlace(t)), swap: 'link' } as const;
  await exportContent(place, SITE);
  const landed = await runForValue(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.linkSync = () => {
      throw Object.assign(new Error('EMLINK: too many links'), { code: 'EMLINK', syscall: 'link' });
    };
    syncBuiltinESMExports();
    const { exportContent } = await import(${JSON.stringify(PLACE)});
    const landed = await exportContent(${JSON.stringify(place)}, ${JSON.stringify(NEXT)});
    process.stdout.write(JSON.stringify(landed));
  `);
  t.deepEqual(landed, { written: 2, deleted: 1 });
  t.deepEqual(await contentOf(place.out), NEXT);
  t.is((await lstat(join(place.out, 'assets/1'))).nlink, 1);
  t.deepEqual(await exportContent(place, NEXT), { written: 0, deleted: 0 });
});
