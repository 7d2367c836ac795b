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
  '<script type="importmap">{"imports": {"./no.js": "./a.js", "v/": "./v/", "w": "w.js", "x": null}, "scopes": {"s/": {"y": "../b.js"}}, "integrity": {"./c.js": "./d.js"}}</script>':
    ['resource ./a.js', 'folder ./v/', 'resource ../b.js'],
  '<base href="sub/"><script type=" ImportMap ">{"imports": {"a": "./a.js", "b": "./a.js"}}</script>': [
    'resource sub/./a.js',
  ],
  '<script type="importmap">{{ map }}</script><img src="a.png">': ['unread import map', 'resource a.png'],
  '<script type="importmap">[]</script><script type="importmap">{"imports": 1, "scopes": [1]}</script>': [],
  '<script type="text/JScript">import("./a.js")</script>': ['resource ./a.js'],
  '<script type=" application/x-ecmascript ">import("./a.js")</script>': ['resource ./a.js'],
  '<script type="text/javascript1.5">import("./a.js")</script>': ['resource ./a.js'],
  '<script language="LiveScript">import("./a.js")</script>': ['resource ./a.js'],
  '<script language="vbscript">import("./no.js")</script>': [],
  '<script type="text/javascript; charset=utf-8">import("./no.js")</script>': [],
  '<script type="text/babel" src="a.jsx"></script>': ['uncertain a.jsx'],
  '<style type="text/tailwindcss">@import "tailwindcss";a{b:url(no.png)}</style>': [],
  '<style type=" text/css">a{b:url(no.png)}</style>': [],
  '<style type="TEXT/CSS">a{b:url(c.png)}</style><style type>d{e:url(f.png)}</style>': [
    'resource c.png',
    'resource f.png',
  ],
  '<link rel="stylesheet" type="text/x-less" href="a.less">': ['uncertain a.less'],
  '<link rel="stylesheet" type="text/css" href="a.css">': ['resource a.css'],
  '<link rel="manifest" href="manifest.json">': ['web-manifest manifest.json'],
  '<body background=a.png><table background=b.png><tbody background=c.png><tr background=d.png><th background=e.png><td background=f.png><p background=no.png>':
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `resource ${name}.png`),
  '<iframe srcdoc="<img src=a.png><style>b{c:url(&quot;d.png&quot;)}</style>"></iframe>': [
    'resource a.png',
    'resource d.png',
  ],
  '<base href="sub/"><iframe srcdoc="<base href=deep/><img src=a.png>"></iframe>': [
    'resource sub/deep/a.png',
  ],
  '<meta http-equiv="Refresh" content="5; URL=\'next.html\' x">': ['link next.html'],
  '<meta http-equiv=refresh content="0,a.html"><meta http-equiv=refresh content="1 url = b.html">': [
    'link a.html',
    'link b.html',
  ],
  '<meta http-equiv=refresh content="5"><meta http-equiv=refresh content="url=no.html"><meta content="0;no.html">':
    [],
  '<style>a{b:url("{{ c }}");d:url({{e}}/f.png)}</style><script>import("./{{ g }}.js");import "./<%= h %>.js"</script>':
    [],
  '<template><img src=a.png><style>b{c:url(d.png)}</style><a href=e></a></template><img src=f.png>': [
    'uncertain a.png',
    'uncertain d.png',
    'link e',
    'resource f.png',
  ],
  '<template><template></template><img src=a.png></template></template><img src=b.png>': [
    'uncertain a.png',
    'resource b.png',
  ],
  '<noscript><link rel=stylesheet href=a.css></noscript><img src=b.png>': [
    'uncertain a.css',
    'resource b.png',
  ],
  '<img src=a.png><a href=b></a><base href="sub/"><img src=c.png>': [
    'uncertain a.png',
    'link sub/b',
    'resource sub/c.png',
  ],
  '<img src=a.png><base href="./?x"><base href="sub/"><img src=b.png>': [
    'uncertain a.png',
    'resource ./b.png',
  ],
  '<img src=a.png><base href="page"><img src=b.png>': ['resource a.png', 'resource b.png'],
  '<base href="{{ root }}/"><img src=a.png>': [],
  '<base href="//example.com"><img src=a.png>': ['resource //example.com/a.png'],
  '<svg><style>a{b:url(&quot;c.png&quot;)}</style><style/><script href="d.js"/><title><img src=e.png></title></svg><img src=f.png>':
    ['resource c.png', 'resource d.js', 'resource e.png', 'resource f.png'],
  '<svg><foreignObject><style>a{b:url(c.png)}</style></svg><style>d{e:url("&quot;.png")}</style>': [
    'resource c.png',
    'resource &quot;.png',
  ],
  '<constructor src=a.png><toString __proto__=b>': ['resource a.png'],
  '<title><img src=no.png></title><textarea><img src=no.png></textarea>': [],
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
