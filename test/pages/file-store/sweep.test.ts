import {
  existsSync,
  truncateSync,
  linkSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import type { FileStore } from '../../../src/pages/file-store/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { html, keyOf, store, targetsIn, textOf } from '../stored-pages.ts';
import { openStore } from './opened-store.ts';

/** A margin of a minute is added to the deadline: so everything is old at once. */
const IMPATIENT = { deadlineMilliseconds: -61_000 };

const keepAll = (pages: FileStore): Promise<boolean> =>
  pages.sweep(
    () => 'keep',
    async () => true,
  );

const namesIn = (pages: FileStore, place: string): string[] => readdirSync(join(pages.folder, place));

test('sweep() removes the oldest pages past the limit, those with a query first', async (t) => {
  const pages = await openStore(t);
  const limited = await openStore(t, { folder: pages.folder, maxPages: 3 });
  for (const target of ['/old', '/a?b=1', '/a', '/a?b=2', '/b']) {
    await store(pages, target, html(target));
    // For the next to be younger.
    const { ctimeMs } = statSync(join(pages.folder, 'current/pages/www.example.com', `${target}@.html`));
    while (Date.now() <= ctimeMs + 10) await setTimeout(1);
  }
  t.true(await keepAll(limited));
  t.deepEqual(await targetsIn(pages), ['/a', '/b', '/old']);
  await store(pages, '/c', html('c'));
  t.true(await keepAll(limited));
  t.deepEqual(await targetsIn(pages), ['/a', '/b', '/c']);
});

test('sweep() counts the bytes of copies too', async (t) => {
  const pages = await openStore(t, { maxBytes: 2000, compress: ['br'] });
  for (const target of ['/1', '/2', '/3']) await store(pages, target, html('x'.repeat(900)));
  await keepAll(pages);
  t.is((await targetsIn(pages)).length, 2);
});

test('a full store takes no new page with a query, and all others', async (t) => {
  const pages = await openStore(t, { maxPages: 2 });
  await store(pages, '/a?b=1', html('1'));
  await store(pages, '/a', html('a'));
  t.is(await pages.begin(keyOf('/a?b=2'), { fence: false }), undefined, 'by what it landed itself');
  const other = await openStore(t, { folder: pages.folder, maxPages: 2 });
  await keepAll(pages);
  t.is(await other.begin(keyOf('/a?b=2'), { fence: false }), undefined, 'by what a sweep has found');
  t.true(await store(other, '/a?b=1', html('again')));
  t.true(await store(other, '/c', html('c')));
  await other.clear();
  t.true(await store(pages, '/a?b=2', html('2')));
});

test('sweep() removes what crashes have left, and nothing of what is there', async (t) => {
  const pages = await openStore(t, {}, IMPATIENT);
  await store(pages, '/a', html('a'.repeat(200), ['t', 'u']));
  await store(pages, '/gone', html('x'.repeat(200), ['gone']));
  await pages.begin(keyOf('/b'), { fence: false });
  const root = join(pages.folder, 'current/pages/www.example.com');
  unlinkSync(join(root, 'gone@.html'));
  await setTimeout(5);
  t.true(await keepAll(pages));
  t.deepEqual(namesIn(pages, 'current/pages/www.example.com'), ['a@.html', 'a@.html.gz']);
  t.deepEqual(namesIn(pages, 'current/pending'), []);
  t.is(namesIn(pages, 'current/records').length, 1);
  t.is(namesIn(pages, 'current/tags').length, 2);
  t.deepEqual(
    (await pages.invalidate(['u'])).map(({ target }) => target),
    ['/a'],
  );
});

test('a page or copy that a power failure has cut off is not read, and swept by the next process', async (t) => {
  const pages = await openStore(t);
  for (const target of ['/empty', '/short', '/copy', '/whole'])
    await store(pages, target, html(target.repeat(100)));
  const root = join(pages.folder, 'current/pages/www.example.com');
  const cutOff = (name: string, length: number): void => {
    const { atime, mtime } = statSync(join(root, name));
    truncateSync(join(root, name), length);
    utimesSync(join(root, name), atime, mtime);
  };
  cutOff('empty@.html', 0);
  cutOff('short@.html', 10);
  cutOff('copy@.html.gz', 10);
  t.is(await textOf(pages, '/empty'), undefined);
  t.true(await keepAll(await openStore(t, { folder: pages.folder })));
  t.deepEqual(await targetsIn(pages), ['/whole']);
});

test('sweep() leaves alone what may belong to a render under way', async (t) => {
  const pages = await openStore(t);
  const pending = await pages.begin(keyOf('/b'), { fence: false });
  t.true(await keepAll(pages));
  t.true(await pending?.land(html('b', ['t'])));
});

test('sweep() writes the index again when it is lost, and removes pages of which nothing is known', async (t) => {
  const pages = await openStore(t);
  for (const target of ['/a', '/b', '/c']) await store(pages, target, html(target, ['t', target]));
  rmSync(join(pages.folder, 'current/tags'), { recursive: true });
  const records = join(pages.folder, 'current/records');
  const [first = '', second = ''] = readdirSync(records);
  unlinkSync(join(records, first));
  writeFileSync(join(records, second), '{"torn');
  const other = await openStore(t, { folder: pages.folder });
  rmSync(join(pages.folder, 'tidied'), { force: true });
  t.true(await keepAll(other));
  t.is((await targetsIn(pages)).length, 1);
  t.is((await pages.invalidate(['t'])).length, 1);
});

test('invalidate() removes a page of which nobody can tell whether it is the one of the entry', async (t) => {
  const pages = await openStore(t);
  for (const target of ['/a', '/b', '/c']) await store(pages, target, html(target, ['t']));
  const root = join(pages.folder, 'current/pages/www.example.com');
  // As after a restore from a backup that keeps no times.
  utimesSync(join(root, 'a@.html'), 1, 1);
  // As after a power failure, when the page of the entry cannot be read from it.
  const records = join(pages.folder, 'current/records');
  for (const name of readdirSync(records)) writeFileSync(join(records, name), '');
  await pages.invalidate(['t']);
  t.deepEqual(await targetsIn(pages), []);
});

test('a stray entry takes no other landing of the page with it', async (t) => {
  const pages = await openStore(t);
  await store(pages, '/a', html('1', ['t']));
  const root = join(pages.folder, 'current');
  const [tag = ''] = readdirSync(join(root, 'tags'));
  const [entry = ''] = readdirSync(join(root, 'tags', tag));
  linkSync(join(root, 'tags', tag, entry), join(root, 'kept'));
  await store(pages, '/a', html('2', ['u']));
  linkSync(join(root, 'kept'), join(root, 'tags', tag, entry));
  t.deepEqual(await pages.invalidate(['t']), []);
  t.is(await textOf(pages, '/a'), '<h1>2</h1>\n');
  t.deepEqual(readdirSync(join(root, 'tags', tag)), []);
  t.is((await pages.invalidate(['u'])).length, 1);
});

test('sweep() takes over from a process that was killed', async (t) => {
  const pages = await openStore(t);
  const claim = join(pages.folder, 'sweep');
  writeFileSync(claim, '');
  t.false(await keepAll(pages));
  const before = new Date(Date.now() - 61_000);
  utimesSync(claim, before, before);
  t.true(await keepAll(pages));
  t.false(existsSync(claim));
});

test('sweep() removes generations that a killed clear() has left, and counts of yesterday', async (t) => {
  const pages = await openStore(t, {}, IMPATIENT);
  await pages.saveCounts({ a: 1 });
  const [file = ''] = namesIn(pages, 'counts');
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  utimesSync(join(pages.folder, 'counts', file), yesterday, yesterday);
  writeFileSync(join(pages.folder, 'generations/left'), '');
  await setTimeout(5);
  t.true(await keepAll(pages));
  t.is(namesIn(pages, 'generations').length, 1);
  t.deepEqual(await pages.counts(), {});
});

test('a store goes on when its folder was emptied, or its generation removed', async (t) => {
  const folder = join(await temporaryFolder(t), 'pages');
  const pages = await openStore(t, { folder });
  await store(pages, '/a', html('a'));
  for (const place of ['generations', 'current', '.']) {
    rmSync(join(folder, place), { recursive: true, force: true });
    t.is(await textOf(pages, '/a'), undefined);
    t.deepEqual(await pages.delete([keyOf('/a')]), []);
    t.deepEqual(await pages.invalidate(['t']), []);
    t.true(await store(pages, '/a', html(place)), place);
    t.is(await textOf(pages, '/a'), `<h1>${place}</h1>\n`);
  }
});

test('begin() takes no flood of paths: a tenth beyond the limit until a sweep removes the oldest, and what is stored anew', async (t) => {
  const pages = await openStore(t, { maxPages: 10 });
  const begun = async (target: string): Promise<boolean> => {
    const pending = await pages.begin(keyOf(target), { fence: false });
    return (await pending?.land(html(target))) === true;
  };
  const landed: boolean[] = [];
  for (let index = 0; index < 15; index += 1) landed.push(await begun(`/${index}`));
  t.is(landed.filter(Boolean).length, 11);
  t.true(await begun('/0'));
  await pages.sweep(
    () => 'keep',
    async () => true,
  );
  t.is((await targetsIn(pages)).length, 10);
  t.true(await begun('/new'));
});
