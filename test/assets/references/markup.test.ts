import test from 'ava';
import { findReferences } from '../../../src/assets/references/find-references.ts';

function found(name: string, text: string): string[] {
  return findReferences(name, text).map(({ kind, specifier }) => `${kind} ${specifier}`);
}

const HTML: Readonly<Record<string, readonly string[]>> = {
  '<link rel=stylesheet href=a.css>': ['resource a.css'],
  '<link rel="Shortcut Icon" href="a.ico">': ['resource a.ico'],
  '<link rel="modulepreload" href="a.js">': ['resource a.js'],
  '<link rel="canonical" href="page">': ['link page'],
  '<script src="a.js"></script>': ['resource a.js'],
  '<script type="module" src="a.js"></script>': ['resource a.js'],
  '<script type="module">import "./a.js"; import "three"</script>': ['resource ./a.js'],
  '<script>import("./a.js")</script>': ['resource ./a.js'],
  '<base href="sub/"><script>import(name)</script>': ['unknown-import name'],
  '<script type="importmap">{"imports": {"a": "./a.js"}}</script>': [],
  '<script type="text/template"><img src="no.png"></script>': [],
  '<IMG SRC="a.png">': ['resource a.png'],
  '<img src="a.png?x=1&amp;y=2">': ['resource a.png?x=1&y=2'],
  '<img srcset="a.png, b.png 2x,c.png 3x, d,e.png 4x , data:image/png;base64,AA== 5x">': [
    'resource a.png',
    'resource b.png',
    'resource d,e.png',
  ].toSpliced(2, 0, 'resource c.png'),
  '<source srcset="a.avif 100w">': ['resource a.avif'],
  '<link rel=preload imagesrcset="a.png 1x">': ['resource a.png'],
  '<video poster="a.jpg" src="a.mp4"><track src="a.vtt"></video>': [
    'resource a.mp4',
    'resource a.jpg',
    'resource a.vtt',
  ],
  '<object data="a.svg"></object>': ['resource a.svg'],
  '<a href="about">x</a><area href="b">': ['link about', 'link b'],
  '<iframe src="embed"></iframe>': ['link embed'],
  '<a href="mailto:a@example.com">x</a><a href="#top">y</a>': [],
  '<p style="background:url(a.png)">': ['resource a.png'],
  '<p style="background:url(&quot;a.png&quot;)">': ['resource a.png'],
  '<style>@import "a.css"; b{c:url(d.png)}</style>': ['style-import a.css', 'resource d.png'],
  '<p data-x="url(no.png)" title="url(no.png)">': [],
  '<!-- <img src="no.png"> -->': [],
  '<img src="{{ user.image }}"><img src="<%= image %>"><img src="${image}">': [],
  '<base href="sub/page?x"><img src="a.png"><img src="/b.png"><a href="#c">': [
    'resource sub/a.png',
    'resource /b.png',
  ],
  '<base target="_top"><base href="sub/"><base href="no/"><img src="a.png">': ['resource sub/a.png'],
  '<base href="https://example.com/"><img src="a.png">': ['resource https://example.com/a.png'],
};

for (const [html, references] of Object.entries(HTML))
  test(`findReferences() finds what a browser does in ${html}`, (t) =>
    t.deepEqual(found('a.HTML', html), references));

const SVG: Readonly<Record<string, readonly string[]>> = {
  '<use href="sprite.svg#a"/>': ['resource sprite.svg#a'],
  '<use xlink:href="sprite.svg#a"/>': ['resource sprite.svg#a'],
  '<use href="#a"/><rect fill="url(#b)"/>': [],
  '<image href="a.png"/><feImage href="b.png"/>': ['resource a.png', 'resource b.png'],
  '<rect fill="url(a.svg#b)" filter="url(#c)"/>': ['resource a.svg#b'],
  '<style><![CDATA[a{b:url(c.png)}]]></style>': ['resource c.png'],
  '<style>@font-face{src:url(a.woff2)}</style>': ['resource a.woff2'],
  '<script href="a.js"/>': ['resource a.js'],
  '<svg:image href="a.png"/><s:use xlink:href="b.svg#c"/><svg:style>d{e:url(f.png)}</svg:style>': [
    'resource a.png',
    'resource b.svg#c',
    'resource f.png',
  ],
  '<svg:script>import("./a.js")</svg:script>': ['resource ./a.js'],
  '<a xlink:href="page">x</a>': ['link page'],
  '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;"><use href="a.svg#b"/></svg>': [
    'resource a.svg#b',
  ],
  '<!DOCTYPE svg [<!ENTITY q "a.png">]><image href="&q;"/>': ['resource &q;'],
  '<!DOCTYPE svg [\n<!ENTITY paint "url(a.svg#b)">\n]><rect fill="&paint;"/><style>c{d:&paint;}</style>': [
    'resource &paint;',
    'resource &paint;',
  ],
  '<!DOCTYPE svg [<!ENTITY st0 "fill:#fff;">]><rect style="&st0;"/><image href="a.png"/>': ['resource a.png'],
  '<!DOCTYPE svg [<!ENTITY m "./a.js">]><script>import "&m;"</script>': ['resource &m;'],
  '<!DOCTYPE svg [<!ENTITY p "a.png">]><style>b{c:url(&p;);d:url(&quot;e.png&quot;)}</style>': [
    'resource &p;',
    'resource e.png',
  ],
  '<image href="a&amp;b.png"/><image href="&lt;&#xe9;&#233;&unknown;.png"/>': [
    'resource a&b.png',
    'resource <\u00e9\u00e9&unknown;.png',
  ],
  "<?xml version='1.0'?><?xml-stylesheet type='text/css' href='a.css'?><svg/>": ['resource a.css'],
};

for (const [svg, references] of Object.entries(SVG))
  test(`findReferences() finds what a browser does in the SVG ${svg}`, (t) =>
    t.deepEqual(found('a.svg', svg), references));

test('findReferences() says where a reference of a document stands, within its scripts and styles too', (t) => {
  const html =
    '<p>\n<img src="a.png">\n<style>\nb{c:url(d.png)}</style>\n<script type="module">\n\nimport "./e.js"</script>';
  const lines = findReferences('a.html', html).map(({ offset }) => html.slice(0, offset).split('\n').length);
  t.deepEqual(lines, [2, 4, 7]);
  t.deepEqual(
    findReferences('a.html', '\n<script type="module">\nimport "./a.js"; `${</script><img src="b.png">').map(
      ({ specifier, offset }) => [specifier, offset],
    ),
    [
      ['./a.js', 32],
      ['JavaScript', 44],
      ['b.png', 53],
    ],
  );
});

test('findReferences() reads a candidate of any length', (t) => {
  t.deepEqual(found('a.html', `<img srcset="a.png ${'1'.repeat(20_000_000)}w, b.png">`), [
    'resource a.png',
    'resource b.png',
  ]);
});

test('findReferences() leaves languages without references and what leads out of the site alone', (t) => {
  t.deepEqual(found('a.png', 'url(a.png)'), []);
  t.deepEqual(found('a.json', '{"src": "a.png"}'), []);
  t.deepEqual(found('a.css', 'a{b:url(data:,x);c:url(#d);e:url(about:blank);f:url("")}'), []);
  t.deepEqual(found('a.js', "import '#app'; import 'data:text/javascript,'; import 'node:fs'"), [
    'import #app',
  ]);
  t.deepEqual(found('A.CSS', 'a{b:url(//example.com/c.png)}'), ['resource //example.com/c.png']);
});
