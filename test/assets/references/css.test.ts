import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import test from 'ava';
import { findCssReferences } from '../../../src/assets/references/css.ts';
import { leadsNowhere } from '../../../src/assets/references/reference.ts';
import { findCssSourceMap } from '../../../src/assets/references/find-references.ts';
import { actual, compareWithTokens, referencesByTokens } from './tokenized-css.ts';

function found(css: string): string[] {
  return findCssReferences(css)
    .filter(({ specifier }) => !leadsNowhere(specifier))
    .map(({ kind, specifier }) => `${kind} ${specifier}`);
}

const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  'a{b:url(a.png)}': ['resource a.png'],
  'a{b:url( "a.png" )}': ['resource a.png'],
  "a{b:URL('a b.png')}": ['resource a b.png'],
  'a{b:url("a.png" crossorigin(anonymous))}': ['resource a.png'],
  'a{b:src("a.png")}': ['resource a.png'],
  'a{b:url("a.png" "no.png")}': ['resource a.png'],
  'a{b:url("data:,x" url(a.png))}': ['resource a.png'],
  'a{b:image-set("a.png" 1x, url(b.png) 2x, "c.avif" type("image/avif"))}': [
    'resource a.png',
    'resource b.png',
    'resource c.avif',
  ],
  'a{b:-webkit-image-set(url(a.png) 1x)}': ['resource a.png'],
  'a{b:cross-fade(url(a.png), url(b.png), 50%)}': ['resource a.png', 'resource b.png'],
  'a{--icon:url(a.png)}': ['custom-property a.png'],
  'a{b:c;/**/ --icon:x,url("a.png" x()),image-set("b.png" 1x);d:url(e.png)}': [
    'custom-property a.png',
    'custom-property b.png',
    'resource e.png',
  ],
  '@import "a.css";--x{b:url(c.png)}': ['style-import a.css', 'resource c.png'],
  '@font-face{src:local("x"),url(a.woff2?#iefix)format("woff2")}': ['resource a.woff2?#iefix'],
  '@import "a.css";': ['style-import a.css'],
  '@import url(a.css);': ['style-import a.css'],
  '@namespace #\\75rl(\n}@import "a.css";': ['uncertain a.css'],
  '@charset "utf-8";@layer a,b;@import "a.css";@layer c;@import "b.css";': [
    'style-import a.css',
    'style-import b.css',
  ],
  'a{}@import "late.css";': ['uncertain late.css'],
  '@layer a{}@import "late.css";': ['uncertain late.css'],
  '@namespace "x";@import "late.css";': ['uncertain late.css'],
  'a{@import "nested.css";b:url(c.png)}': ['uncertain nested.css', 'resource c.png'],
  'a{// b:url(a.png);\nc:url(d.png)}': ['uncertain a.png', 'resource d.png'],
  '// url(a.png)\nb{c:url(d.png)}': ['uncertain a.png', 'resource d.png'],
  'a{*zoom:url(a.png);/**/ b : url(c.png)}': ['uncertain a.png', 'resource c.png'],
  'a{behavior:url(a.htc);-MS-behavior:url(b.htc);-moz-binding:url(c.xml#d)}': [
    'uncertain a.htc',
    'uncertain b.htc',
    'uncertain c.xml#d',
  ],
  '@supports (a:url(b.png)){c{d:url(e.png)}}': ['uncertain b.png', 'resource e.png'],
  'a{b{{ x }};c:url(d.png)}{% if y %}e{f:url(g.png)}{% endif %}': ['resource d.png', 'resource g.png'],
  '@IMPORT url("a.css") layer(base) supports(background:url(no.png)) screen;b{c:url(d.png)}': [
    'style-import a.css',
    'resource d.png',
  ],
  '@import"a.css"': ['style-import a.css'],
  '@\\69mport "a.css";': ['style-import a.css'],
  'a{b:\\75 rl(a.png)}': ['resource a.png'],
  'a{b:u\\72l("a\\.png")}': ['resource a.png'],
  'a{b:url(a\\)b.png)}': ['resource a)b.png'],
  'a{b:url("a\\\nb.png")}': ['resource ab.png'],
  'a{b:url("\\e9.png")}': ['resource é.png'],
  '.a\\:url(x){b:url(a.png)}': ['resource a.png'],
  '@media print{@font-face{src:url(a.woff)}}': ['resource a.woff'],
  'a{b:url(a.png': ['resource a.png'],
  'a{b:url("a.png': ['resource a.png'],
};

for (const [css, references] of Object.entries(REFERENCES))
  test(`findCssReferences() finds what a browser does in ${JSON.stringify(css)}`, (t) =>
    t.deepEqual(found(css), references));

const NONE: readonly string[] = [
  '',
  '/* url(a.png) @import "a.css"; */',
  '/* url(a.png)',
  'a{content:"url(a.png)"}',
  'a{content:"\\"url(a.png)"}',
  '@namespace svg "svg.css";',
  '@namespace svg url(svg.css);',
  '@import "a\n "b.css";',
  'a{b:url("a\n) "b.png")}',
  'a{b:url("data:,x" "b.png")}',
  'a{b:url("data:,x#url("b.png")',
  'a{b:url(a b.png)}',
  'a{b:url(a"b.png)}',
  'a{b:url("a\nb.png")}',
  'a{b:my-url(a.png)}',
  'a{b:myurl("a.png")}',
  'a{b:@url("a.png")}',
  'a{b:#url("a.png")}',
  'a{b:\\66url("a.png")}',
  'a{b:local("a.png") format("b.png")}',
  '@imports "a.css";',
  '@import-x "a.css";',
  '@media "a.css" {}',
  'a{b:attr(data-x "a.png")}',
];

for (const css of NONE)
  test(`findCssReferences() finds nothing in ${JSON.stringify(css)}`, (t) => t.deepEqual(found(css), []));

test('findCssReferences() says where each reference stands', (t) => {
  const css = 'a{}\n@import "a.css";\nb{c:url(d.png)}\ni{j:image-set("k.png" 1x)}';
  const places = findCssReferences(css).map(({ specifier, offset }) => [
    specifier,
    css.slice(offset, offset + 4),
  ]);
  t.deepEqual(places, [
    ['a.css', '"a.c'],
    ['d.png', 'url('],
    ['k.png', '"k.p'],
  ]);
});

test('findCssReferences() does not walk into data: URLs, however long', (t) => {
  const data = `data:image/svg+xml;utf8,${"<path d='M0 0'/>".repeat(500_000)}`;
  t.deepEqual(found(`a{b:url("${data}");c:url(d.png)}`), ['resource d.png']);
  t.deepEqual(found(`a{b:url(${data.replaceAll("'", '').replaceAll(' ', '')});c:url(d.png)}`), [
    'resource d.png',
  ]);
});

test('findCssReferences() reads a line of 20 MB with texts, escapes and comments', (t) => {
  const rule = '.md\\:a::before{content:"\\f101 (";margin:calc((1px + 2px)*3)}/* url(no.png) */';
  const css = rule.repeat(Math.ceil(20_000_000 / rule.length));
  t.deepEqual(found(`${css}a{b:url(a.png)}`), ['resource a.png']);
});

test('findCssReferences() reads comments, names and declarations of any length', (t) => {
  const long = 'x'.repeat(20_000_000);
  t.deepEqual(found(`a{/*${long}*/b:url(a.png)}`), ['resource a.png']);
  t.deepEqual(found(`a{/*${long}*/--b:url(a.png)}`), ['custom-property a.png']);
  t.deepEqual(
    found(`a{/*${long}*/${'/**/'.repeat(1_000_000)}b:${'url(a.png),'.repeat(3_000)}0}`).length,
    3_000,
  );
  t.deepEqual(found(`.\\61${long}{b:url(a.png)}`), ['resource a.png']);
});

test('findCssReferences() agrees with all tokens of any text', (t) => {
  compareWithTokens(t, 2000);
});

test('findCssReferences() agrees with all tokens of stylesheets from npm', async (t) => {
  const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
  let references = 0;
  for (const folder of [
    'bootstrap/dist/css',
    '@fortawesome/fontawesome-free/css',
    'leaflet/dist',
    'jquery-ui-dist',
  ]) {
    for (const name of await readdir(join(modules, folder))) {
      if (!name.endsWith('.css')) continue;
      const css = await readFile(join(modules, folder, name), 'utf8');
      const expected = referencesByTokens(css).filter((each) => !leadsNowhere(each));
      t.deepEqual(actual(css), expected, name);
      references += expected.length;
    }
  }
  t.true(references > 30, String(references));
});

function mapOf(css: string): string | undefined {
  return findCssSourceMap(css)?.specifier;
}

test('findCssSourceMap() finds the map in the last comment alone', (t) => {
  t.is(mapOf('a{}\n/*# sourceMappingURL=app.css.map */\n'), 'app.css.map');
  t.is(mapOf('a{}/*@ sourceMappingURL=app.css.map*/'), 'app.css.map');
  t.is(mapOf('/*# sourceMappingURL=app.css.map */a{}'), undefined);
  t.is(mapOf('a{content:"/*# sourceMappingURL=app.css.map */"}'), undefined);
});
