import test from 'ava';
import { decodeLinks, PageScanner, TargetTable, type SiteBase } from '../../../src/site/checks/index.ts';

const BASE: SiteBase = { origin: 'https://www.example.com', path: '/', slash: 'never' };

interface Scan {
  readonly url?: string;
  readonly base?: SiteBase;
  readonly pieces?: readonly (Uint8Array | string)[];
}

function scan(
  html: string,
  { url = 'https://www.example.com/blog/hello', base = BASE, pieces = [html] }: Scan = {},
) {
  const targets = new TargetTable();
  const scanner = new PageScanner(url, base, targets);
  for (const piece of pieces) scanner.write(piece);
  const { links, noindex } = scanner.end();
  const found = [...decodeLinks(links)].map(
    ({ target, line, kind }) => `${line} ${kind} ${targets.target(target)}`,
  );
  return { found, noindex, length: links.length };
}

const PAGE = `<!DOCTYPE html>
<html lang="de"><head>
<meta name="robots" content="noindex, follow">
<title>Grüße <a href="/in-title"></title>
<link rel="stylesheet" href="/app.css"><link rel="canonical" href="https://www.example.com/blog/hello">
<link rel=preconnect href="https://www.example.com">
<style>
  body { background: url(/paper.png) }

  @font-face { src: url("../font.woff2") }
</style>
<script type="importmap">{ "imports": { "lib": "/lib.js", "dir/": "/dir/" }, "scopes": { "/a/": { "b": "./b.js" } } }</script>
<script src="/app.js"></script>
<script>document.write('<a href="/in-script">')</script>
</head><body>
<!-- <a href="/in-comment"> -->
<p style="background: url('/inline.png')">Ein „Wort" &amp; 👋
<a href="/about?tab=1&amp;b=2#team">a</a>
<A class=x HREF=../other data-a='>'>b</A>
<img src="/a.jpg" srcset="/a.jpg 1x, /a-2.jpg 2x" alt="a > b">
<video poster="/v.jpg"><source src="/v.mp4"><track src="/v.vtt"></video>
<svg><title/><use href="/sprite.svg#icon"/><style><![CDATA[ g { fill: url(/fill.svg#a) } ]]></style></svg>
<form action="/search"></form><form method="post" action="/login"></form>
<iframe src="/frame"></iframe><object data="/o.pdf"></object>
<template><a href="/inert"><img src="/inert.png"></template>
<noscript><img src="/no.gif"></noscript>
<a
  href="/many-lines">c</a>
<meta http-equiv="refresh" content="5; url='/new'">
</body></html>
`;

const LINKS = [
  '5 asset /app.css',
  '5 relation /blog/hello',
  '8 asset /paper.png',
  '10 asset /font.woff2',
  '12 asset /lib.js',
  '12 asset /blog/b.js',
  '13 asset /app.js',
  '17 asset /inline.png',
  '18 link /about#team',
  '19 link /other',
  '20 asset /a.jpg',
  '20 asset /a.jpg',
  '20 asset /a-2.jpg',
  '21 asset /v.jpg',
  '21 asset /v.mp4',
  '21 asset /v.vtt',
  '22 asset /sprite.svg',
  '22 asset /fill.svg',
  '23 form /search',
  '24 frame /frame',
  '24 asset /o.pdf',
  '25 inert /inert',
  '25 inert /inert.png',
  '26 asset /no.gif',
  '28 link /many-lines',
  '29 refresh /new',
];

test('PageScanner finds what a page links to and refers to, each with its line', (t) => {
  t.deepEqual(scan(PAGE).found, LINKS);
  t.true(scan(PAGE).noindex);
  t.false(scan('<meta name="robots" content="index">').noindex);
});

test('PageScanner finds the same when the page comes in two pieces, cut at any byte', (t) => {
  const bytes = Buffer.from(PAGE);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
    t.deepEqual(scan('', { pieces }).found, LINKS, `cut at ${cut}`);
  }
});

test('PageScanner finds the same when the page comes byte by byte', (t) => {
  const pieces = [...Buffer.from(PAGE)].map((byte) => Uint8Array.of(byte));
  t.deepEqual(scan('', { pieces }), scan(PAGE));
});

function targetsOf(html: string): string[] {
  return scan(html).found.map((each) => each.slice(each.lastIndexOf(' ') + 1));
}

function linksTo(...hrefs: readonly string[]): string {
  return hrefs.map((href) => `<a href="${href}"></a>`).join('');
}

test('PageScanner resolves links as browsers do, and drops those that lead off the site', (t) => {
  t.deepEqual(
    targetsOf(
      linksTo('x', './x', '../x', '?q', 'a/../b', '//www.example.com/y', 'HTTPS://WWW.EXAMPLE.COM/z'),
    ),
    ['/blog/x', '/blog/x', '/x', '/blog/hello', '/blog/b', '/y', '/z'],
  );
  t.deepEqual(
    targetsOf(
      linksTo(' /a b\n', '/über', '/%C3%BCber', '\\c', '/a#top', '/a#', '/a#x:~:text=y', '/a#:~:text=y'),
    ),
    ['/a%20b', '/%C3%BCber', '/%C3%BCber', '/c', '/a', '/a', '/a#x', '/a'],
  );
  const off = [
    'https://other.example/',
    '//cdn.example/x',
    'mailto:a@b.c',
    'tel:1',
    'javascript:x()',
    'data:,x',
  ];
  t.deepEqual(
    targetsOf(
      linksTo(...off, 'blob:x', 'https://www.example.com:444/', 'http://[', 'https://www.example.com.evil/'),
    ),
    [],
  );
});

test('PageScanner tells hosts that only a developer reaches', (t) => {
  const local = [
    'http://localhost:3000/a',
    'http://127.0.0.1/',
    'http://[::1]:80/',
    'https://10.1.2.3/',
    'http://192.168.0.9/',
  ];
  const more = ['http://172.20.0.1/', 'http://nas.local/x', 'http://app.localhost/'];
  const near = [
    'http://172.32.0.1/',
    'https://localhost.example/',
    'http://110.0.0.1/',
    'https://nas.locals/',
  ];
  const { found } = scan([...local, ...more, ...near].map((href) => `<a href="${href}"></a>`).join(''));
  t.deepEqual(found, [
    '1 link http://localhost:3000/a',
    '1 link http://127.0.0.1/',
    '1 link http://[::1]/',
    '1 link https://10.1.2.3/',
    '1 link http://192.168.0.9/',
    '1 link http://172.20.0.1/',
    '1 link http://nas.local/x',
    '1 link http://app.localhost/',
  ]);
});

test('PageScanner obeys the first <base href>', (t) => {
  const html = '<base target="_top"><base href="/docs/"><base href="/no/"><a href="x"></a><a href="#y"></a>';
  t.deepEqual(scan(html).found, ['1 link /docs/x', '1 link /docs/#y']);
  t.deepEqual(scan('<base href="https://cdn.example/"><img src="x.png"><a href="/x"></a>').found, []);
});

test('PageScanner tells a URL that is written in full, and outside of the path of the site', (t) => {
  const base = { origin: 'https://user.github.io', path: '/project/', slash: 'always' } as const;
  const html =
    '<a href="/x"></a><a href="https://user.github.io/x"></a><a href="https://user.github.io/project/y/"></a>';
  t.deepEqual(scan(html, { base, url: 'https://user.github.io/project/' }).found, [
    '1 link /x',
    '1 link https://user.github.io/x',
    '1 link /project/y/',
  ]);
});

test('PageScanner keeps no link to an id that its own page has', (t) => {
  const html =
    '<a href="#a"></a><a href="#%C3%BC"></a><a href="hello#b"></a><a href="#none"></a><h2 id=a></h2><p id="ü"><a name=b>';
  t.deepEqual(scan(html).found, ['1 link /blog/hello#none']);
});

test('PageScanner reads markup that breaks the rules as browsers do', (t) => {
  t.deepEqual(
    scan('<a href="/a" href="/b"><a/href=/c><a =x href=/d><a a"b href=/e><a b=\'"\' href="/f">').found,
    ['1 link /a', '1 link /c', '1 link /d', '1 link /e', '1 link /f'],
  );
  t.deepEqual(scan('<a <b href="/x">1 < 2 <3 </> </a x="><img src=/y>">').found, ['1 link /x']);
  t.deepEqual(
    scan('<!--><a href="/a"><!---><a href="/b"><!-- --!><a href="/c"><!x><a href="/d"><?y><a href="/e">')
      .found,
    ['1 link /a', '1 link /b', '1 link /c', '1 link /d', '1 link /e'],
  );
  t.deepEqual(
    scan('<textarea><a href="/x"></textarea ><style>a{}</styles><img src=/y></style><a href="/z').found,
    [],
  );
  t.deepEqual(scan('<style>a{background:url(/open.png)').found, ['1 asset /open.png']);
});

test('PageScanner keeps fifty links in 300 bytes', (t) => {
  const html = Array.from({ length: 50 }, (_, n) => `<p>text</p>\n<a href="/page/${n}">x</a>\n`).join('');
  const { found, length } = scan(html);
  t.is(found.length, 50);
  t.true(length <= 300, `${length} bytes`);
});

test('TargetTable keeps its numbers when it is made of what an earlier one had', (t) => {
  const first = new TargetTable();
  const numbers = ['/a', '/b', '/a'].map((each) => first.intern(each));
  const second = new TargetTable(JSON.parse(JSON.stringify(first.all())));
  t.deepEqual(
    ['/a', '/b', '/a', '/c'].map((each) => second.intern(each)),
    [...numbers, 2],
  );
  t.throws(() => second.target(3), { instanceOf: RangeError, message: /none has the number 3/ });
});
