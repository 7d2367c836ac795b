import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { fileStore } from '../../../src/pages/file-store/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { html, SETTING, store, textOf } from '../stored-pages.ts';
import { openStore } from './opened-store.ts';

test('open() refuses a folder that is a file, holds something else, or a mark that it does not know', async (t) => {
  const folder = await temporaryFolder(t, { 'a.txt': '', 'full/index.html': '', 'odd/store.json': '{}' });
  for (const [name, message] of [
    ['a.txt', /a\.txt" is no folder\. Name one/],
    ['full', /full" is no store of pages: it holds "index\.html"\. Name a folder/],
    ['odd', /odd" holds a "store\.json" that is not one of this version/],
  ] as const)
    await t.throwsAsync(fileStore({ folder: join(folder, name) }).open(SETTING), {
      code: 'STORE_NOT_OURS',
      message,
    });
  t.deepEqual(readdirSync(join(folder, 'full')), ['index.html']);
});

test('open() takes an empty folder, and one that only a process killed at its start has left something in', async (t) => {
  const folder = await temporaryFolder(t);
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'left'));
  writeFileSync(join(folder, 'left/store-0123456789ab.json'), '{"for');
  for (const name of ['empty', 'left', 'none/yet']) {
    const pages = await openStore(t, { folder: join(folder, name) });
    t.true(await store(pages, '/a', html('a')));
  }
});

test('open() refuses the store of another app, unless both name one owner', async (t) => {
  const one = await openStore(t);
  const sites = ['https://shop.example.com'];
  await t.throwsAsync(fileStore({ folder: one.folder }).open({ ...SETTING, sites }), {
    code: 'STORE_NOT_OURS',
    message: /belongs to "https:\/\/www\.example\.com", and this app is "https:\/\/shop\.example\.com"\./,
  });
  const shared = await openStore(t, { owner: 'us' });
  await store(shared, '/a', html('a'));
  t.is(
    await textOf(await openStore(t, { folder: shared.folder, owner: 'us' }, { sites }), '/a'),
    '<h1>a</h1>\n',
  );
});

test('open() refuses another NODE_ENV than that of who wrote first', async (t) => {
  const { folder } = await openStore(t, {}, { environment: 'production' });
  await t.throwsAsync(fileStore({ folder }).open({ ...SETTING, environment: '' }), {
    code: 'STORE_ENVIRONMENT',
    message:
      /is written with NODE_ENV=production, and this process runs with no NODE_ENV\. Run it with the same NODE_ENV, or give it a folder of its own\.$/,
  });
});

test('open() of many at once makes one store', async (t) => {
  const folder = join(await temporaryFolder(t), 'a/b');
  const all = await Promise.all(Array.from({ length: 8 }, () => openStore(t, { folder })));
  for (const [index, pages] of all.entries()) await store(pages, `/${index}`, html(`${index}`));
  for (const pages of all) t.is(await textOf(pages, '/7'), '<h1>7</h1>\n');
});

test('a store that is opened twice stays open until it is closed twice', async (t) => {
  const pages = await openStore(t);
  await pages.open(SETTING);
  await pages.close();
  t.true(await store(pages, '/a', html('a')));
  await pages.close();
  await t.throwsAsync(pages.read({ site: SETTING.sites[0] ?? '', target: '/a' }), {
    message: /is not open\. Call open\(\) first\.$/,
  });
  await pages.open(SETTING);
});

test('fileStore() says what is wrong with its options', (t) => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{}, /needs the option "folder"/],
    [{ folder: 'x', compress: ['zstd'] }, /"compress" is a list of "gzip" and "br"/],
    [{ folder: 'x', maxPages: 0 }, /"maxPages" is a whole number of pages from 1 on, not 0\./],
    [{ folder: 'x', maxbytes: 1 }, /no option "maxbytes"\. Did you mean "maxBytes"\?/],
  ];
  for (const [options, message] of cases)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    t.throws(() => fileStore(options as { folder: string }), { message });
});

test('a store whose folder is removed while the app runs is marked again, and opens again', async (t) => {
  const pages = await openStore(t);
  t.true(await store(pages, '/a', html('a')));
  rmSync(pages.folder, { recursive: true });
  t.true(await store(pages, '/a', html('new')));
  const again = await openStore(t, { folder: pages.folder });
  t.regex((await textOf(again, '/a')) ?? '', /new/);
});
