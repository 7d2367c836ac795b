import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { StaticUrlError } from '../../src/core/errors.ts';
import type { AssetCollection } from '../../src/assets/assets.ts';
import type { AssetsOptions } from '../../src/assets/options.ts';
import { openCollection } from '../helpers/open-collection.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';

const FILES: Files = {
  'css/app.css': '@font-face{src:url(../fonts/a.woff2?v=2#x)} @import "theme/dark.css";',
  'css/theme/dark.css': 'a{b:url("../../img/b c.png")}',
  'fonts/a.woff2': 'font',
  'img/b c.png': 'image',
  'js/main.js':
    "import './lib/b.js'; import 'bare'; new Worker(new URL('./worker.js', import.meta.url)); import(`./locale/${x}.js`)",
  'js/lib/b.js': "export const icon = new URL('../../img/b%20c.png', import.meta.url);",
  'js/worker.js': "import './lib/b.js';",
  'js/locale/de.js': 'export {};',
  'js/bare.js': 'export {};',
  'index.html': '<a href="about.html">x</a>',
  'about.html': '<img src="img/b%20c.png">',
};

type Options = Partial<Omit<AssetsOptions, 'roots' | 'manifest'>>;

async function openFiles(
  t: ExecutionContext,
  files: Files = FILES,
  options: Options = {},
): Promise<AssetCollection> {
  const roots = await temporaryFolder(t, files);
  return openCollection({
    prefix: '/static/',
    strict: true,
    imports: { bare: 'js/bare.js' },
    ...options,
    roots,
  });
}

test('url() puts the fingerprint of the asset behind the prefix, whatever kind of prefix', async (t) => {
  for (const prefix of ['/static/', '/s/t', 'https://cdn.example.com/', '//cdn.example.com/static/']) {
    const assets = await openFiles(t, FILES, { prefix });
    const start = prefix.endsWith('/') ? prefix : `${prefix}/`;
    t.is(assets.url('img/b c.png'), `${start}${assets.asset('img/b c.png').fingerprint}/img/b%20c.png`);
    t.is(
      assets.url('fonts/a.woff2', { from: 'css/app.css' }),
      `${start}${assets.asset('css/app.css').fingerprint}/fonts/a.woff2?v=2`,
    );
  }
});

test('url() throws for a name that is not known, with the nearest', async (t) => {
  const assets = await openFiles(t);
  const error = t.throws(() => assets.url('css/ap.css'), { instanceOf: StaticUrlError });
  t.is(error.code, 'ASSET_NOT_FOUND');
  t.regex(
    error.message,
    /^Cannot find the asset "css\/ap\.css" under "\/.*"\. Did you mean "css\/app\.css"\?$/,
  );
  for (const name of ['/css/app.css', 'css', '', '__proto__', 'CSS/app.css', 'css/../css/app.css'])
    t.throws(() => assets.url(name), { code: 'ASSET_NOT_FOUND' }, name);
  t.throws(() => assets.url('css/app.css', { from: 'none.css' }), { code: 'ASSET_NOT_FOUND' });
});

test('url() tells the name in what is written as a URL', async (t) => {
  const files: Files = { ...FILES, 'xcss/app.css': '', 'c/ab.js': '' };
  for (const prefix of ['/static/', 'https://cdn.example.com/my/static/', '/']) {
    const assets = await openFiles(t, files, { prefix });
    const path = new URL(prefix, 'http://localhost').pathname;
    for (const name of ['css/app.css', 'c/ab.js', 'img/b c.png']) {
      const written = [
        assets.url(name),
        `${path}${name}`,
        `${path.slice(1)}${name}`,
        `${path}0123456789abcdef/${name}`,
        `${prefix}${name}`,
        `/${name}`,
        `//${name}`,
        `./${name}`,
      ].filter((each) => each !== name);
      for (const each of written)
        t.throws(
          () => assets.url(each),
          {
            code: 'ASSET_NOT_FOUND',
            message: new RegExp(` Did you mean ${JSON.stringify(name)}\\?$`),
          },
          each,
        );
    }
    t.throws(() => assets.url(`${prefix}css/ap.css`), { message: / Did you mean "css\/app\.css"\?$/ });
  }
});

test('url() and its like refuse a name that is not a string', async (t) => {
  const assets = await openFiles(t);
  for (const name of [undefined, null, 1, {}]) {
    t.throws(() => assets.url(name as never), {
      instanceOf: TypeError,
      message: /^An asset is named by a string/,
    });
    t.throws(() => assets.integrity(name as never), { instanceOf: TypeError });
  }
  t.throws(() => assets.url('about.html', { from: null as never }), { instanceOf: TypeError });
});

test('url() with from gives what a browser asks for that follows references, however many', async (t) => {
  for (const modules of ['group', 'importmap'] as const) {
    const assets = await openFiles(t, FILES, { modules });
    const fingerprint = (name: string): string => assets.asset(name).fingerprint;
    t.is(
      assets.url('img/b c.png', { from: 'css/app.css' }),
      `/static/${fingerprint('css/app.css')}/img/b%20c.png`,
    );
    t.is(
      assets.url('js/worker.js', { from: 'js/main.js' }),
      `/static/${fingerprint('js/main.js')}/js/worker.js`,
    );
    t.is(assets.url('js/bare.js', { from: 'js/main.js' }), assets.url('js/bare.js'));
    t.is(assets.url('js/locale/de.js', { from: 'js/main.js' }), assets.url('js/locale/de.js'));
    t.is(
      assets.url('img/b c.png', { from: 'js/main.js' }),
      `/static/${fingerprint('js/lib/b.js')}/img/b%20c.png`,
    );
  }
});

test("url() as 'worker' covers what a module imports, as in a group, and is the plain URL where nothing else counts", async (t) => {
  const grouped = await openFiles(t);
  const mapped = await openFiles(t, FILES, { modules: 'importmap' });
  for (const name of Object.keys(FILES)) t.is(grouped.url(name, { as: 'worker' }), grouped.url(name));
  for (const name of ['js/main.js', 'js/worker.js']) {
    t.is(mapped.url(name, { as: 'worker' }), grouped.url(name));
    t.not(mapped.url(name, { as: 'worker' }), mapped.url(name));
  }
  for (const name of ['js/lib/b.js', 'js/bare.js', 'css/app.css'])
    t.is(mapped.url(name, { as: 'worker' }), mapped.url(name));
  t.throws(() => mapped.url('js/work.js', { as: 'worker' }), { code: 'ASSET_NOT_FOUND' });
  t.throws(() => mapped.url('js/worker.js', { as: 'script' as never }), { instanceOf: TypeError });
  t.throws(() => mapped.url('js/worker.js', { as: 'worker', from: 'js/main.js' }), {
    instanceOf: TypeError,
    message: /^A URL takes either "from" or "as"\./,
  });
});

test('url() with from throws when nothing leads there, and follows no links', async (t) => {
  const assets = await openFiles(t);
  for (const [name, from] of [
    ['css/app.css', 'img/b c.png'],
    ['about.html', 'index.html'],
    ['img/b c.png', 'index.html'],
  ] as const) {
    const error = t.throws(() => assets.url(name, { from }), { instanceOf: StaticUrlError });
    t.regex(error.message, /^Nothing leads from the asset /);
  }
});

test('integrity() is the SHA-384 of the bytes, as Subresource Integrity writes it', async (t) => {
  const assets = await openFiles(t);
  const digest = createHash('sha384').update(Buffer.from('font')).digest('base64');
  t.is(assets.integrity('fonts/a.woff2'), `sha384-${digest}`);
  t.is(assets.integrity('fonts/a.woff2'), `sha384-${digest}`);
  t.throws(() => assets.integrity('none'), { code: 'ASSET_NOT_FOUND' });
});

test('integrity() is of the bytes that the URL was made of, or throws', async (t) => {
  const content = Buffer.alloc(1_000_000, 'content');
  const changes: Readonly<Record<string, (file: string) => Promise<void>>> = {
    rewritten: (file) => writeFile(file, Buffer.alloc(content.length, 'CONTENT')),
    truncated: (file) => truncate(file, 10),
    removed: (file) => rm(file),
    'replaced by a folder': async (file) => {
      await rm(file);
      await mkdir(file);
    },
  };
  const digest = `sha384-${createHash('sha384').update(content).digest('base64')}`;
  for (const [how, change] of Object.entries(changes)) {
    const assets = await openFiles(t, { 'read.js': content, 'unread.js': content }, { imports: {} });
    const [read, unread] = [assets.asset('read.js').file, assets.asset('unread.js').file];
    await utimes(read, 0, 0);
    t.is(assets.integrity('read.js'), digest, 'a time is no change');
    await change(read);
    await change(unread);
    t.is(assets.integrity('read.js'), digest, 'the URL is the same');
    const error = t.throws(() => assets.integrity('unread.js'), { instanceOf: StaticUrlError }, how);
    t.is(error.code, 'FILE_CHANGED', how);
    t.true(error.message.startsWith(`The file "${unread}" is not what it was when its URL was made. `), how);
  }
});

test('has() and paths() know the names of all assets, sorted, dotfiles by option', async (t) => {
  const files = { ...FILES, '.env': 'SECRET=1', '.well-known/security.txt': 'x', 'a/.git/HEAD': 'x' };
  const assets = await openFiles(t, files);
  t.deepEqual(assets.paths(), Object.keys(FILES).toSorted());
  t.true(assets.has('css/app.css'));
  for (const name of ['css', 'constructor', '.env', '']) t.false(assets.has(name), name);
  t.true((await openFiles(t, files, { dotfiles: true })).has('a/.git/HEAD'));
  t.deepEqual(
    (await openFiles(t, files, { wellKnown: true })).paths().filter((name) => name.startsWith('.')),
    ['.well-known/security.txt'],
  );
});

test('of several roots the first wins, and references lead from one to another', async (t) => {
  const folder = await temporaryFolder(t, {
    'theme/img/logo.png': 'theme',
    'theme/css/theme.css': 'a{b:url(../img/icon.png)}',
    'app/img/logo.png': 'app',
    'app/img/icon.png': 'icon',
  });
  const open = (...roots: string[]): Promise<AssetCollection> =>
    openCollection({ prefix: '/static/', roots: roots.map((root) => join(folder, root)), strict: true });
  const assets = await open('theme', 'app');
  t.deepEqual(assets.paths(), ['css/theme.css', 'img/icon.png', 'img/logo.png']);
  t.is(await readFile(assets.asset('img/logo.png').file, 'utf8'), 'theme');
  t.not((await open('app', 'theme')).url('img/logo.png'), assets.url('img/logo.png'));
});

test('version is one over all: equal for equal files, another when any file or name is', async (t) => {
  const { version } = await openFiles(t);
  t.regex(version, /^[0-9a-f]{16}$/);
  t.is((await openFiles(t)).version, version);
  const { 'js/bare.js': bare, ...rest } = FILES;
  const others = [
    { ...FILES, 'new.txt': '' },
    { ...FILES, 'fonts/a.woff2': 'FONT' },
    { ...rest, 'js/bar.js': bare as string },
  ];
  for (const files of others) t.not((await openFiles(t, files, { imports: {} })).version, version);
});

test('openCollection() opens a manifest without the sources, and gives the same URLs', async (t) => {
  for (const modules of ['group', 'importmap'] as const) {
    const roots = await temporaryFolder(t, FILES);
    const imports = { bare: 'js/bare.js' };
    const sources = await openCollection({ prefix: '/static/', roots, modules, imports, strict: true });
    const releases = await temporaryFolder(t);
    const manifest = join(releases, 'manifest.json');
    await writeFile(manifest, JSON.stringify(sources.manifest()));
    await rm(roots, { recursive: true });
    const opened = await openCollection({ prefix: '/static/', manifest, releases, imports });
    t.deepEqual(opened.paths(), sources.paths());
    for (const name of sources.paths()) t.is(opened.url(name), sources.url(name));
    t.is(
      opened.url('img/b c.png', { from: 'js/main.js' }),
      sources.url('img/b c.png', { from: 'js/main.js' }),
    );
    t.is(opened.version, sources.version);
    t.deepEqual(opened.manifest(), sources.manifest());
  }
});

test('openCollection() opens a manifest with the module names of its release, unless given others', async (t) => {
  const roots = await temporaryFolder(t, FILES);
  const imports = { bare: 'js/bare.js', 'lib/': 'js/lib/' };
  const sources = await openCollection({ prefix: '/static/', roots, imports });
  const releases = await temporaryFolder(t);
  const manifest = join(releases, 'manifest.json');
  const { imports: written, ...older } = sources.manifest();
  t.deepEqual(written, imports);
  await writeFile(manifest, JSON.stringify(sources.manifest()));
  const release = { prefix: '/static/', manifest, releases };
  const opened = await openCollection(release);
  t.deepEqual([...opened.imports], Object.entries(imports));
  t.is(opened.version, sources.version);
  const others = await openCollection({ ...release, imports: { bare: 'js/main.js' } });
  t.deepEqual([...others.imports], [['bare', 'js/main.js']]);
  t.not(others.version, sources.version, 'pages differ');
  await t.throwsAsync(openCollection({ ...release, imports: { bare: 'no.js' } }), {
    code: 'ASSET_NOT_FOUND',
  });
  await writeFile(manifest, JSON.stringify(older));
  t.is((await openCollection(release)).imports.size, 0);
  t.deepEqual([...(await openCollection({ ...release, imports })).imports], Object.entries(imports));
  await writeFile(manifest, JSON.stringify({ ...older, imports: { bare: 1 } }));
  await t.throwsAsync(openCollection(release), { code: 'MANIFEST_INVALID' });
});

test('an asset keeps its URL when files change that it does not reach', async (t) => {
  const roots = await temporaryFolder(t, FILES);
  const open = (): Promise<AssetCollection> =>
    openCollection({ prefix: '/static/', roots, strict: true, imports: { bare: 'js/bare.js' } });
  const before = await open();
  await writeFiles(roots, { 'img/b c.png': 'another image' });
  const after = await open();
  const renewed = before.paths().filter((name) => before.url(name) !== after.url(name));
  t.deepEqual(renewed, [
    'about.html',
    'css/app.css',
    'css/theme/dark.css',
    'img/b c.png',
    'index.html',
    'js/lib/b.js',
    'js/locale/de.js',
    'js/main.js',
    'js/worker.js',
  ]);
});

test('with an import map a changed module renews itself and what does not get the map', async (t) => {
  const roots = await temporaryFolder(t, FILES);
  const open = (): Promise<AssetCollection> =>
    openCollection({ prefix: '/static/', roots, modules: 'importmap', imports: { bare: 'js/bare.js' } });
  const before = await open();
  await writeFiles(roots, { 'js/lib/b.js': 'export const other = 1;' });
  const after = await open();
  const renewed = before.paths().filter((name) => before.url(name) !== after.url(name));
  // The worker alone is loaded by whoever starts it; under its own URL nobody's import map sends its import elsewhere.
  t.deepEqual(renewed, ['js/lib/b.js', 'js/main.js']);
});
