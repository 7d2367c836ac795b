import { lstat, mkdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openSiteFolder } from '../../../src/site/landing/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { contentOf, createPlace, exportContent, scribble, stage, type Content } from './place.ts';

const SITE = {
  'assets/1/app.css': 'a {}',
  'feed.xml': '<feed/>',
  'about/index.html': '<a href="/">',
  'posts/one/index.html': 'one',
  'index.html': 'home',
};

/** One file of each phase. */
function phasesOf(prefix: string): Content {
  return {
    'index.html': prefix,
    [`${prefix}.html`]: prefix,
    [`${prefix}.xml`]: prefix,
    [`assets/${prefix}`]: prefix,
  };
}

test('land() fills a folder that is not there, with the folders above it', async (t) => {
  const place = await createPlace(t);
  const out = join(place.projectFolder, 'build', 'public', 'site');
  const done = await exportContent({ ...place, out }, SITE);
  t.deepEqual(done, { written: 5, deleted: 0 });
  t.deepEqual(await contentOf(out), SITE);
});

test('land() makes an empty site a folder too', async (t) => {
  const place = await createPlace(t);
  t.deepEqual(await exportContent(place, {}), { written: 0, deleted: 0 });
  t.deepEqual(await contentOf(place.out), {});
});

test('land() leaves equal files alone, and deletes what is gone with the folders that are empty without it', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, SITE);
  const before = await lstat(join(place.out, 'about/index.html'));
  const { 'posts/one/index.html': _, 'feed.xml': __, ...rest } = SITE;
  const after = { ...rest, 'index.html': 'new home', 'tags/index.html': 'tags' };
  t.deepEqual(await exportContent(place, after), { written: 2, deleted: 2 });
  t.deepEqual(await contentOf(place.out), after);
  const now = await lstat(join(place.out, 'about/index.html'));
  t.is(now.ino, before.ino);
  t.is(now.ctimeMs, before.ctimeMs);
});

test.serial(
  'land() gives files and folders modes that a web server can read, whatever the umask',
  async (t) => {
    const place = await createPlace(t);
    const before = process.umask(0o077);
    try {
      await exportContent(place, SITE);
    } finally {
      process.umask(before);
    }
    const modes = await Promise.all(
      ['', 'posts', 'posts/one', 'index.html'].map(
        async (name) => (await stat(join(place.out, name))).mode & 0o777,
      ),
    );
    t.deepEqual(modes, [0o755, 0o755, 0o755, 0o644]);
  },
);

test('land() goes phase by phase, and deletes last', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, phasesOf('old'));
  const folder = await openSiteFolder(place);
  const plan = await stage(folder, phasesOf('new'));
  // What was staged is missing, for each phase in turn: the landing stops there.
  const seen: string[][] = [];
  for (const stop of ['assets/new', 'new.xml', 'new.html', 'index.html']) {
    const file = plan.get(stop);
    if (file?.staged === undefined) throw new Error(stop);
    plan.set(stop, { ...file, staged: `${file.staged}-missing` });
    await t.throwsAsync(folder.land(plan), { code: 'FILE_UNWRITABLE' });
    seen.push(Object.keys(await contentOf(place.out)).toSorted());
    plan.set(stop, file);
    for (const [name, each] of plan)
      if (seen.at(-1)?.includes(name) === true && name !== 'index.html')
        plan.set(name, { ...each, staged: undefined });
  }
  await folder.close();
  const old = ['assets/old', 'index.html', 'old.html', 'old.xml'];
  t.deepEqual(seen, [
    old,
    [...old, 'assets/new'].toSorted(),
    [...old, 'assets/new', 'new.xml'].toSorted(),
    [...old, 'assets/new', 'new.xml', 'new.html'].toSorted(),
  ]);
});

test('land() makes room where a file becomes a folder, and the reverse', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, { about: 'a file', 'docs/a/index.html': 'a', 'docs/b.html': 'b' });
  const after = { 'about/index.html': 'a page', docs: 'a file' };
  await exportContent(place, after);
  t.deepEqual(await contentOf(place.out), after);
});

test('foreignFiles() lists what the next landing deletes, and nothing that is planned, ours or kept', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, SITE);
  await scribble(place.out, {
    '.git/config': 'git',
    'notes.txt': 'mine',
    'posts/one/draft.md': 'mine',
    'later/index.html': 'in the way of a page',
    'sub/.git/config': 'only the top is kept',
  });
  await mkdir(join(place.out, 'empty'));
  await symlink('/nowhere', join(place.out, 'link'));
  const folder = await openSiteFolder(place);
  const { 'posts/one/index.html': _, ...rest } = SITE;
  const after = { ...rest, 'later/index.html': 'later' };
  const plan = await stage(folder, after);
  t.deepEqual(await folder.foreignFiles(), [
    'later/index.html',
    'link',
    'notes.txt',
    'posts/one/draft.md',
    'sub/.git/config',
  ]);
  await folder.land(plan);
  await folder.close();
  t.deepEqual(await contentOf(place.out), { ...after, '.git/config': 'git', 'empty/': '(empty)' });
});

test('land() deletes no foreign file that nobody was asked about', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, SITE);
  await scribble(place.out, { 'posts/one/draft.md': 'mine' });
  await exportContent(place, { 'index.html': 'home' });
  t.deepEqual(await contentOf(place.out), { 'index.html': 'home', 'posts/one/draft.md': 'mine' });
});

test('land() follows no symbolic link in the folder, neither to write nor to delete', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, SITE);
  const elsewhere = await temporaryFolder(t, { 'one/index.html': 'somebody else’s', 'about.html': 'theirs' });
  await rm(join(place.out, 'posts'), { recursive: true });
  await symlink(elsewhere, join(place.out, 'posts'));
  await rm(join(place.out, 'about'), { recursive: true });
  await symlink(elsewhere, join(place.out, 'about'));
  await rm(join(place.out, 'feed.xml'));
  await symlink(join(elsewhere, 'about.html'), join(place.out, 'feed.xml'));

  const folder = await openSiteFolder(place);
  t.false(folder.isAsWritten('posts/one/index.html'));
  t.false(folder.isAsWritten('feed.xml'));
  const { 'about/index.html': _, ...rest } = SITE;
  const plan = await stage(folder, rest);
  t.deepEqual(await folder.foreignFiles(), ['about', 'posts']);
  await folder.land(plan);
  await folder.close();
  t.deepEqual(await contentOf(place.out), rest);
  t.deepEqual(await contentOf(elsewhere), { 'one/index.html': 'somebody else’s', 'about.html': 'theirs' });
});

test('isAsWritten() sees each change of length or time, and that a file is gone or something else', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, { a: 'a', b: 'b', c: 'c', d: 'd', e: 'e' });
  await writeFile(join(place.out, 'b'), 'longer');
  await rm(join(place.out, 'c'));
  await rm(join(place.out, 'd'));
  await mkdir(join(place.out, 'd'));
  await utimes(join(place.out, 'e'), 1, 1);
  const folder = await openSiteFolder(place);
  t.deepEqual(
    ['a', 'b', 'c', 'd', 'e', 'unknown'].map((name) => folder.isAsWritten(name)),
    [true, false, false, false, false, false],
  );
  await folder.close();
});

test('landOne() puts files in their places, remembers them, and deletes nothing', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, SITE, { settings: 'of before' });
  const folder = await openSiteFolder(place);
  for (const file of (await stage(folder, { 'about/index.html': 'new', 'more/index.html': 'more' })).values())
    await folder.landOne([file], { settings: 'of before' });
  t.true(folder.isAsWritten('more/index.html'));
  await folder.close();
  const after = { ...SITE, 'about/index.html': 'new', 'more/index.html': 'more' };
  t.deepEqual(await contentOf(place.out), after);

  const next = await openSiteFolder(place);
  t.is(next.settings, 'of before');
  t.deepEqual([...next.previous.keys()].toSorted(), Object.keys(after).toSorted());
  await next.close();
  t.deepEqual(await exportContent(place, after), { written: 0, deleted: 0 });
});

test('land() refuses a file whose name another one needs for a folder, and one outside, before it writes', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, SITE);
  for (const [name, code] of [
    ['feed.xml/index.html', 'SITE_URLS'],
    ['../escape', 'SITE_URLS'],
    ['/etc/escape', 'SITE_URLS'],
    ['.git/config', 'SITE_OUT_REFUSED'],
  ] as const)
    await t.throwsAsync(exportContent(place, { ...SITE, 'index.html': 'new', [name]: '' }), { code }, name);
  t.deepEqual(await contentOf(place.out), SITE);
});

test('land() says which path it may not write, leaves what has not landed, and a rerun finishes', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, { 'assets/1': 'old', 'about/index.html': 'old', 'index.html': 'old' });
  const after = { 'assets/2': 'new', 'about/index.html': 'new', 'index.html': 'new' };
  // Not by permissions, which root is not bound to: a folder stands where nothing can be moved aside to.
  const folder = await openSiteFolder(place);
  const plan = await stage(folder, after);
  await rm(join(folder.staging, '../aside'), { recursive: true });
  await rm(join(place.out, 'about'), { recursive: true });
  await writeFile(join(place.out, 'about'), 'a file in the way');
  const error = await t.throwsAsync(folder.land(plan), { code: 'FILE_UNWRITABLE' });
  t.regex(error?.message ?? '', /aside/);
  await folder.close();
  t.like(await contentOf(place.out), { 'assets/1': 'old', 'assets/2': 'new', 'index.html': 'old' });
  t.deepEqual(await exportContent(place, after, { force: true }), { written: 2, deleted: 1 });
  t.deepEqual(await contentOf(place.out), after);
});

test('close() leaves nothing of the run beside the folder but the state', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, SITE);
  const beside = join(place.projectFolder, '.site.static-url');
  t.deepEqual(readdirSync(beside).toSorted(), ['staging', 'state']);
  t.deepEqual(readdirSync(join(beside, 'staging')), []);
});
