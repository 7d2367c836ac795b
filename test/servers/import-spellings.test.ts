import test from 'ava';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { loadPage } from './asset-pages.ts';

const FILES: Files = {
  'js/app.js': `import { fragment } from './b.js#x';
    import { query } from './b.js?v=1 2#y z';
    import { bare } from 'lib/c.js#x';
    const [name, language, version] = ['b', 'de', 3];
    const loaded = await Promise.all([
      import('./b.js?later#x'),
      import(new URL('b.js?address#x', import.meta.url)),
      import(\`./locale/\${language}.js?v=1&ü#x\`),
      import(\`./\${name}.js#template\`),
      import(\`lib/\${'c'}.js?v=1#x\`),
      import(\`./open.js?v=\${version}\`),
    ]);
    document.body.dataset.done = [fragment, query, bare, ...loaded.map((each) => each.name)].join(' ');`,
  'js/b.js': "export const [fragment, query, name] = ['fragment', 'query', 'b'];",
  'js/locale/de.js': "import './deep.js#x'; export const name = 'de';",
  'js/locale/deep.js': '',
  'js/open.js': "import './locale/deep.js'; export const name = 'open';",
  'lib/c.js': "export const [bare, name] = ['bare', 'c'];",
};

/** A module that fails would never be done. */
const TELL_FAILURE = '<script>onerror = (message) => { document.body.dataset.done = message; }</script>';

for (const modules of ['group', 'importmap'] as const)
  test(`a browser gets modules that are imported with queries and fragments, immutable (modules: '${modules}')`, async (t) => {
    const roots = await temporaryFolder(t, FILES);
    const { page, answers, complaints } = await loadPage(
      t,
      await openChromium(t),
      { roots, modules, imports: { 'lib/': 'lib/' }, strict: true },
      ({ modulePreload, moduleScript }) =>
        `<body>${TELL_FAILURE}${modulePreload('js/app.js')}${moduleScript('js/app.js')}`,
    );
    await page.locator('body[data-done]').waitFor({ state: 'attached' });
    t.is(await page.getAttribute('body', 'data-done'), 'fragment query bare b b de b c open');
    t.deepEqual(complaints, []);
    for (const { path, status, cacheControl } of answers)
      t.deepEqual([status, cacheControl], [200, 'public, max-age=31536000, immutable'], path);
    const asked = new Set(answers.map(({ asset }) => asset));
    t.deepEqual([...asked].toSorted(), Object.keys(FILES).toSorted());
  });
