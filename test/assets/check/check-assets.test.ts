import test, { type ExecutionContext } from 'ava';
import { checkAssets } from '../../../src/assets/check/check-assets.ts';
import type { CheckOptions } from '../../../src/assets/options.ts';
import { temporaryFolder, type Files } from '../../helpers/folder.ts';
import { openCollection } from '../../helpers/open-collection.ts';

async function check(
  t: ExecutionContext,
  files: Files,
  { prefix = '/static/', ...options }: Partial<CheckOptions> = {},
): Promise<string[]> {
  const roots = await temporaryFolder(t, files);
  const { findings } = await checkAssets({ prefix, ...options, roots });
  return findings.map(({ severity, kind, asset, line, column, reference, message }) => {
    t.true(message.startsWith(`${roots}/${asset}:`), message);
    const place = line === undefined ? '' : `:${line}:${column}`;
    return `${severity} ${kind} ${asset}${place}${reference === undefined ? '' : ` ${reference}`}`;
  });
}

test('checkAssets() finds nothing wrong with a site as it should be', async (t) => {
  const files: Files = {
    'app.css': '@import "css/base.css"; a{b:url(img/a.png)}',
    'css/base.css': 'a{b:url(../img/a.png)}',
    'img/a.png': '',
    'app.js': "import './b.js'; import 'three'; import(`./locale/${x}.js`)\n//# sourceMappingURL=app.js.map",
    'app.js.map': '{}',
    'b.js': '',
    'locale/de.js': '',
    'index.html': '<a href="/login">x</a><a href="about">y</a><script src="app.js"></script>',
  };
  const imports = { three: 'b.js' };
  t.deepEqual(await check(t, files, { imports }), []);
  const roots = await temporaryFolder(t, files);
  const { files: count } = await checkAssets({ prefix: '/static/', roots, imports });
  t.is(count, 8);
});

test('checkAssets() finds every reference that leads nowhere, and warns of every script that does not parse', async (t) => {
  const findings = await check(t, {
    'a.css': 'a{b:url(no.png)}\nc{d:url(no.png);e:url(../up.png);f:url(img/)}',
    'b.js': "import './no.js';\nimport('../up.js')",
    'c.js': 'import "./b.js";\n`${',
    'd.svg': '<svg>\n<use href="no.svg#a"/></svg>',
    'img/a.png': '',
  });
  t.deepEqual(findings, [
    'error missing a.css:1:5 no.png',
    'error missing a.css:2:5 no.png',
    'error above-root a.css:2:19 ../up.png',
    'error unservable a.css:2:36 img/',
    'error missing b.js:1:9 ./no.js',
    'error above-root b.js:2:8 ../up.js',
    'warning syntax c.js:2:4',
    'error missing d.svg:2:1 no.svg#a',
  ]);
});

test('checkAssets() warns of missing source maps, folders, templates that match nothing, and custom properties', async (t) => {
  const findings = await check(t, {
    'a.css': 'a{}/*# sourceMappingURL=a.css.map */',
    'a.vars.css': 'a{--b:url(c.png)}',
    'a.js': "new URL('./models/', import.meta.url);\nimport(`./locale/${x}.js`)",
  });
  t.deepEqual(findings, [
    'warning missing a.css:1:4 a.css.map',
    'warning folder a.js:1:1 ./models/',
    'warning no-match a.js:2:8 ./locale/*.js',
    'warning missing a.vars.css:1:7 c.png',
  ]);
});

test('checkAssets() warns of imports that cannot be followed, and of names that no import map has', async (t) => {
  const findings = await check(
    t,
    {
      'a.js': "import(\n  c ? './b.js' : `./${name}`);\nimport(name + '.js')",
      'b.js': "import 'lodash'; import 'three/x.js'; import('three/addons/x.js')",
      'c.js':
        'import(`./${x}.js?v=1#x`); import(`./b.js?v=${x}`); import(`./b.js#${x}`); new URL(`./b.js?${x}`, import.meta.url)',
      'index.html': "<script>import(name); import('lodash')</script>",
      'v/x.js': '',
    },
    { imports: { 'three/addons/': 'v/' } },
  );
  t.deepEqual(findings, [
    "warning unknown-import a.js:3:8 name + '.js'",
    'warning unmapped-name b.js:1:9 lodash',
    'warning unmapped-name b.js:1:26 three/x.js',
    'warning unknown-query c.js:1:35 ./b.js?v=*',
    'warning unknown-query c.js:1:60 ./b.js#*',
    'warning unknown-import index.html:1:16 name',
  ]);
});

test('checkAssets() warns of workers whose URL a browser resolves against the page, and names what covers their imports', async (t) => {
  const files: Files = {
    'a.js': [
      "new Worker('w.js', { type: 'module' });",
      'new /* here */ self.SharedWorker(`/static/w.js`)',
      "new Worker(new URL('./w.js', import.meta.url)); // new Worker('w.js')",
      "new Worker('/app/w.js'); new Worker('https://example.com/w.js'); new Worker('blob:x'); new Worker(url)",
      "new Workers('w.js'); my.Worker('w.js'); new my.Worker('w.js'); 'new Worker(\"w.js\")'; new (Worker)",
    ].join('\n'),
    'b.html':
      '<base href="/other/"><script>new Worker("../w.js")</script><script>new Worker("/w.js")</script>',
    'c.html': '<script type="module">new Worker("w.js")</script>',
    'w.js': '',
  };
  t.deepEqual(await check(t, files), [
    'warning worker-address a.js:1:12 w.js',
    'warning worker-address a.js:2:34 /static/w.js',
    'warning computed-url a.js:4:88 url',
    'warning worker-address c.html:1:34 w.js',
  ]);
  const roots = await temporaryFolder(t, files);
  const { findings } = await checkAssets({ roots });
  t.is(
    findings[0]?.message,
    `${roots}/a.js:1:12: The worker "w.js" is resolved against the page, so no version covers it and what it imports. Write new Worker(new URL("./w.js", import.meta.url)), or take the URL that the page is given by worker().`,
  );
});

test('checkAssets() warns of what a browser may never fetch, and a strict opening lets it pass', async (t) => {
  const files: Files = {
    'a.css': '// url(no.png)\na{behavior:url(pie.htc);b:url({{ x }}.png)}@import "late.css";',
    'index.html':
      '<img src="early.png"><base href="sub/"><noscript><img src="no.png"></noscript>\n' +
      '<style>a{b:url("{{ x }}")}</style><style type="text/tailwindcss">@import "tailwindcss";</style>\n' +
      '<template><img src="/static/no.png"><script>import "./{{ x }}.js"</script></template>\n' +
      '<script type="importmap">{{ map }}</script><script>import "./a.js"</script>',
    'sub/a.js': '',
  };
  t.deepEqual(await check(t, files), [
    'warning missing a.css:1:4 no.png',
    'warning missing a.css:2:12 pie.htc',
    'warning missing a.css:2:52 late.css',
    'warning missing index.html:1:1 early.png',
    'warning missing index.html:1:50 sub/no.png',
    'warning escapes-version index.html:3:11 /static/no.png',
    'warning syntax index.html:4:27',
  ]);
  await openCollection({ prefix: '/static/', roots: await temporaryFolder(t, files), strict: true });
});

test('checkAssets() reads web app manifests', async (t) => {
  t.deepEqual(
    await check(t, {
      'a.webmanifest': '{\n  "icons": [{ "src": "no.png" }, { "src": "img/a.png" }]\n}',
      'b.webmanifest': '{\n  "icons": [],\n}',
      'img/a.png': '',
    }),
    ['error missing a.webmanifest:2:22 no.png', 'error syntax b.webmanifest:3:1'],
  );
});

test('checkAssets() reads a JSON file as a web app manifest where a document links to it as one', async (t) => {
  const manifest = '{\n"icons": [{"src": "no.png"}], "shortcuts": [{"icons": [{"src": "../img/no.png"}]}]}';
  t.deepEqual(
    await check(t, {
      'app/manifest.json': manifest,
      'app/other.json': manifest,
      'index.html': '<link rel="Manifest" href="app/manifest.json?v=1"><link rel=manifest href=broken.json>',
      'broken.json': '{',
    }),
    [
      'error missing app/manifest.json:2:19 no.png',
      'error missing app/manifest.json:2:64 ../img/no.png',
      'error syntax broken.json:1:2',
    ],
  );
});

test('checkAssets() finds absolute references that escape the version, by any spelling of the prefix', async (t) => {
  const files: Files = {
    'a.css': [
      'a{b:url(/static/img/a.png)}',
      'a{b:url(/statics/a.png)}',
      'a{b:url(/login)}',
      'a{b:url(https://cdn.example.com/static/img/a.png)}',
      'a{b:url(//cdn.example.com/static/img/a.png)}',
      'a{b:url(https://www.example.com/static/img/a.png)}',
      'a{b:url(\\/static/../static/no.png)}',
    ].join('\n'),
    'b.js': "import '/static/c.js'",
    'c.js': '',
    'index.html': '<a href="/static/img/a.png">x</a>',
    'img/a.png': '',
  };
  const lines = async (prefix: string): Promise<string[]> =>
    (await check(t, files, { prefix })).map((each) => each.split(' ')[2] ?? '');
  t.deepEqual(await lines('/static/'), ['a.css:1:5', 'a.css:7:5', 'b.js:1:9']);
  t.deepEqual(await lines('https://cdn.example.com/static/'), [
    'a.css:1:5',
    'a.css:4:5',
    'a.css:5:5',
    'a.css:7:5',
    'b.js:1:9',
  ]);
  t.deepEqual(await lines('/other/'), []);
  t.deepEqual(
    await check(t, { 'a.css': 'a{b:url(/img/a.png);c:url(/login)}', 'img/a.png': '' }, { prefix: '/' }),
    ['error escapes-version a.css:1:5 /img/a.png'],
  );
});

test('checkAssets() finds folders that look like a version, where they shadow one', async (t) => {
  const findings = await check(t, {
    '0123456789abcdef/a.css': '',
    '0123456789abcdef/b.css': '',
    'css/0123456789abcdef/a.css': '',
    '0123456789ABCDEF/a.css': '',
    '0123456789abcde/a.css': '',
    fedcba9876543210: '',
  });
  t.deepEqual(findings.toSorted(), [
    'error same-but-case 0123456789abcdef',
    'error version-like 0123456789abcdef',
  ]);
});

test('checkAssets() finds names that differ only by case or by their Unicode form, of files and folders', async (t) => {
  const findings = await check(t, {
    'img/Logo.png': '',
    'img/logo.PNG': '',
    'Css/a.css': '',
    'css/a.css': '',
    'css/b.css': '',
    'gr\u00fcn.css': '',
    'gru\u0308n.css': '',
    'a/x.css': '',
    'b/X.css': '',
  });
  t.deepEqual(findings, [
    'error same-but-case css',
    'error same-but-case gr\u00fcn.css',
    'error same-but-case img/logo.PNG',
  ]);
});

test('checkAssets() finds names that no server accepts', async (t) => {
  t.deepEqual(await check(t, { 'a\\b.css': '' }), ['error unservable-name a\\b.css']);
});

test('checkAssets() notes what nothing refers to when asked', async (t) => {
  const files: Files = { 'app.css': 'a{b:url(a.png)}', 'a.png': '', 'b.png': '', 'c.js': "import './c.js'" };
  t.deepEqual(await check(t, files), []);
  t.deepEqual(await check(t, files, { unreferenced: true }), [
    'note unreferenced app.css',
    'note unreferenced b.png',
    'note unreferenced c.js',
  ]);
});

test('checkAssets() finds folders of "together" that have no files, and notes nothing of what is in the others', async (t) => {
  const files: Files = { 'app.js': '', 'vendor/a.js': '', 'vendor/skin/b.css': '' };
  const together = ['vendor/', 'vendo/', 'vendor/skins/'];
  t.deepEqual(await check(t, files, { together, unreferenced: true }), [
    'note unreferenced app.js',
    'error missing vendo/',
  ]);
});

test('checkAssets() checks bare names against the imports that it is given', async (t) => {
  const files: Files = { 'app.js': "import 'three'", 'three.js': '' };
  t.deepEqual(await check(t, files, { imports: { three: 'three.js' }, unreferenced: true }), [
    'note unreferenced app.js',
  ]);
  t.deepEqual(await check(t, files, { imports: { three: 'four.js', 'lib/': 'lib/' } }), [
    'error missing app.js:1:9 three',
    'error missing four.js three',
    'error missing lib/ lib/',
  ]);
});
