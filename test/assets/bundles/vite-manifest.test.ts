import test from 'ava';
import { isViteManifest, viteEntries } from '../../../src/assets/bundles/vite-manifest.ts';

test('viteEntries() has the stylesheets of imports before those of what imports them, each once', (t) => {
  const entries = viteEntries({
    'src/main.ts': {
      file: 'assets/main.js',
      name: 'main',
      isEntry: true,
      imports: ['_shared.js', '_other.js'],
      css: ['assets/main.css'],
    },
    // Vite hangs shared CSS on whichever chunk it likes, and chunks may import each other.
    '_shared.js': { file: 'assets/shared.js', imports: ['_deep.js'], css: ['assets/shared.css'] },
    '_deep.js': { file: 'assets/deep.js', imports: ['src/main.ts'], css: ['assets/deep.css'] },
    '_other.js': { file: 'assets/other.js', imports: ['_deep.js', '_external'], css: ['assets/deep.css'] },
    '_shared.css': { file: 'assets/shared.css' },
  });
  const main = {
    module: 'assets/main.js',
    stylesheets: ['assets/deep.css', 'assets/shared.css', 'assets/main.css'],
  };
  t.deepEqual(
    [...entries],
    [
      ['src/main.ts', main],
      ['main', main],
    ],
  );
});

test('viteEntries() knows what is loaded lazily and stylesheets by their source files, and nothing else', (t) => {
  const entries = viteEntries({
    'src/Page.vue': { file: 'assets/Page.js', name: 'Page', css: ['assets/Page.css'] },
    'src/print.css': { file: 'assets/print.css', name: 'print', isEntry: true },
    'style.css': { file: 'assets/style.css' },
    'src/a.svg': { file: 'assets/a.svg' },
    '_worker_assets/worker.js': { file: 'assets/worker.js', name: 'worker' },
  });
  t.deepEqual(Object.fromEntries(entries), {
    'src/Page.vue': { module: 'assets/Page.js', stylesheets: ['assets/Page.css'] },
    'src/print.css': { stylesheets: ['assets/print.css'] },
    print: { stylesheets: ['assets/print.css'] },
    'style.css': { stylesheets: ['assets/style.css'] },
  });
});

test('a short name that two entries of Vite have, or that is the source file of another, means neither', (t) => {
  const entry = { isEntry: true };
  const entries = viteEntries({
    'a/index.html': { ...entry, file: 'a.js', name: 'index' },
    'b/index.html': { ...entry, file: 'b.js', name: 'index' },
    'main.js': { ...entry, file: 'c.js', name: 'c' },
    'src/main.js': { ...entry, file: 'd.js', name: 'main.js' },
  });
  t.deepEqual([...entries.keys()], ['a/index.html', 'b/index.html', 'main.js', 'src/main.js', 'c']);
  t.is(entries.get('main.js')?.module, 'c.js');
});

test("isViteManifest() looks at all that it relies on, so that another bundler's manifest is none", (t) => {
  t.true(isViteManifest({ 'src/main.ts': { file: 'assets/main.js' } }));
  for (const other of [
    {},
    [],
    null,
    { 'main.js': '/static/main.js' },
    { a: {} },
    { a: { file: 'a.js', imports: 'b' } },
    { a: { file: 'a.js', css: [1] } },
  ])
    t.false(isViteManifest(other), JSON.stringify(other));
});
