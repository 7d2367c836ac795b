import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { fileStore, type FileStore } from '../../../src/pages/file-store/index.ts';
import type { PendingPage } from '../../../src/pages/store.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { html, keyOf, SETTING, store, textOf } from '../stored-pages.ts';
import { startSteppingProcess, type SteppingProcess } from '../stopped-process.ts';

const PROGRAM = new URL('programs/stepping-process.ts', import.meta.url);

let other: SteppingProcess;
test.before(async () => void (other = await startSteppingProcess(PROGRAM)));
test.after.always(() => other.end());

async function openStore(t: ExecutionContext): Promise<FileStore> {
  const folder = join(await temporaryFolder(t), 'pages');
  const pages = fileStore({ folder, compress: ['gzip', 'br'] });
  await pages.open(SETTING);
  t.teardown(() => pages.close());
  await other.open(folder);
  return pages;
}

/** What a web server finds, copies and all; fails where a copy is of another age than the page. */
function servedText(t: ExecutionContext, { folder }: FileStore): string | undefined {
  const file = join(folder, 'current/pages/www.example.com/a/b@.html');
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  if (existsSync(`${file}.gz`)) t.is(gunzipSync(readFileSync(`${file}.gz`)).toString(), text);
  if (existsSync(`${file}.br`)) t.is(brotliDecompressSync(readFileSync(`${file}.br`)).toString(), text);
  return text;
}

const REMOVALS: Readonly<Record<string, (pages: FileStore) => Promise<unknown>>> = {
  delete: (pages) => pages.delete([keyOf('/a/b')]),
  deleteBelow: (pages) => pages.deleteBelow(keyOf('/a')),
  invalidate: (pages) => pages.invalidate(['other', 't']),
  clear: (pages) => pages.clear(),
};

/** Does a round for each operation before which the other process can be stopped, and at last one without a stop. */
async function atEachOperation(round: (operations: number) => Promise<boolean>): Promise<number> {
  let operations = 0;
  while (!(await round(operations))) operations += 1;
  return operations;
}

for (const [name, remove] of Object.entries(REMOVALS)) {
  test.serial(
    `a page whose writer was stopped at any operation does not land once ${name}() has resolved`,
    async (t) => {
      const pages = await openStore(t);
      const count = await atEachOperation(async (operations) => {
        const { isWhole } = await other.run('land', operations, `old${operations}`, async () => {
          await remove(pages);
          t.is(await textOf(pages, '/a/b'), undefined, `stopped before operation ${operations}`);
        });
        if (isWhole) return true;
        t.is(await textOf(pages, '/a/b'), undefined, `stopped before operation ${operations}`);
        t.is(servedText(t, pages), undefined);
        return false;
      });
      t.true(count > 30, `${count} operations`);
      t.true(await store(pages, '/a/b', html('after', ['t'])));
    },
  );

  test.serial(
    `a page that was begun before does not survive ${name}(), stopped at any operation meanwhile`,
    async (t) => {
      const pages = await openStore(t);
      const count = await atEachOperation(async (operations) => {
        await store(pages, '/a/b', html(`older${operations}`, ['t']));
        const pending = await pages.begin(keyOf('/a/b'), { fence: false });
        const { isWhole } = await other.run(name, operations, '', async () => {
          await pending?.land(html(`old${operations}`, ['t']));
        });
        t.is(await textOf(pages, '/a/b'), undefined, `stopped before operation ${operations}`);
        t.is(servedText(t, pages), undefined);
        await pending?.discard();
        return isWhole;
      });
      t.true(count > 10, `${count} operations`);
    },
  );
}

for (const [name, remove] of Object.entries(REMOVALS).slice(0, -1)) {
  test.serial(
    `${name}(), stopped at any operation, takes the generation that has taken the place of its own too`,
    async (t) => {
      const pages = await openStore(t);
      await atEachOperation(async (operations) => {
        const { isWhole } = await other.run(name, operations, '', async () => {
          await pages.clear();
          await store(pages, '/a/b', html('new', ['t']));
        });
        if (!isWhole) t.is(servedText(t, pages), undefined, `stopped before operation ${operations}`);
        await remove(pages);
        return isWhole;
      });
    },
  );
}

test.serial(
  'a web server finds no copy of another age than the page, whatever is stopped at any operation',
  async (t) => {
    const pages = await openStore(t);
    for (const name of ['land', ...Object.keys(REMOVALS)])
      await atEachOperation(async (operations) => {
        await store(pages, '/a/b', html(`first${operations}`.repeat(50), ['t']));
        const { isWhole } = await other.run(name, operations, 'second', async () => {
          const text = servedText(t, pages);
          t.is(await textOf(pages, '/a/b'), text);
          // What a process that is killed now leaves does not stay beside a newer page.
          await store(pages, '/a/b', html('third'.repeat(50), ['t']));
          servedText(t, pages);
        });
        servedText(t, pages);
        return isWhole;
      });
  },
);

const LANDINGS: Readonly<Record<string, boolean>> = {
  'with a fence': true,
  'without one': false,
};

for (const [title, fence] of Object.entries(LANDINGS)) {
  test.serial(
    `the page that was begun last ${title} stays when the writer of another was stopped at any operation`,
    async (t) => {
      const pages = await openStore(t);
      await atEachOperation(async (operations) => {
        const { isWhole } = await other.run('land', operations, `old${operations}`, async () => {
          const pending = await pages.begin(keyOf('/a/b'), { fence });
          t.true(await pending?.land(html(`new${operations}`.repeat(50), ['t'])));
          t.is(servedText(t, pages), `<h1>${`new${operations}`.repeat(50)}</h1>\n`);
        });
        if (isWhole) return true;
        t.is(servedText(t, pages), `<h1>${`new${operations}`.repeat(50)}</h1>\n`, `${operations}`);
        t.is(await textOf(pages, '/a/b'), `<h1>${`new${operations}`.repeat(50)}</h1>\n`);
        t.is((await pages.invalidate(['t'])).length, 1, `stopped before operation ${operations}`);
        return false;
      });
    },
  );
}

test.serial(
  'a page lands although folders are tidied away, or the store is cleared, before any of its operations',
  async (t) => {
    const pages = await openStore(t);
    for (const disturb of [
      () => pages.deleteBelow(keyOf('/a/c')),
      () => pages.invalidate(['another']),
      () => pages.deleteBelow(keyOf('/b')),
    ])
      await atEachOperation(async (operations) => {
        await pages.delete([keyOf('/a/b')]);
        await store(pages, '/a/c/d', html('c', ['another']));
        const { result, isWhole } = await other.run(
          'store',
          operations,
          'x',
          async () => void (await disturb()),
        );
        t.true(result, `stopped before operation ${operations}`);
        t.is(await textOf(pages, '/a/b'), `<h1>${'x'.repeat(50)}</h1>\n`);
        return isWhole;
      });
    await atEachOperation(async (operations) => {
      const { isWhole } = await other.run('store', operations, 'x', async () => void (await pages.clear()));
      t.true(await store(pages, '/a/b', html('y')), `stopped before operation ${operations}`);
      return isWhole;
    });
  },
);

test.serial(
  'invalidations of another tag, one after the other, do not keep a page from landing',
  async (t) => {
    const pages = await openStore(t);
    let pending: PendingPage | undefined;
    for (let round = 0; round < 20; round += 1) {
      pending = await pages.begin(keyOf(`/${round}`), { fence: false });
      const ended = new AbortController();
      const landing = pending?.land(html(`${round}`, ['mine'])).finally(() => ended.abort());
      while (!ended.signal.aborted) await pages.invalidate(['another']);
      const landed = await landing;
      t.true(landed, `round ${round}`);
    }
    t.is((await pages.invalidate(['mine'])).length, 20);
  },
);
