import { renameSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openAssets } from '../../src/assets.ts';
import { StaticUrlError, type StaticUrlErrorCode } from '../../src/core/errors.ts';
import type { AssetCollection } from '../../src/assets/assets.ts';
import type { AssetsOptions } from '../../src/assets/options.ts';
import { openCollection } from '../helpers/open-collection.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';

type Options = Partial<Omit<AssetsOptions, 'roots'>>;

function open(roots: string | readonly string[], options: Options = {}): Promise<AssetCollection> {
  return openCollection({ prefix: '/static/', strict: true, ...options, roots });
}

async function openFiles(t: ExecutionContext, files: Files, options?: Options): Promise<AssetCollection> {
  return open(await temporaryFolder(t, files), options);
}

async function refused(t: ExecutionContext, code: StaticUrlErrorCode, root: string): Promise<string> {
  const error = await t.throwsAsync(open(root), { instanceOf: StaticUrlError });
  t.is(error.code, code, error.message);
  return error.message.replaceAll(root, '<root>');
}

/** What is said of references, without the last line, which tells of the option "optional". */
async function messageOf(t: ExecutionContext, files: Files): Promise<string> {
  const message = await refused(t, 'REFERENCE_BROKEN', await temporaryFolder(t, files));
  return message.replace(/\nIf a file works without what it names, .*$/, '');
}

test('openCollection() refuses a root that is a file, or not there', async (t) => {
  const folder = await temporaryFolder(t, { 'app.css': '' });
  t.is(
    await refused(t, 'ROOT_NOT_A_FOLDER', join(folder, 'app.css')),
    'The root "<root>" is not a folder. Name the folder that holds the files.',
  );
  t.regex(await refused(t, 'ROOT_NOT_FOUND', join(folder, 'none')), /^Cannot find the root "<root>"/);
});

test('openCollection() refuses links that lead nowhere or in a cycle, and names them', async (t) => {
  const folder = await temporaryFolder(t, { 'a/app.css': '' });
  await symlink('gone.png', join(folder, 'broken.png'));
  t.regex(await refused(t, 'LINK_BROKEN', folder), /^The symbolic link "<root>\/broken\.png" leads nowhere/);
  const looping = await temporaryFolder(t, { 'a/app.css': '' });
  await symlink('..', join(looping, 'a/up'));
  t.regex(await refused(t, 'LINK_BROKEN', looping), /^The symbolic link "<root>\/a\/up" leads back into/);
  const self = await temporaryFolder(t);
  await symlink('self', join(self, 'self'));
  t.regex(await refused(t, 'LINK_BROKEN', self), /"<root>\/self" leads nowhere \(ELOOP\)/);
});

test('openCollection() refuses a name that is not valid UTF-8, and says so', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(
    Buffer.concat([Buffer.from(`${folder}/gr`), Buffer.from([0xfc]), Buffer.from('n.css')]),
    'a{}',
  );
  t.regex(
    await refused(t, 'FILE_CHANGED', folder),
    /"<root>\/gr\u{FFFD}n\.css".*probably not valid UTF-8; rename it\.$/u,
  );
});

test('openCollection() reads CSS that does not parse as browsers do', async (t) => {
  const broken = '}} a{b:url(img/a.png) ;;{ @media ( c{d:url("x\n} /* open ';
  const assets = await openFiles(t, { 'app.css': broken, 'img/a.png': 'a' });
  t.regex(assets.url('img/a.png', { from: 'app.css' }), /^\/static\/[0-9a-f]{16}\/img\/a\.png$/);
});

test('openCollection() refuses no script that does not parse, and covers what it refers to, strict or not', async (t) => {
  const script = "import './b.js';\n\nconst a = <p>it's</p>;\nimport('./c.js')";
  const files = { 'js/app.js': script, 'js/b.js': '', 'js/c.js': '' };
  for (const strict of [true, false]) {
    const assets = await openFiles(t, files, { strict });
    t.is(assets.url('js/c.js').split('/')[2], assets.url('js/app.js').split('/')[2]);
  }
});

test('openCollection() names file, line and column of a web app manifest that is not JSON, when strict', async (t) => {
  const files = { 'site.webmanifest': '{\n  "icons": []\n  "name": "x"\n}' };
  t.is(
    await messageOf(t, files),
    '<root>/site.webmanifest:3:3: This is not valid JSON, so its references from here on may be missed. Correct it, or move it out of the root.',
  );
  await t.notThrowsAsync(openFiles(t, files, { strict: false }));
});

test('openCollection() refuses names in "imports" that stand for nothing, strict or not, watching or not', async (t) => {
  const root = await temporaryFolder(t, { 'js/app.js': "import 'vue'", 'v/vue.mjs': '' });
  for (const options of [{}, { strict: false }, { strict: false, watch: true }]) {
    const error = await t.throwsAsync(open(root, { ...options, imports: { vue: 'v/vue.js' } }), {
      instanceOf: StaticUrlError,
    });
    t.is(error.code, 'ASSET_NOT_FOUND');
    t.is(
      error.message.replaceAll(root, '<root>'),
      'Cannot find the asset "v/vue.js" under "<root>", for which "imports" has the name "vue". Did you mean "v/vue.mjs"?',
    );
  }
  await t.throwsAsync(open(root, { imports: { 'vue/': 'vue/' } }), { code: 'ASSET_NOT_FOUND' });
  await t.throwsAsync(writeRelease({ roots: root, releases: `${root}-out`, imports: { vue: 'vue.js' } }), {
    code: 'ASSET_NOT_FOUND',
  });
});

test('openCollection() refuses names in "imports" that cannot stand for anything', async (t) => {
  const root = await temporaryFolder(t, { 'v/a.js': '' });
  for (const [imports, message] of [
    [{ 'a/': 'v/a.js' }, /"imports" gives "a\/" the value "v\/a\.js"\. End both with "\/"/],
    [{ a: 'v/' }, /"imports" gives "a" the value "v\/"\./],
    [{ '': 'v/a.js' }, /takes bare module names, not ""/],
    [{ './a': 'v/a.js' }, /takes bare module names, not "\.\/a"/],
    [{ a: 1 }, /"imports" gives "a" the value 1\. Give it a non-empty string/],
  ] as const)
    await t.throwsAsync(open(root, { imports: imports as never }), { instanceOf: TypeError, message });
});

test('openCollection() takes sources or a manifest, and says when it was given both', async (t) => {
  const root = await temporaryFolder(t);
  await t.throwsAsync(open(root, { manifest: 'assets.json', releases: 'releases' }), {
    instanceOf: TypeError,
    message:
      'openAssets() takes either "roots", to read the sources, or "manifest", to read a release, not both.',
  });
  await t.throwsAsync(openCollection({ prefix: '/static/' }), {
    instanceOf: TypeError,
    message: /, not neither\.$/,
  });
  await t.throwsAsync(openAssets(undefined as never), {
    instanceOf: TypeError,
    message: 'openAssets() needs the option "prefix".',
  });
});

test('openCollection() reads a script and a stylesheet of 20 MB each in one line', async (t) => {
  const script = 'a(/["\'`]/,`${b}`,"import(\'./no.js\')");'.repeat(600_000);
  const style = '.md\\:a{content:"url(no.png)";b:url(data:,x)}'.repeat(466_000);
  const assets = await openFiles(t, {
    'app.js': `${script}import("./b.js")`,
    'app.css': `${style}a{b:url(c.png)}`,
    'b.js': '',
    'c.png': '',
  });
  t.is(assets.asset('app.js').fingerprint, assets.asset('b.js').fingerprint);
  t.is(assets.url('c.png', { from: 'app.css' }), `/static/${assets.asset('app.css').fingerprint}/c.png`);
  t.true(assets.asset('app.js').size > 20_000_000);
});

test('openCollection() takes references out of the site for none', async (t) => {
  const css =
    'a{a:url(data:image/png;base64,AA==);b:url(#id);c:url(//host/a.png);d:url(https://host/a.png);e:url("")}';
  const assets = await openFiles(t, { 'app.css': `${css} /* url(no.png) */` });
  t.deepEqual(assets.asset('app.css').references, []);
});

test('openCollection() follows names with spaces, %, +, # and ?, and unicode in both normal forms', async (t) => {
  const names = [
    'a b.png',
    '100%.png',
    'a+b.png',
    'a#b.png',
    'a?b.png',
    'é.png',
    'e\u0301.png',
    "it's (1).png",
    '[x]{y}.png',
  ];
  const urls = names.map((name) =>
    encodeURIComponent(name).replaceAll("'", '%27').replaceAll('(', '%28').replaceAll(')', '%29'),
  );
  const css = urls.map((url) => `a{b:url(${url}?v=1#x)}`).join('\n');
  const assets = await openFiles(t, {
    'app.css': css,
    ...Object.fromEntries(names.map((name) => [name, name])),
  });
  t.deepEqual(
    assets.asset('app.css').references.map(({ target }) => target),
    names,
  );
  const { fingerprint } = assets.asset('app.css');
  for (const [index, name] of names.entries()) {
    t.is(assets.url(name, { from: 'app.css' }), `/static/${fingerprint}/${urls[index]}?v=1`);
    t.is(decodeURIComponent(assets.url(name)), `/static/${assets.asset(name).fingerprint}/${name}`);
  }
  t.not(assets.url('é.png'), assets.url('e\u0301.png'));
});

test('openCollection() reads stylesheets by their byte order mark', async (t) => {
  const css = '\u{FEFF}@import "grüße.css";';
  const utf16 = Buffer.from(css, 'utf16le');
  const assets = await openFiles(t, {
    'a.css': css,
    'b.css': utf16,
    'c.css': Buffer.from(utf16).swap16(),
    'grüße.css': '',
  });
  for (const name of ['a.css', 'b.css', 'c.css'])
    t.deepEqual(
      assets.asset(name).references.map(({ target }) => target),
      ['grüße.css'],
      name,
    );
});

const MESSAGES: readonly (readonly [string, Files, string])[] = [
  [
    'a missing target, with the nearest name',
    { 'css/app.css': 'a{}\n  b{c:url(../img/lgo.png?x#y)}', 'img/logo.png': '' },
    '<root>/css/app.css:2:7: The reference "../img/lgo.png?x#y" leads to "img/lgo.png", which is not there. Did you mean "img/logo.png"?',
  ],
  [
    'a target in another folder',
    { 'css/app.css': 'a{b:url(img/logo.png)}', 'images/logo.png': '' },
    '<root>/css/app.css:1:5: The reference "img/logo.png" leads to "css/img/logo.png", which is not there. Did you mean "images/logo.png"?',
  ],
  [
    'a name that differs by case',
    { 'app.css': 'a{b:url(Logo.PNG)}', 'logo.png': '' },
    '<root>/app.css:1:5: The reference "Logo.PNG" leads to "Logo.PNG", which is not there. There is "logo.png", which differs in upper and lower case.',
  ],
  [
    'a name in another normal form',
    { 'app.css': 'a{b:url(\u00e9.png)}', 'e\u0301.png': '' },
    '<root>/app.css:1:5: The reference "\u00e9.png" leads to "\u00e9.png", which is not there. There is "e\u0301.png", written with other Unicode code points for the same letters; rename it.',
  ],
  [
    'a reference above the root',
    { 'css/app.css': 'a{b:url(../../img/logo.png)}' },
    '<root>/css/app.css:1:5: The reference "../../img/logo.png" climbs above the root, where no static URL leads. Move the file below the root.',
  ],
  [
    'a wrong encoding',
    { 'app.css': 'a{b:url(100%.png)}', '100%.png': '' },
    '<root>/app.css:1:5: The reference "100%.png" names no file that a server would send. Correct it; "%" itself is written "%25".',
  ],
  [
    'an encoded slash',
    { 'app.css': 'a{b:url(img%2Flogo.png)}', 'img/logo.png': '' },
    '<root>/app.css:1:5: The reference "img%2Flogo.png" names no file that a server would send. Correct it; "%" itself is written "%25".',
  ],
  [
    'a module without its extension',
    { 'js/a.js': '\n\nexport * from "./b";', 'js/b.js': '' },
    '<root>/js/a.js:3:16: The reference "./b" leads to "js/b", which is not there. Did you mean "js/b.js"? Browsers add nothing to a name.',
  ],
  [
    'a reference of a document',
    { 'a.html': '\u{FEFF}<p>\r\n<img src="logo.png">' },
    '<root>/a.html:2:1: The reference "logo.png" leads to "logo.png", which is not there.',
  ],
];

for (const [what, files, message] of MESSAGES)
  test(`openCollection() names file, line and column of ${what}`, async (t) =>
    t.is(await messageOf(t, files), message));

test('openCollection() names the first ten references of many that lead nowhere, and counts the rest', async (t) => {
  const css = Array.from({ length: 5000 }, (_, number) => `a{b:url(${number}.png)}`).join('\n');
  const lines = (await messageOf(t, { 'app.css': css })).split('\n');
  t.is(lines.length, 11);
  t.is(lines.at(-1), '… and 4990 more; "static-url check" lists them all.');
});

test('openCollection() lets references that lead nowhere pass when not strict, but none above the root', async (t) => {
  const lenient = await openFiles(t, { 'app.css': 'a{b:url(no.png)}' }, { strict: false });
  t.true(lenient.has('app.css'));
  const above = openFiles(t, { 'app.css': 'a{b:url(../no.png)}' }, { strict: false });
  t.is((await t.throwsAsync(above, { instanceOf: StaticUrlError })).code, 'REFERENCE_BROKEN');
});

test('openCollection() lets pass what breaks no page: missing maps, links to pages, folders, absolute references', async (t) => {
  const assets = await openFiles(t, {
    'a.js':
      "new URL('./models/', import.meta.url); import(`./locale/${x}.js`); import(x); import 'y'\n//# sourceMappingURL=no.map",
    'a.css': 'a{b:url(/static/no.png)}/*# sourceMappingURL=../no.map */',
    'index.html':
      '<a href="about/us">x</a><a href="/">y</a><a href="../up">z</a><iframe src="embed"></iframe>',
  });
  t.deepEqual(assets.paths(), ['a.css', 'a.js', 'index.html']);
});

test('openCollection() gives empty files, and names that differ by case alone, fingerprints of their own', async (t) => {
  const assets = await openFiles(t, {
    'a.css': '',
    'A.css': '',
    'b.JS': '',
    'c.svg': '',
    'd.html': '',
    e: '',
  });
  t.is(new Set(assets.paths().map((name) => assets.asset(name).fingerprint)).size, 6);
});

test('openCollection() does not care about the order and the times of files', async (t) => {
  const files = { 'b/x.css': '@import "../a.css";', 'a.css': 'a{}', 'c.js': 'c' };
  const one = await temporaryFolder(t, files);
  const other = await temporaryFolder(t, Object.fromEntries(Object.entries(files).toReversed()));
  renameSync(join(other, 'a.css'), join(other, 'z'));
  await mkdir(join(other, 'empty'));
  renameSync(join(other, 'z'), join(other, 'a.css'));
  t.deepEqual((await open(one)).manifest(), (await open(other)).manifest());
});

test('openCollection() refuses a reference by an entity of an SVG, and says to write it out', async (t) => {
  const svg = '<!DOCTYPE svg [<!ENTITY paint "url(a.svg#b)">]><svg>\n<rect fill="&paint;"/></svg>';
  t.is(
    await messageOf(t, { 'icon.svg': svg }),
    '<root>/icon.svg:2:1: The reference "&paint;" leads to "&paint;", which is not there. Entities of a document are not expanded; write it out.',
  );
});
