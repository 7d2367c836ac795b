import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openSiteFolder, type FileRecord, type PageRecord } from '../../../src/site/landing/index.ts';
import { readState, writeState } from '../../../src/site/landing/state-file.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runProgram, TYPESCRIPT } from '../../helpers/run-node.ts';
import { contentOf, createPlace, exportContent, stage } from './place.ts';

/** With all that a record can have. */
const PAGE: Required<Omit<FileRecord, 'redirect'>> & { readonly page: Required<PageRecord> } = {
  phase: 'page',
  digest: '0123456789abcdef',
  size: 3,
  mtimeMs: 1_764_000_000_000.123,
  source: '3 1764000000000 7',
  page: {
    url: 'https://example.com/a\n"ü"',
    route: '/:name',
    changeKey: 'k',
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: { 'x-robots-tag': 'noindex' },
    appRoute: '/:name',
    links: '[]',
    inSitemap: true,
    lastModified: 1,
  },
};

test('readState() gives what writeState() was given', async (t) => {
  const folder = await temporaryFolder(t);
  const { page: _, ...file } = PAGE;
  const files = new Map(Array.from({ length: 2000 }, (__, index) => [`ü/${index}`, index % 2 ? PAGE : file]));
  const path = join(folder, 'state');
  for (const settings of ['of\nall', undefined]) {
    await writeState(path, settings, files, files.size, join(folder, 'temporary'));
    t.deepEqual(await readState(path), { settings, files });
  }
  const redirect = { ...file, redirect: { to: 'https://example.com/', status: 301 } };
  await writeState(path, undefined, [['r', redirect]], 1, join(folder, 'temporary'));
  t.like((await readState(path))?.files.get('r'), { phase: 'page', redirect: redirect.redirect });
  t.is(await readState(join(folder, 'none')), undefined);
});

test('writeState() fails where there is room for a part alone, and leaves the file of before', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'state');
  await writeState(path, 'before', [], 0, join(folder, 'temporary'));
  const program = `
    const { writeState } = await import(${JSON.stringify(new URL('../../../src/site/landing/state-file.ts', import.meta.url).href)});
    const files = Array.from({ length: 100 }, (_, index) => [String(index), ${JSON.stringify(PAGE)}]);
    await writeState(${JSON.stringify(path)}, 'after', files, files.length, ${JSON.stringify(join(folder, 'temporary'))})
      .catch((error) => process.stdout.write(error.code));`;
  const node = [process.execPath, '--import', TYPESCRIPT, '--input-type=module', '--eval', program];
  // No file may be longer than 8 KiB.
  const { stdout, stderr } = await runProgram('bash', ['-c', 'ulimit -f 8 && exec "$@"', 'bash', ...node]);
  t.is(stdout, 'EFBIG', stderr);
  t.deepEqual(await readState(path), { settings: 'before', files: new Map() });
});

test('readState() keeps in memory once what pages have in common', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'state');
  await writeState(
    path,
    '',
    new Map([
      ['a', PAGE],
      ['b', PAGE],
    ]),
    2,
    join(folder, 'temporary'),
  );
  const state = await readState(path);
  t.is(state?.files.get('a')?.page?.headers, state?.files.get('b')?.page?.headers);
});

test('openSiteFolder() says what removing a damaged state means, and that is so', async (t) => {
  const place = await createPlace(t);
  const site = { 'index.html': 'home', 'about.html': 'about' };
  await exportContent(place, site);
  const state = join(place.projectFolder, '.site.static-url/state');
  const text = await readFile(state, 'utf8');
  for (const [damaged, words] of [
    ['', /is damaged\. Remove it/],
    ['garbage\n', /is of another version of static-url, or damaged/],
    [text.replace('"staticUrlSite":1', '"staticUrlSite":2'), /is of another version/],
    [text.slice(0, -1), /is damaged\./],
    [text.slice(0, text.indexOf('\n') + 1), /is damaged\./],
    [text.replace('"phase":"entry"', '"phase":"other"'), /is damaged in line 2\./],
    [text.replace('"size":4', '"size":"4"'), /is damaged in line 2\./],
  ] as const) {
    await writeFile(state, damaged);
    const error = await t.throwsAsync(openSiteFolder(place), { code: 'SITE_OUT_REFUSED' }, damaged);
    t.regex(error?.message ?? '', words);
    t.regex(
      error?.message ?? '',
      /all pages are rendered again then, and the files .* count as not the site's\.$/,
    );
  }
  t.deepEqual(await readdir(join(state, '../staging')), []);
  await rm(state);
  const folder = await openSiteFolder(place);
  t.is(folder.previous.size, 0);
  t.deepEqual(await folder.foreignFiles(), ['about.html', 'index.html']);
  await folder.close();
});

test('after a landing that broke off, what has landed is ours, and what has not is whose it was', async (t) => {
  const place = await createPlace(t);
  await exportContent(place, { 'assets/1': 'one', 'index.html': 'old' }, { settings: 'old' });
  const folder = await openSiteFolder(place);
  const plan = await stage(folder, { 'assets/2': 'two', 'late.html': 'late', 'index.html': 'new' });
  const late = plan.get('late.html');
  if (late?.staged === undefined) throw new Error('Nothing was staged.');
  plan.set('late.html', { ...late, staged: `${late.staged}-missing` });
  await t.throwsAsync(folder.land(plan, { settings: 'new' }), { code: 'FILE_UNWRITABLE' });
  await folder.close();
  await writeFile(join(place.out, 'late.html'), 'somebody else’s, in the meantime');

  for (const _ of ['once', 'and again']) {
    const next = await openSiteFolder(place);
    t.is(next.settings, undefined);
    t.deepEqual([...next.previous.keys()].toSorted(), ['assets/1', 'assets/2', 'index.html']);
    t.true([...next.previous.keys()].every((name) => next.isAsWritten(name)));
    t.deepEqual(await next.foreignFiles(), ['late.html']);
    await next.close();
  }
  await exportContent(place, { 'index.html': 'new' });
  t.deepEqual(await contentOf(place.out), {
    'index.html': 'new',
    'late.html': 'somebody else’s, in the meantime',
  });
});
