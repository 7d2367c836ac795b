import test from 'ava';
import { findReferences } from '../../../src/assets/references/find-references.ts';

function found(script: string): string[] {
  return findReferences('app.js', script).map(({ kind, specifier }) => `${kind} ${specifier}`);
}

const VITE_LISTS: Readonly<Record<string, string>> = {
  'Vite 5.2 to 8':
    'const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./a.js","./a.css","../b.mjs"])))=>i.map(i=>d[i]);\n',
  'Vite 5.1': `function __vite__mapDeps(indexes) {
  if (!__vite__mapDeps.viteFileDeps) {
    __vite__mapDeps.viteFileDeps = ["./a.js","./a.css", "../b.mjs"]
  }
  return indexes.map((i) => __vite__mapDeps.viteFileDeps[i])
}`,
  'Vite 5.0': `const __vite__fileDeps=["./a.js","./a.css","../b.mjs"],__vite__mapDeps=i=>i.map(i=>__vite__fileDeps[i]);`,
};

for (const [version, text] of Object.entries(VITE_LISTS))
  test(`what lazy chunks of ${version} need are references, relative to their file`, (t) => {
    t.deepEqual(found(text), ['dynamic-import ./a.js', 'resource ./a.css', 'dynamic-import ../b.mjs']);
  });

test('with an absolute base of Vite the first name of a list tells of it', (t) => {
  t.deepEqual(
    found(
      'const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/a.js","assets/a.css"])))=>i.map(i=>d[i]);',
    ),
    ['based-chunk assets/a.js'],
  );
});

test('the name of the list alone, or a list of something else, is none', (t) => {
  t.deepEqual(found('const list = __vite__mapDeps([0, 1]); list.f = ["./a.js"]; // m.f=["./b.js"]'), []);
});

const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  'new URL(name, import.meta.url)': ['computed-url name'],
  "new URL('./img/' + name, import.meta.url).href": ["computed-url './img/' + name"],
  'new URL(name, base)': [],
  'new URL(name)': [],
  'new Worker(url)': ['computed-url url'],
  "new self.SharedWorker(base + 'w.js', { type: 'module' })": ["computed-url base + 'w.js'"],
  "new Worker('w.js')": ['worker-address w.js'],
  'new Worker(`w.js`)': ['worker-address w.js'],
  "new Worker(new URL('./w.js', import.meta.url), { type: 'module' })": ['resource ./w.js'],
  'new Worker("" + new URL("w.js", import.meta.url).href, {})': ['resource w.js'],
  'new Worker(new URL(name, import.meta.url))': ['computed-url name'],
  'new Worker(URL.createObjectURL(blob))': [],
  'new Worker(import.meta.url)': [],
  'new Worker("data:text/javascript," + code)': [],
  'Worker(url); new MyWorker(url); new my.Worker(url)': [],
  '/* new Worker(url) */ "new Worker(url)"': [],
  'import.meta.resolve ? new URL(import.meta.resolve(e)) : new URL(e, import.meta.url)': [],
};

for (const [script, references] of Object.entries(COMPUTED))
  test(`a URL that is made of text: ${script}`, (t) => {
    t.deepEqual(found(script), references);
  });

const WEBPACK: Readonly<Record<string, readonly string[]>> = {
  'self.webpackChunkapp=[];r.u=e=>e+".js"': ['chunk-map u=e=>'],
  '__webpack_require__.u = (chunkId) => (chunkId + ".js");': ['chunk-map u = (chunkId) =>'],
  '__webpack_require__.u = function(chunkId) { return chunkId }': ['chunk-map u = function'],
  'throw new Error("Automatic publicPath is not supported in this browser");r.u=e=>"chunks/"+e': [
    'chunk-map u=e=>',
  ],
  'self.webpackChunkapp=[];r.u=e=>e+".js";new Worker(new URL(r.p+r.u(7),r.b))': ['chunk-map u=e=>'],
  'r.u = (e) => e': [],
  'self.webpackChunkapp = []': [],
};

for (const [script, references] of Object.entries(WEBPACK))
  test(`chunks of webpack: ${script}`, (t) => {
    t.deepEqual(found(script), references);
  });
