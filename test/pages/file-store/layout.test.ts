import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { html, keyOf, store, textOf } from '../stored-pages.ts';
import { runForValue } from '../../helpers/run-node.ts';
import { openStore } from './opened-store.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const STORE = new URL('../../../src/pages/file-store/index.ts', import.meta.url).href;
const STORED_PAGES = new URL('../stored-pages.ts', import.meta.url).href;

test('fileStore() lays pages where nginx finds them, side by side', async (t) => {
  const pages = await openStore(t, { compress: ['gzip', 'br'] });
  const long = 'a'.repeat(255 - '@.feed.json.gz'.length);
  const places: Readonly<Record<string, string>> = {
    '/': '@.html',
    '/a': 'a@.html',
    '/a/': 'a/@.html',
    '/a/b': 'a/b@.html',
    '/a?page=2': 'a?page=2@.html',
    '/%C3%A4%20b': '%C3%A4%20b@.html',
    [`/${long}/`]: `${long}/@.html`,
    [`/${long}`]: `${long}@.html`,
  };
  const text = 'same '.repeat(100);
  for (const target of Object.keys(places)) t.true(await store(pages, target, html(text)), target);
  const root = join(pages.folder, 'current/pages');
  for (const place of Object.values(places)) {
    const file = join(root, 'www.example.com', place);
    const body = readFileSync(file, 'utf8');
    t.is(body, `<h1>${text}</h1>\n`);
    t.is(gunzipSync(readFileSync(`${file}.gz`)).toString(), body);
    t.is(brotliDecompressSync(readFileSync(`${file}.br`)).toString(), body);
  }
  await store(pages, keyOf('/a', 'http://localhost:3000'), { ...html('x'), mediaType: 'text/xml' });
  t.deepEqual(readdirSync(join(root, 'localhost+3000')), ['a@.text-xml']);
  t.deepEqual(readdirSync(join(pages.folder, 'current/pending')), [], 'nothing is left behind');
});

test('a time of a page in whole seconds is equal for equal pages, of its copies too, and another for another page', async (t) => {
  const pages = await openStore(t);
  const file = join(pages.folder, 'current/pages/www.example.com/a@.html');
  const seconds: number[] = [];
  for (const text of ['1', '2', '1']) {
    await store(pages, '/a', html(text.repeat(200)));
    seconds.push(Math.floor(statSync(file).mtimeMs / 1000));
    t.is(statSync(`${file}.gz`).mtimeMs, statSync(file).mtimeMs);
  }
  t.is(seconds[0], seconds[2]);
  t.not(seconds[0], seconds[1]);
  t.true(statSync(file).mtimeMs < Date.now());
});

test('fileStore() makes everything readable for everyone, whatever the umask', async (t) => {
  const folder = join(await temporaryFolder(t), 'above/pages');
  await runForValue(`
    process.umask(0o077);
    const { fileStore } = await import(${JSON.stringify(STORE)});
    const { html, store, SETTING } = await import(${JSON.stringify(STORED_PAGES)});
    const pages = fileStore({ folder: ${JSON.stringify(folder)} });
    await pages.open(SETTING);
    await store(pages, '/a/b', html('x'.repeat(200), ['t']));
    process.stdout.write('{}');
  `);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  t.true(names.some((name) => name.endsWith('b@.html.gz')));
  for (const name of names) {
    const stats = statSync(join(folder, name));
    if (stats.isDirectory()) t.is(stats.mode & 0o777, 0o755, name);
    else if (name.includes('/pages/')) t.is(stats.mode & 0o777, 0o644, name);
  }
});

test('fileStore() keeps no copy that is longer than the page, and none that it was not asked for', async (t) => {
  const pages = await openStore(t, { compress: [] });
  const other = await openStore(t, { folder: pages.folder });
  await store(pages, '/a', html('a'.repeat(1000)));
  await store(other, '/b', html('b'));
  t.deepEqual(readdirSync(join(pages.folder, 'current/pages/www.example.com')), ['a@.html', 'b@.html']);
  t.deepEqual((await other.read(keyOf('/a')))?.copies, []);
});

test('read() gives the copies of the page, and none of another age', async (t) => {
  const pages = await openStore(t, { compress: ['gzip', 'br'] });
  const other = await openStore(t, { folder: pages.folder });
  await store(pages, '/a', html('a'.repeat(1000)));
  const page = await pages.read(keyOf('/a'));
  t.deepEqual(
    page?.copies.map(({ encoding }) => encoding),
    ['br', 'gzip'],
  );
  t.deepEqual(gunzipSync(page?.copies[1]?.body ?? Buffer.of()), page?.body);
  const copy = join(pages.folder, 'current/pages/www.example.com/a@.html.gz');
  writeFileSync(copy, 'of another age');
  t.deepEqual(
    (await other.read(keyOf('/a')))?.copies.map(({ encoding }) => encoding),
    ['br'],
  );
});

test('read() gives a page from memory as long as its file is the same', async (t) => {
  const pages = await openStore(t);
  const other = await openStore(t, { folder: pages.folder });
  await store(pages, '/a', html('1'));
  const [first, second] = [await pages.read(keyOf('/a')), await pages.read(keyOf('/a'))];
  t.is(first, second);
  await store(other, '/a', html('1'));
  t.not(await pages.read(keyOf('/a')), first);
  await other.clear();
  t.is(await textOf(pages, '/a'), undefined);
});

test('a reader never gets half a page, nor a copy that is not of it', async (t) => {
  const pages = await openStore(t);
  const reader = await openStore(t, { folder: pages.folder });
  const ended = new AbortController();
  const read: string[] = [];
  const writing = (async () => {
    for (let round = 0; read.length <= 100; round += 1) {
      // It lands in one turn of the event loop.
      await setImmediate();
      await store(pages, '/a', html(`${round} `.repeat(2000), ['t']));
      if (round % 10 === 9) await pages.invalidate(['t']);
    }
    ended.abort();
  })();
  while (!ended.signal.aborted) {
    // Reading from memory lets nobody else go first.
    await setImmediate();
    const page = await reader.read(keyOf('/a'));
    if (!page) continue;
    const number = /^<h1>(\d+) /.exec(page.body.toString())?.[1] ?? '';
    read.push(number);
    t.is(page.body.toString(), `<h1>${`${number} `.repeat(2000)}</h1>\n`);
    for (const copy of page.copies) t.is(gunzipSync(copy.body).toString(), page.body.toString());
  }
  await writing;
});
