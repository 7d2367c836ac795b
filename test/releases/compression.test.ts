import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { checkAssets } from '../../src/assets/check/check-assets.ts';
import { isCompressible } from '../../src/compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../../src/compression/content-encodings.ts';
import type { ReleaseFolder } from '../../src/releases/release-report.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { SITE, treeOf } from './tree.ts';

const SUFFIX = /\.(?:br|gz|zst)$/;
const LONG = 'a { color: red }\n'.repeat(50);

async function releaseOf(
  t: ExecutionContext,
  files: Files,
): Promise<{ root: string; releases: string; run: () => ReturnType<typeof writeRelease> }> {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await writeFiles(root, files);
  return { root, releases, run: () => writeRelease({ roots: root, releases, compress: true }) };
}

test('ENCODED_FORMS are br and gzip, and zstd where this Node has it', (t) => {
  t.deepEqual(
    ENCODED_FORMS.map(({ suffix }) => suffix),
    ['.br', ...('zstdCompress' in zlib ? (['.zst'] as const) : []), '.gz'],
  );
});

async function decompress({ createDecoder }: EncodedForm, bytes: Uint8Array): Promise<Buffer> {
  return buffer(Readable.from([bytes]).pipe(createDecoder()));
}

for (const form of ENCODED_FORMS) {
  const { suffix, compress } = form;
  test(`the encoder of ${suffix} loses nothing and gives the same bytes each time`, async (t) => {
    for (const text of ['', 'a', LONG, 'ü'.repeat(70_000)]) {
      const compressed = await compress(Buffer.from(text));
      t.is((await decompress(form, compressed)).toString(), text);
      t.deepEqual(await compress(Buffer.from(text)), compressed);
    }
  });
}

test('the encoder of .gz names neither time nor system', async (t) => {
  const gzip = await ENCODED_FORMS.find(({ suffix }) => suffix === '.gz')?.compress(Buffer.from(LONG));
  t.is(gzip?.subarray(0, 10).toString('hex'), '1f8b08000000000002ff');
});

test('isCompressible() goes by the extension', (t) => {
  for (const name of ['a.css', 'b/a.MJS', 'a.svg', 'a.wasm', 'a.js.map', 'a.ttf', 'a.html'])
    t.true(isCompressible(name), name);
  for (const name of ['a.png', 'a.woff2', 'a.mp4', 'a.gz', 'a.br', 'LICENSE', 'a.unknown', '.css'])
    t.false(isCompressible(name), name);
});

test('writeRelease() lays compressed copies beside what shrinks, with the same mode and time', async (t) => {
  const { releases, run } = await releaseOf(t, { ...SITE, LICENSE: LONG, 'b.svg': SITE['img/a.svg'] ?? '' });
  const report = await run();
  const tree = await treeOf(releases);
  const copies = new Set<bigint>();
  const images = new Set<bigint>();
  for (const [name, { bytes, mode, changed, inode }] of tree) {
    if (bytes === undefined || name.startsWith('.static-url/')) continue;
    if (name.endsWith('.svg')) images.add(inode);
    if (SUFFIX.test(name)) {
      const form = ENCODED_FORMS.find(({ suffix }) => name.endsWith(suffix));
      const original = name.replace(SUFFIX, '');
      const compressed = await readFile(join(releases, name));
      const decompressed = form && (await decompress(form, compressed));
      t.deepEqual(decompressed, await readFile(join(releases, original)), name);
      t.is(mode, '644');
      t.is(tree.get(original)?.changed, changed);
      copies.add(inode);
    } else {
      const original = await readFile(join(releases, name));
      for (const { suffix, compress } of ENCODED_FORMS) {
        const shrinks = isCompressible(name) && (await compress(original)).length < original.length;
        t.is(tree.has(name + suffix), shrinks, name + suffix);
      }
    }
  }
  // One content under several names is compressed once.
  t.is(images.size, 1);
  t.is(report.compressed.count, copies.size);
  t.true(report.compressed.bytes * 2 < report.compressed.originalBytes);
  const names = [...tree.keys()].map((name) => name.slice(17));
  for (const name of ['css/app.css.br', 'css/app.css.gz', 'img/a.svg.br', 'b.svg.gz', 'js/a.js.map.gz'])
    t.true(names.includes(name), name);
  for (const name of ['tiny.txt', 'LICENSE', 'img/grüße.png', 'fonts/a.woff2'])
    for (const { suffix } of ENCODED_FORMS) t.false(names.includes(name + suffix), name + suffix);
});

test('writeRelease() leaves an asset alone that is a compressed copy already', async (t) => {
  const css = `${LONG}a { background: url(a.css.gz); mask: url(a.css.br/b.png) }`;
  const own = zlib.gzipSync(css, { level: 1 });
  const { releases, run } = await releaseOf(t, {
    'a.css': css,
    'a.css.gz': own,
    'a.css.br/b.png': 'a folder of its own',
  });
  const { added } = await run();
  const folder = join(releases, added.find(({ assets }) => assets[0] === 'a.css')?.fingerprint ?? '');
  t.deepEqual(await readFile(join(folder, 'a.css.gz')), own);
  t.is(await readFile(join(folder, 'a.css.br/b.png'), 'utf8'), 'a folder of its own');
});

test('writeRelease() takes compressed copies over from the release before, unless they are wrong', async (t) => {
  const { root, releases, run } = await releaseOf(t, {
    'a.css': `${LONG}a { background: url(b.svg); mask: url(c.svg) }`,
    'b.svg': `<svg>${'<path/>'.repeat(50)}</svg>`,
    'c.svg': `<svg>${'<line/>'.repeat(50)}</svg>`,
  });
  const first = await run();
  const before = await treeOf(releases);
  const folderOf = (name: string): string =>
    first.added.find(({ assets }) => assets.length === 1 && assets[0] === name)?.fingerprint ?? '';
  const wrong = join(releases, folderOf('c.svg'), 'c.svg.br');
  await rm(wrong);
  await writeFile(wrong, zlib.brotliCompressSync('<svg/>'));
  await writeFiles(root, { 'a.css': 'a { background: url(b.svg); mask: url(c.svg) }' });
  const second = await run();
  const after = await treeOf(releases);
  const fingerprint = second.added[0]?.fingerprint ?? '';
  t.is(after.get(`${fingerprint}/b.svg.br`)?.inode, before.get(`${folderOf('b.svg')}/b.svg.br`)?.inode);
  t.is(after.get(`${fingerprint}/c.svg.gz`)?.inode, before.get(`${folderOf('c.svg')}/c.svg.gz`)?.inode);
  const mended = await readFile(join(releases, fingerprint, 'c.svg.br'));
  t.deepEqual(zlib.brotliDecompressSync(mended), await readFile(join(root, 'c.svg')));
});

for (const { suffix, compress } of ENCODED_FORMS) {
  test(`writeRelease() refuses a file by the name of another's ${suffix} that holds other bytes`, async (t) => {
    const [data, copy] = ['{"a":1}', `data.json${suffix}`];
    const { root, releases, run } = await releaseOf(t, {
      'app.js': `fetch(new URL('./data.json', import.meta.url)); fetch(new URL('./${copy}', import.meta.url));`,
      'data.json': data,
    });
    for (const wrong of [
      'not compressed',
      '',
      await compress(Buffer.from('{"a":2}')),
      await compress(Buffer.from(LONG)),
    ]) {
      await writeFiles(root, { [copy]: wrong });
      await t.throwsAsync(run(), {
        code: 'COPY_WRONG',
        message: `The file "${root}/${copy}" holds other bytes than "${root}/data.json", whose compressed copy it is by its name: nginx would send them in its place. Rename one of them.`,
      });
      const { findings } = await checkAssets({ prefix: '/static/', roots: root });
      t.like(findings, [{ kind: 'wrong-copy', severity: 'error', asset: copy }]);
      t.is(findings.length, 1);
    }
    t.deepEqual(await treeOf(releases), new Map());
    await writeFiles(root, { [copy]: await compress(Buffer.from(data)) });
    t.deepEqual((await checkAssets({ prefix: '/static/', roots: root })).findings, []);
    await run();
  });
}

test('writeRelease() lets pass what no folder holds beside the file, of which checkAssets() warns', async (t) => {
  const { root, run } = await releaseOf(t, { 'backup.tar': 'today', 'backup.tar.gz': 'yesterday' });
  await run();
  const { findings } = await checkAssets({ prefix: '/static/', roots: root });
  t.is(findings.length, 1);
  t.like(findings[0], { kind: 'wrong-copy', severity: 'warning', asset: 'backup.tar.gz' });
  t.regex(
    findings[0]?.message ?? '',
    /backup\.tar\.gz: By its name it is the compressed copy of "backup\.tar"/,
  );
});

test('writeRelease() says which folders stay without compressed copies, since they were written without', async (t) => {
  const { root, releases, run } = await releaseOf(t, {
    'a.css': LONG,
    'b.svg': `<svg>${'<path/>'.repeat(50)}</svg>`,
    'tiny.css': 'a{}',
    'c.png': LONG,
  });
  const { added } = await writeRelease({ roots: root, releases });
  const without = added.filter(({ assets }) => /^(?:a\.css|b\.svg)$/.test(assets.join()));
  const expected = without.map(({ fingerprint }) => fingerprint);
  t.is(expected.length, 2);
  t.deepEqual((await writeRelease({ roots: root, releases })).uncompressed, []);
  const dry = await writeRelease({ roots: root, releases, compress: true, dryRun: true });
  t.deepEqual(dry.uncompressed, expected);
  t.deepEqual((await run()).uncompressed, expected);
  await writeFiles(root, { 'a.css': `${LONG}b {}` });
  t.deepEqual((await run()).uncompressed, [expected.find((each) => each !== fingerprintOf(added, 'a.css'))]);
  t.deepEqual((await run()).uncompressed.length, 1);
});

function fingerprintOf(folders: readonly ReleaseFolder[], name: string): string | undefined {
  return folders.find(({ assets }) => assets[0] === name)?.fingerprint;
}

test('writeRelease() releases a file without compressed copies whose name leaves no room for theirs', async (t) => {
  const names = [3, 2].map((left) => `${'a'.repeat(255 - '.css'.length - left)}.css`);
  const { releases, run } = await releaseOf(
    t,
    Object.fromEntries(names.map((name) => [name, `${name} ${LONG}`])),
  );
  const { added } = await run();
  for (const [index, name] of names.entries()) {
    const { fingerprint = '' } = added.find(({ assets }) => assets.includes(name)) ?? {};
    const files = await readdir(join(releases, fingerprint));
    t.deepEqual([files.includes(name), files.includes(`${name}.gz`)], [true, index === 0]);
  }
  t.deepEqual((await run()).uncompressed, []);
});
