import { join } from 'node:path';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import test from 'ava';
import { WATCH_FILE_OPERATIONS } from '../../helpers/file-operations.ts';
import { DROP_PRIVILEGES } from '../../helpers/permissions.ts';
import { runForValue } from '../../helpers/run-node.ts';
import { html, keyOf, store, targetsIn, textOf } from '../stored-pages.ts';
import { openStore } from './opened-store.ts';

const STORE = new URL('../../../src/pages/file-store/index.ts', import.meta.url).href;
const STORED_PAGES = new URL('../stored-pages.ts', import.meta.url).href;

interface Failure {
  readonly operation: string;
  readonly landed: boolean;
  readonly warnings: readonly string[];
  readonly text: string;
}

test('a page does not land on a full disk, whichever operation meets it: the old page stays, and it is said once', async (t) => {
  const pages = await openStore(t);
  const failures = await runForValue<Failure[]>(`
    let left = Infinity;
    let failed = '';
    const before = (name) => {
      left -= 1;
      if (left !== 0) return;
      failed = name;
      left = Infinity;
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: name, path: '/some/file' });
    };
    const after = () => {};
    ${WATCH_FILE_OPERATIONS}
    const { fileStore } = await import(${JSON.stringify(STORE)});
    const { html, keyOf, store, textOf, SETTING } = await import(${JSON.stringify(STORED_PAGES)});
    const failures = [];
    for (let count = 1; ; count += 1) {
      const warnings = [];
      const pages = fileStore({ folder: ${JSON.stringify(pages.folder)} });
      await pages.open({ ...SETTING, onWarning: ({ code, message }) => warnings.push(code + ' ' + message) });
      await store(pages, '/a', html('old'.repeat(100), ['t', 'old']));
      failed = '';
      left = count;
      const landed = await store(pages, '/a', html('new'.repeat(100), ['t', 'new'])).catch(() => false);
      left = Infinity;
      if (failed === '') break;
      const text = await textOf(pages, '/a');
      failures.push({ operation: failed, landed, warnings, text });
      left = 1;
      await store(pages, '/b', html('b')).catch(() => {});
    }
    process.stdout.write(JSON.stringify(failures));
  `);
  t.true(failures.length >= 10, `${failures.length}`);
  for (const { operation, landed, warnings, text } of failures) {
    t.is(warnings.length, 1, `${operation}: ${warnings.join(' ')}`);
    t.is(
      warnings[0],
      'DISK_FULL Cannot write "/some/file" in the store of pages: no room is left (ENOSPC). Free some, or give the store less with "maxBytes".',
    );
    t.is(text, `<h1>${(landed ? 'new' : 'old').repeat(100)}</h1>\n`, operation);
  }
  t.is((await pages.invalidate(['new', 'old'])).length, 1);
  t.true(await store(pages, '/a', html('after')));
});

test('a store that cannot be written is read, and says once that it keeps nothing; removals reject', async (t) => {
  const pages = await openStore(t);
  await store(pages, '/a', html('a', ['t']));
  await chmod(join(pages.folder, '..'), 0o755);
  const found = await runForValue<Record<string, unknown>>(`
    const { fileStore } = await import(${JSON.stringify(STORE)});
    const { html, keyOf, store, textOf, SETTING } = await import(${JSON.stringify(STORED_PAGES)});
    ${DROP_PRIVILEGES}
    const warnings = [];
    const pages = fileStore({ folder: ${JSON.stringify(pages.folder)} });
    await pages.open({ ...SETTING, onWarning: ({ code, message }) => warnings.push(code + ' ' + message) });
    const codeOf = (promise) => promise.then(() => 'resolved', ({ code }) => code);
    const result = {
      text: await textOf(pages, '/a'),
      landed: [await codeOf(store(pages, '/b', html('b'))), await codeOf(store(pages, '/a', html('b')))],
      swept: await pages.sweep(() => 'keep', async () => true),
      codes: [
        await codeOf(pages.delete([keyOf('/a')])),
        await codeOf(pages.deleteBelow(keyOf('/'))),
        await codeOf(pages.invalidate(['none'])),
        await codeOf(pages.clear()),
        await codeOf(pages.saveCounts({})),
      ],
      warnings,
    };
    const none = fileStore({ folder: ${JSON.stringify(join(pages.folder, '../none'))} });
    await none.open({ ...SETTING, onWarning: ({ code }) => warnings.push(code) });
    result.none = [await textOf(none, '/a'), await codeOf(store(none, '/a', html('a'))), await codeOf(none.clear())];
    process.stdout.write(JSON.stringify(result));
  `);
  t.like(found, {
    text: '<h1>a</h1>\n',
    landed: ['FILE_UNWRITABLE', 'FILE_UNWRITABLE'],
    swept: false,
    codes: Array.from({ length: 5 }, () => 'FILE_UNWRITABLE'),
    none: [null, 'FILE_UNWRITABLE', 'FILE_UNWRITABLE'],
  });
  t.regex(
    JSON.stringify(found['warnings']),
    /^\["FILE_UNWRITABLE Cannot write \\".*\\" in the store of pages: EACCES\. Check the permissions of \\".*pages\\"\.","FILE_UNWRITABLE"\]$/,
  );
  t.deepEqual(await targetsIn(pages), ['/a']);
});

test('a page that cannot be read is told once, and is none', async (t) => {
  const warnings: string[] = [];
  const pages = await openStore(t, {}, { onWarning: ({ message }) => warnings.push(message) });
  const folder = join(pages.folder, 'current/pages/www.example.com');
  await store(pages, '/a', html('a'));
  await rm(join(folder, 'a@.html'));
  await mkdir(join(folder, 'a@.html'));
  t.is(await textOf(pages, '/a'), undefined);
  t.is(await textOf(pages, '/a'), undefined);
  t.is(warnings.length, 1);
  await t.throwsAsync(store(pages, '/a', html('again')), { code: 'FILE_UNWRITABLE' });
  await t.throwsAsync(pages.delete([keyOf('/a')]), { code: 'FILE_UNWRITABLE' });
  t.is((await readdir(folder)).length, 1);
});
