import test from 'ava';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { answered, assertImmutable, loadPage } from './asset-pages.ts';

const IMAGE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect id="r" width="9" height="9"/></svg>';

const STYLES: Files = {
  'css/app.css': `@charset "utf-8";
    @import "layered.css" layer(base) supports(display: grid) screen;
    @import url(escaped\\.css);
    @\\69mport 'keyword.css';
    @namespace svg "no-namespace.svg";
    /* .x { background: url(no-comment.svg) } */
    body { --picture: url(../img/custom.svg); content: "url(no-text.svg)" }
    #a { background: URL( "../img/a b+c%25.svg" ) }
    #b { background: u\\72l(../img/%67r\\fc n.svg?query#hash) }
    #c { background: image-set("../img/set.svg" 1x) }
    #d { background: -webkit-image-set(url(..\\\\img\\\\backslash.svg) 1x) }
    #e { background: url( ../img/./x/../dots.svg
      ) }
    #f { background: var(--picture) }
    #g { background: url(no space.svg); mask: url(../img/masks.svg#r) }
    #h { background: url(data:image/svg+xml,x), url(#id), url(../img/last.svg`,
  'css/layered.css': '#i { background: url(../img/layered.svg) }',
  'css/escaped.css': '#j { background: var(--picture), url(../img/from-import.svg) }',
  'css/keyword.css': Buffer.from(
    '\u{FEFF}#k { background: url("../img/u\u0308.svg"), url(../img/ü.svg) }',
    'utf16le',
  ),
  'img/a b+c%.svg': IMAGE,
  'img/grün.svg': IMAGE,
  'img/set.svg': IMAGE,
  'img/backslash.svg': IMAGE,
  'img/dots.svg': IMAGE,
  'img/custom.svg': IMAGE,
  'img/masks.svg': IMAGE,
  'img/last.svg': IMAGE,
  'img/layered.svg': IMAGE,
  'img/from-import.svg': IMAGE,
  'img/u\u0308.svg': IMAGE,
  'img/ü.svg': IMAGE,
};

test('a browser asks for just the files that stylesheets are found to refer to, all of them immutable', async (t) => {
  const roots = await temporaryFolder(t, STYLES);
  const browser = await openChromium(t);
  const loaded = await loadPage(t, browser, { roots, strict: true }, ({ stylesheet }) =>
    [stylesheet('css/app.css'), ...'abcdefghijk'.split('')]
      .map((id) => (id.length > 1 ? id : `<p id="${id}">x</p>`))
      .join(''),
  );
  await answered(loaded, Object.keys(STYLES));
  assertImmutable(t, loaded);
  // Some are asked for again, by the same URL: the stylesheet itself as the picture that url(#id) is.
  const asked = new Set(loaded.answers.map(({ asset }) => asset));
  t.deepEqual([...asked].toSorted(), Object.keys(STYLES).toSorted());
});

test('a browser resolves url() of a custom property against the stylesheet that uses it, so it may be answered for once only', async (t) => {
  const files: Files = {
    'theme/variables.css': ':root { --near: url(../img/both.svg); --far: url(far.svg) }',
    'img/both.svg': IMAGE,
    'css/app.css': '@import "../theme/variables.css"; body { background: var(--near), var(--far) }',
    'css/far.svg': IMAGE,
  };
  const roots = await temporaryFolder(t, files);
  const browser = await openChromium(t);
  const loaded = await loadPage(
    t,
    browser,
    { roots, strict: true },
    ({ stylesheet }) => `${stylesheet('css/app.css')}<p>x`,
  );
  await answered(loaded, Object.keys(files));
  const [far, others] = [true, false].map((isFar) =>
    loaded.answers.filter(({ asset }) => (asset === 'css/far.svg') === isFar),
  );
  assertImmutable(t, { ...loaded, answers: others ?? [] });
  // A browser that styles the page anew may ask again for what it may not keep.
  for (const { status, cacheControl } of far ?? []) t.deepEqual([status, cacheControl], [200, 'no-store']);
});

const SCRIPTS: Files = {
  'js/main.js': `
    import data from './data.json' with { type: 'json' };
    import sheet from './sheet.css' with { type: 'css' };
    import { shared } from './lib/shared.js';
    export * from "./lib/reexported.js";
    // import './no-comment.js';
    document.adoptedStyleSheets = [sheet];
    const language = 'de';
    const loaded = await Promise.all([
      import('./lib/d\\u0079namic.js'),
      import(\`./locale/\${language}.js\`),
      import(new URL('lib/by-address.js', import.meta.url)),
      import(import.meta.resolve('./lib/resolved.js')),
      fetch(new URL('./data.wasm?v=1', import.meta.url)).then((response) => response.text()),
      fetch(new URL(\`./flags/\${language}.svg\`, import.meta.url)).then((response) => response.text()),
    ]);
    const answer = (worker) => new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
    const workers = await Promise.all([
      answer(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })),
      answer(new Worker(new URL('./classic.js', import.meta.url))),
    ]);
    const { same } = await import('./lib/by-address.js');
    document.body.dataset.done = [data.name, loaded.length, ...workers, same === loaded[2].same, shared].join(' ');
  `,
  'js/data.json': '{ "name": "json" }',
  'js/sheet.css': 'body { background: url(../img/sheet.svg) }',
  'js/lib/shared.js': "import './deep.js'; export const shared = 'shared';",
  'js/lib/deep.js': '',
  'js/lib/reexported.js': 'export const reexported = 1;',
  'js/lib/dynamic.js': '',
  'js/lib/by-address.js': 'export const same = {};',
  'js/lib/resolved.js': '',
  'js/locale/de.js': "import '../lib/deep.js';",
  'js/locale/en.js': '',
  'js/flags/de.svg': IMAGE,
  'js/data.wasm': '\0asm',
  'js/worker.js': "import { shared } from './lib/shared.js'; postMessage('module ' + shared);",
  'js/classic.js': "importScripts('imported.js'); postMessage(name);",
  'js/imported.js': "self.name = 'classic';",
  'img/sheet.svg': IMAGE,
};

for (const modules of ['group', 'importmap'] as const)
  test(`a browser gets everything that scripts and their workers refer to, immutable (modules: '${modules}')`, async (t) => {
    const roots = await temporaryFolder(t, SCRIPTS);
    const browser = await openChromium(t);
    const loaded = await loadPage(
      t,
      browser,
      { roots, modules, strict: true },
      ({ moduleScript }) => `<body>${moduleScript('js/main.js')}`,
    );
    await loaded.page.locator('body[data-done]').waitFor({ state: 'attached' });
    t.is(await loaded.page.getAttribute('body', 'data-done'), 'json 6 module shared classic true shared');
    const expected = Object.keys(SCRIPTS).filter((name) => name !== 'js/locale/en.js');
    await answered(loaded, expected);
    // A worker has modules of its own, so what it shares with the page may have two URLs.
    assertImmutable(t, {
      ...loaded,
      answers: loaded.answers.filter(({ asset }) => !/lib\/(?:shared|deep)\.js$/.test(asset)),
    });
    for (const { path, cacheControl } of loaded.answers)
      t.is(cacheControl, 'public, max-age=31536000, immutable', path);
    const asked = new Set(loaded.answers.map(({ asset }) => asset));
    t.deepEqual([...asked].toSorted(), expected.toSorted());
  });

const DOCUMENTS: Files = {
  'pages/index.html': `<!doctype html><base href="../site/">
    <link rel="stylesheet" href="style.css"><link rel="canonical" href="no-page">
    <link rel="preload" as="image" imagesrcset="img/preloaded.svg 1x">
    <img srcset="img/one.svg 1x, img/no,two.svg 9x"><img src=" img/spaces.svg ">
    <p style="background: url(img/inline.svg)">x</p>
    <svg width="9" height="9"><use href="img/sprite.svg#r"/><image href="img/image.svg" width="9" height="9"/></svg>
    <a href="app/route">x</a>
    <script type="module">
      import './module.js';
      document.body.dataset.done = 'yes';
    </script>`,
  'site/style.css': '',
  'site/module.js': "import './imported.js';",
  'site/imported.js': '',
  'site/img/preloaded.svg': IMAGE,
  'site/img/one.svg': IMAGE,
  'site/img/no,two.svg': IMAGE,
  'site/img/spaces.svg': IMAGE,
  'site/img/inline.svg': IMAGE,
  'site/img/sprite.svg': IMAGE,
  'site/img/image.svg': IMAGE,
};

for (const modules of ['group', 'importmap'] as const)
  test(`a browser gets everything that a document under the prefix refers to, immutable (modules: '${modules}')`, async (t) => {
    const roots = await temporaryFolder(t, DOCUMENTS);
    const browser = await openChromium(t);
    const loaded = await loadPage(
      t,
      browser,
      { roots, modules, strict: true },
      ({ asset }) => `<iframe src="${asset('pages/index.html')}"></iframe>`,
    );
    await loaded.page.frameLocator('iframe').locator('body[data-done="yes"]').waitFor({ state: 'attached' });
    const expected = Object.keys(DOCUMENTS).filter((name) => !name.includes('no,'));
    await answered(loaded, expected);
    assertImmutable(t, loaded);
    const asked = new Set(loaded.answers.map(({ asset }) => asset));
    t.deepEqual([...asked].toSorted(), expected.toSorted());
  });
