import test from 'ava';
import { findScriptReferences } from '../../../src/assets/references/script/script-references.ts';
import { findScriptSourceMap } from '../../../src/assets/references/find-references.ts';
import { compareWithParser } from './parsed-script.ts';

function found(script: string): string[] {
  return findScriptReferences(script).map(({ kind, specifier }) => `${kind} ${specifier}`);
}

const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  "import './a.js'": ['import ./a.js'],
  "import a, { b as c } from './a.js'": ['import ./a.js'],
  'import*as a from"./a.js"': ['import ./a.js'],
  "import type from './a.js'": ['import ./a.js'],
  "export { a } from './a.js'": ['import ./a.js'],
  "export * from './a.js'": ['import ./a.js'],
  "import a from './a.json' with { type: 'json' }": ['import ./a.json'],
  "import a from './a.css' with { type: 'css' }": ['import ./a.css'],
  "import source a from './a.wasm'": ['import ./a.wasm'],
  "import defer * as a from './a.js'": ['import ./a.js'],
  "import 'three'": ['import three'],
  "import('./a.js')": ['dynamic-import ./a.js'],
  "import('./a.json', { with: { type: 'json' } })": ['dynamic-import ./a.json'],
  "import(/* webpackChunkName: 'a' */ './a.js')": ['dynamic-import ./a.js'],
  'import(`./a.js`)': ['dynamic-import ./a.js'],
  'import(`./locale/${language}.js`)': ['import-glob ./locale/*.js'],
  'import(`./${a({ b: `${c}}` })}/\\${${d}.js`)': ['import-glob ./*/${*.js'],
  "import('./\\u0061.js')": ['dynamic-import ./a.js'],
  "import(('./a.js'))": ['dynamic-import ./a.js'],
  "import(c ? './a.js' : './b.js')": ['dynamic-import ./a.js', 'dynamic-import ./b.js'],
  "import(a ? './a.js' : b ? (c ? './b.js' : `./${d}.js`) : 'three')": [
    'dynamic-import ./a.js',
    'dynamic-import ./b.js',
    'import-glob ./*.js',
    'dynamic-import three',
  ],
  "import((a ?? { b: '?' })?.c === ':' ? /* a, */ './a.js' // b ?\n : ('./b.js'))": [
    'dynamic-import ./a.js',
    'dynamic-import ./b.js',
  ],
  "import(c ? './a.json' : './b.json', { with: { type: 'json' } })": [
    'dynamic-import ./a.json',
    'dynamic-import ./b.json',
  ],
  "import(c ? './a.js' : name)": ['dynamic-import ./a.js', 'unknown-import name'],
  "import(c ? new URL('a.js', import.meta.url) : './b.js')": [
    'dynamic-import ./a.js',
    'dynamic-import ./b.js',
  ],
  'import(name)': ['unknown-import name'],
  "import('./' + name)": ["unknown-import './' + name"],
  "import('./a' + (c ? '.js' : '.mjs'))": ["unknown-import './a' + (c ? '.js' : '.mjs')"],
  "import(f(c ? './a.js' : './b.js'))": ["unknown-import f(c ? './a.js' : './b.js')"],
  "import((c, c ? './a.js' : './b.js'))": ["unknown-import c, c ? './a.js' : './b.js'"],
  'import(`${base}/a.js`)': ['unknown-import `${base}/a.js`'],
  "const a = new URL('./a.js', import.meta.url); import(a)": ['resource ./a.js', 'unknown-import a'],
  "new URL('./a.png', import.meta.url)": ['resource ./a.png'],
  "new URL('a.png', import.meta.url).href": ['resource a.png'],
  'new URL(`a.png`,import.meta.url,)': ['resource a.png'],
  "new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })": ['resource ./worker.js'],
  "new globalThis.URL('./a.png', import . meta . url)": ['resource ./a.png'],
  "new URL(/* @vite-ignore */ './new/URL.js', // here\n import.meta.url)": ['resource ./new/URL.js'],
  "new URL('it\\'s \\x61\\u{62}.png', import.meta.url)": ["resource it's ab.png"],
  'new URL(`./flags/${code}.svg`, import.meta.url)': ['resource-glob ./flags/*.svg'],
  'new URL(`${base}/a.svg`, import.meta.url)': ['computed-url `${base}/a.svg`'],
  "URL.parse('./a.png', import.meta.url)": ['resource ./a.png'],
  'self.URL . parse(`./a.png`, import.meta.url)?.href': ['resource ./a.png'],
  "MyURL.parse('./a.png', import.meta.url); my.URL.parse('./a.png', import.meta.url)": [],
  "new URL('./models/', import.meta.url)": ['folder ./models/'],
  "new URL('..', import.meta.url)": ['folder ..'],
  "new URL('./a.png', base)": [],
  "new URL('./a.png', import.meta.url + base)": [],
  "new URL('\\u{999999}.png', import.meta.url)": [],
  "import(new URL('a.js', import.meta.url))": ['dynamic-import ./a.js'],
  "import(new URL('a.js', import.meta.url).href); new URL('b.js', import.meta.url)": [
    'dynamic-import ./a.js',
    'resource b.js',
  ],
  "import.meta.resolve('./a.js')": ['resource ./a.js'],
  "import(import.meta.resolve('./a.js'))": ['dynamic-import ./a.js'],
  "import(import.meta.resolve('three'))": ['dynamic-import three'],
  "import.meta.resolve('three')": [],
  "importScripts('a.js', /* second */ `b.js`)": ['resource a.js', 'resource b.js'],
  "self.importScripts('a.js')": ['resource a.js'],
  'importScripts(name)': [],
  "call(importScripts, 'a.js')": [],
};

for (const [script, references] of Object.entries(REFERENCES))
  test(`findScriptReferences() finds what a browser loads in ${JSON.stringify(script)}`, (t) =>
    t.deepEqual(found(script), references));

const NONE: readonly string[] = [
  '',
  "// import './a.js'",
  "/* import('./a.js'); new URL('a.png', import.meta.url); importScripts('a.js') */",
  "// importScripts('a.js')",
  'const text = "import(\'./a.js\')"',
  "const text = `import('./a.js') importScripts('a.js')`",
  "const pattern = /import('a')/",
  "object.import('./a.js')",
  "const from = './a.js'; Array.from('./a.js')",
];

for (const script of NONE)
  test(`findScriptReferences() finds nothing in ${JSON.stringify(script)}`, (t) =>
    t.deepEqual(found(script), []));

test('findScriptReferences() says where each reference stands', (t) => {
  const script =
    "\nimport './a.js';\nimport('./b.js');\nnew URL('c.png', import.meta.url);\nimportScripts('d.js')";
  const lines = findScriptReferences(script).map(({ offset }) => script.slice(0, offset).split('\n').length);
  t.deepEqual(lines, [2, 3, 4, 5]);
});

test('findScriptReferences() says where each choice of an import() stands, and shows no more code than a line', (t) => {
  const script = "import(\n  c\n    ? './a.js'\n    : `./${b}.js`);import(names\n.d)";
  t.deepEqual(
    findScriptReferences(script).map(({ offset }) => script.slice(offset, offset + 5)),
    ["'./a.", '`./${', 'names'],
  );
  const [long] = findScriptReferences(`import(${'name.'.repeat(1_000_000)}name)`);
  t.true(long !== undefined && long.specifier.length < 100);
});

function unreadAt(script: string): number | undefined {
  return findScriptReferences(script).find(({ kind }) => kind === 'unread')?.offset;
}

test('findScriptReferences() says where a script cannot be read, and finds what it can', (t) => {
  t.is(unreadAt("const a = <p>it's</p>;\nimport('./b.js')"), 22);
  const open = "const a = `${import('./b.js')";
  t.is(unreadAt(open), open.length);
  t.is(unreadAt("f(]; import('./b.js')"), 2);
  t.is(unreadAt("/* import('./b.js')"), 19);
  t.is(unreadAt("a = /[import('./b.js')"), 22);
  t.deepEqual(found("import './a.js';\nconst a = <p>it's</p>;\nimport('./b.js')"), [
    'import ./a.js',
    'unread JavaScript',
    'dynamic-import ./b.js',
  ]);
});

test('findScriptReferences() reads a script up to what may be its last reference', (t) => {
  t.deepEqual(found("import './a.js'; a; b; `${"), ['import ./a.js']);
  t.deepEqual(found(`export { a } from './a.js'; ${'f(a, b);'.repeat(10)} ]`), ['import ./a.js']);
  t.deepEqual(found("f(import /**/ . meta /**/ . resolve /**/ ( './a.js' ))] import"), ['resource ./a.js']);
});

/** What a slash, a brace or a name means depends on all that stands before it. */
const AFTER: readonly string[] = [
  "#!/usr/bin/env it's\n",
  "<!-- it's\n",
  "x\n--> it's\n",
  "/* c */ --> it's\n",
  "x // it's\u2028",
  "// it's\u2029",
  '(function(){}/2)/1;',
  "x = function(){}/2; '/';",
  "x = async function*(){} /2; '/';",
  "x = { f(){}, g: function(){}/2 }; '/';",
  "x = `${function(){}/2}${class{}/1}/'`;",
  "x = {}/2; '/';",
  "x = class extends (function(){}) {}/2; '/';",
  "x = a ? {} / 2 : 1; '/';",
  "x = y.if(z) / 2; '/';",
  "x = y.of / 2; '/';",
  "x = of / 2; '/';",
  "x = 1./2 + 1.1.a/2 + 0x1e+/'/.a; '/';",
  "x = y /* */\u2028 /2; '/';",
  "x = a.b++/2; '/';",
  "a: {} /'/.test(x);",
  "foo: { b() } /it's/.test(x);",
  "switch (x) { case y ? 1 : 2: {} /'/.test(y); default: {} /'/ }",
  "{ function f(){} /'/.test(x) }",
  "class A extends f({}) { static { /'/ } if(a){} /* */ } /'/;",
  "class A { a = /'/\n import(b) { return 1 / 2 } c = {}\n static #d = x => { /'/ }\n e(){} }",
  "x = a\n++/'/.lastIndex;",
  "if (x) /'/.test(y); else /'/.test(y);",
  "do /'/.test(y); while (x) /'/.test(z);",
  "for await (x of /'/) ;",
  "try {} catch {} /'/;",
  "x = y => {}\n/'/.test(z);",
  "x = y => /'/;",
  "function f() { return /'/ }",
  "x = [a, /[/']/, b] / /\\/'/;",
  "export { a as import, b as if }\n/'/.test(b);",
  "export {a} from 'b'\n/'/.test(b);",
  "import {if as a} from 'b'\n/'/.test(b);",
  "import a from 'b' with { type: 'json' }\n/'/.test(b);",
  'export default { a: {}, import(b) {} }\n;',
  "export default function () {} /'/.test(b);",
  "export default async function () {} /'/.test(b);",
  "@a.b class A { @c('/') import() {} }",
  "x = { get import() { return 1 }, import: 1, async if() {}, [`]`]: /'/, ...y };",
  "x = a?.5:/'/; x = a?.import('no.js') ?? /'/;",
  "x = '\u2028\\\r\n';",
];

for (const script of AFTER)
  test(`findScriptReferences() finds the import behind ${JSON.stringify(script)}`, (t) =>
    t.deepEqual(
      found(`${script} import('./b.js')`).filter((each) => !/^import b$/.test(each)),
      ['dynamic-import ./b.js'],
    ));

test('findScriptReferences() reads <!-- as a comment in a classic script, not in a module', (t) => {
  t.deepEqual(found("a<!--b; import('./no.js')"), []);
  t.deepEqual(found("export {}; a<!--b; import('./a.js')"), ['dynamic-import ./a.js']);
});

test('findScriptReferences() finds the imports in objects, in arguments and in each other', (t) => {
  t.deepEqual(found("f({...import('./b.js')}, [...import('./c.js')])"), [
    'dynamic-import ./b.js',
    'dynamic-import ./c.js',
  ]);
  t.deepEqual(found("import(import('./a.js'))"), [
    "unknown-import import('./a.js')",
    'dynamic-import ./a.js',
  ]);
  t.deepEqual(found("new URL(`a${b('c', [`${d}`])}.png`, import.meta.url)"), ['resource-glob a*.png']);
});

test('findScriptReferences() agrees with a whole parser on scripts from npm', async (t) => {
  const { references, refused } = await compareWithParser(t, [
    'three/build',
    'bootstrap/dist/js',
    'typeorm/browser',
    'htmlparser2/dist',
  ]);
  t.true(references > 20, String(references));
  t.deepEqual(refused, []);
});

test('findScriptReferences() reads a script of 20 MB in one line', (t) => {
  const statement = 'a=/["\'`(]/.test("//")?b/c/d:`${e?`f`:"g"}`;from(h);';
  const script = statement.repeat(Math.ceil(20_000_000 / statement.length));
  t.deepEqual(found(`${script}import("./a.js");importScripts;`), ['dynamic-import ./a.js']);
});

function mapOf(script: string): string | undefined {
  return findScriptSourceMap(script)?.specifier;
}

test('findScriptSourceMap() finds the map in the last comment alone', (t) => {
  t.is(mapOf('a()\n//# sourceMappingURL=app.js.map\n'), 'app.js.map');
  t.is(mapOf('a()\n//@ sourceMappingURL=app.js.map'), 'app.js.map');
  t.is(mapOf('a()\n/*# sourceMappingURL=app.js.map */\n'), 'app.js.map');
  t.is(mapOf('//# sourceMappingURL=app.js.map\na()'), undefined);
  t.is(mapOf(`a()\n//# sourceMappingURL=data:application/json;base64,${'A'.repeat(100_000)}`), undefined);
});
