import test from 'ava';
import { checkSite, internalPages } from '../../../src/site/checks/index.ts';
import { found, messages, siteOf } from './checked-site.ts';

const PROJECT = { origin: 'https://user.github.io', path: '/project/', slash: 'always' } as const;

test('checkSite() finds nothing in a site that is whole', async (t) => {
  const files = {
    'index.html':
      '<a href="/about#team">a</a><a href="/feed.xml"></a><img src="/a.png"><a href="/old.html?x">',
    'about/index.html': '<h2 id="team"></h2><a href="/#main"></a><a href="#top"></a><a href="/">',
    'old.html': '<main id="main"></main>',
    'feed.xml': { text: '<rss/>', contentType: 'application/xml; charset=utf-8' },
    'a.png': null,
  };
  t.deepEqual(await found({ ...files, 'index.html': `${files['index.html']}<main id="main">` }), []);
});

test('checkSite() finds links and references that lead to nothing, with their lines, and the nearest name', async (t) => {
  const files = {
    'index.html':
      '<a href="/about">\n<a href="/abuot"></a>\n<img src="/img/log.png">\n<a href="/blog/news?p=1"></a>',
    'about/index.html': '<link rel="stylesheet" href="/none/at-all.css"><a href="/really/nothing"></a>',
    'posts/news/index.html': '',
    'img/logo.png': null,
  };
  t.deepEqual(await found(files), [
    'error LINK_BROKEN index.html:2',
    'error ASSET_BROKEN index.html:3',
    'error LINK_BROKEN index.html:4',
    'error ASSET_BROKEN about/index.html:1',
    'error LINK_BROKEN about/index.html:1',
  ]);
  t.deepEqual(await messages(files), [
    'The link leads to "/abuot", which is not in the site. Did you mean "/about"?',
    'The page refers to "/img/log.png", which is not in the site. Did you mean "/img/logo.png"?',
    'The link leads to "/blog/news", which is not in the site. Did you mean "/posts/news"?',
    'The page refers to "/none/at-all.css", which is not in the site. Mend the URL, or bring the file in by "assets", "copies" or "passThrough".',
    'The link leads to "/really/nothing", which is not in the site. Mend the link, or name the page in "routes".',
  ]);
});

test('checkSite() only warns of what stands in a template or a form', async (t) => {
  const html =
    '<template><a href="/x"></a><img src="/{{ id }}.png"></template>\n<form action="/search"></form>';
  t.deepEqual(await found({ 'index.html': html }), [
    'warning LINK_BROKEN index.html:1',
    'warning LINK_BROKEN index.html:1',
    'warning LINK_BROKEN index.html:2',
  ]);
});

test('checkSite() lists a fault for the first hundred links, and the last tells how many more pages have it', async (t) => {
  const pages = Array.from({ length: 500 }, (_, n) => [`p${n}/index.html`, '<a href="/gone"></a>'.repeat(3)]);
  const findings = await checkSite(siteOf(Object.fromEntries(pages)));
  t.is(findings.length, 100);
  t.is(findings[99]?.file, 'p33/index.html');
  t.regex(findings[99]?.message ?? '', / So have 466 more pages\.$/);
  t.notRegex(findings[98]?.message ?? '', /more/);
});

test('checkSite() warns of links that only a redirect mends, and says where they lead', async (t) => {
  const files = {
    'index.html': '<a href="/about/"></a>\n<a href="/old"></a>\n<a href="/away"></a>\n<a href="/older/#x">',
    'about/index.html': '<p id="x">',
    'old/index.html': null,
  };
  const redirects = new Map([
    ['/old', '/about'],
    ['/older', '/old'],
    ['/away', 'https://other.example/x'],
  ]);
  t.deepEqual(
    await found(files, { redirects }),
    [1, 2, 3, 4].map((line) => `warning LINK_REDIRECTED index.html:${line}`),
  );
  t.deepEqual(await messages(files, { redirects }), [
    'The link leads to a redirect to "/about". Write that instead.',
    'The link leads to a redirect to "/about". Write that instead.',
    'The link leads to a redirect to "https://other.example/x". Write that instead.',
    'The link leads to a redirect to "/about". Write that instead.',
  ]);
  const always = { base: { origin: 'https://www.example.com', path: '/', slash: 'always' } } as const;
  t.deepEqual(await messages({ 'index.html': '<a href="/about">', 'about/index.html': '' }, always), [
    'The link leads to a redirect to "/about/". Write that instead.',
  ]);
});

test('checkSite() finds redirects that lead to nothing, and in a circle', async (t) => {
  const redirects = new Map([
    ['/a', '/b'],
    ['/b', '/a'],
    ['/c', '/gone'],
    ['/d', 'https://www.example.com/'],
  ]);
  t.deepEqual(await messages({ 'index.html': '<a href="/c"></a>' }, { redirects }), [
    'The link leads to "/c", which is redirected to "/gone", where nothing is. Mend the redirect.',
    'The redirect from "/a" leads to "/b", where nothing is. Mend it in "redirects", or in the app.',
    'The redirect from "/b" leads to "/a", where nothing is. Mend it in "redirects", or in the app.',
    'The redirect from "/c" leads to "/gone", where nothing is. Mend it in "redirects", or in the app.',
  ]);
});

test('checkSite() finds links that assume the root of a host that the site has only a path of', async (t) => {
  const files = {
    'index.html':
      '<link rel="stylesheet" href="/app.css">\n<a href="/about/"></a>\n<a href="about/"></a><a href="/project/about/"></a>',
    'about/index.html':
      '<a href="..">\n<a href="https://user.github.io/other/"></a>\n<a href="/project"></a>',
    'app.css': null,
  };
  t.deepEqual(await found(files, { base: PROJECT }), [
    'error LINK_OUTSIDE index.html:1',
    'error LINK_OUTSIDE index.html:2',
    'warning LINK_OUTSIDE about/index.html:2',
    'warning LINK_REDIRECTED about/index.html:3',
  ]);
  const [, link = ''] = await messages(files, { base: PROJECT });
  t.is(
    link,
    'The link leads to "/about/", which is outside of "/project/", where the site is. The app assumes the root of the host: let it begin its paths with req.baseUrl, or write relative links.',
  );
});

test('checkSite() finds links to hosts that visitors cannot reach', async (t) => {
  const files = {
    'index.html':
      '\n<a href="http://localhost:3000/about"></a>\n<script src="http://10.0.0.7/a.js"></script>',
  };
  t.deepEqual(await found(files), ['error LINK_LOCAL index.html:2', 'error LINK_LOCAL index.html:3']);
});

test('checkSite() finds ids that a page does not have, and reads only pages that a fragment is asked of', async (t) => {
  const files = {
    'index.html':
      '<a href="#here"></a>\n<a href="/about#taem"></a>\n<a href="/about#%C3%BC"></a>\n<a href="#there"></a><p id="here">',
    'about/index.html': '<h2 id=team></h2><a name="ü"></a><a href="/other"></a>',
    'other/index.html': '<p id="x"><a href="/about">',
    'logo.svg': null,
  };
  const site = siteOf(files);
  const read: string[] = [];
  const findings = await checkSite({
    ...site,
    readText: (file) => {
      read.push(file);
      return site.readText(file);
    },
  });
  t.deepEqual(
    findings.map(({ kind, file, line, message }) => [kind, file, line, message]),
    [
      [
        'FRAGMENT_BROKEN',
        'index.html',
        2,
        'The link names the id "taem", which is not in "about/index.html". Did you mean "team"?',
      ],
      [
        'FRAGMENT_BROKEN',
        'index.html',
        4,
        'The link names the id "there", which is not in "index.html". Did you mean "here"?',
      ],
    ],
  );
  t.deepEqual(read.toSorted(), ['about/index.html', 'index.html']);
});

test('checkSite() finds pages that a host sends with another media type', async (t) => {
  const files = {
    'index.html': { text: '', contentType: 'application/json; charset=utf-8' },
    'feed.xml': { text: '', contentType: 'application/rss+xml; charset=utf-8' },
    'atom.xml': { text: '', contentType: 'application/atom+xml' },
    'plain.xml': { text: '', contentType: 'text/xml' },
    'data.json': { text: '', contentType: 'text/html' },
    LICENCE: { text: '', contentType: 'text/plain' },
    'app.js': { text: '', contentType: 'application/javascript' },
    typed: { text: '', contentType: 'text/html; charset=utf-8' },
    'latin.html': { text: '', contentType: 'text/html; charset=iso-8859-1' },
  };
  const declaredHeaders = [{ path: '/typed', headers: { 'Content-Type': 'text/html' } }];
  t.deepEqual(await found(files, { declaredHeaders }), [
    'error TYPE_DIFFERS index.html',
    'warning TYPE_DIFFERS feed.xml',
    'warning TYPE_DIFFERS atom.xml',
    'error TYPE_DIFFERS data.json',
    'error TYPE_DIFFERS LICENCE',
  ]);
  const [, feed] = await messages(files, { declaredHeaders });
  t.is(
    feed,
    'The app sends "application/rss+xml", but the host will send "application/xml". Add { path: "/feed.xml", headers: { "Content-Type": "application/rss+xml; charset=utf-8" } } to "headers".',
  );
});

test('checkSite() finds names that differ by case alone', async (t) => {
  const files = { 'index.html': '', 'img/Logo.png': null, 'img/logo.png': null };
  t.deepEqual(await found(files), ['warning CASE_CLASH img/logo.png']);
});

test('checkSite() finds headers that the site does not declare, once for each value, and says what to write', async (t) => {
  const files = {
    'index.html': { text: '', headers: { 'x-frame-options': 'DENY', 'content-language': 'de' } },
    'blog/a/index.html': { text: '', headers: { 'x-frame-options': 'DENY', 'content-language': 'en' } },
    'blog/b/index.html': { text: '', headers: { 'x-frame-options': 'DENY', 'content-language': 'en' } },
    'csp/1/index.html': { text: '', headers: { 'content-security-policy': "script-src 'nonce-abc'" } },
    'csp/2/index.html': { text: '', headers: { 'content-security-policy': "script-src 'nonce-def'" } },
  };
  const declaredHeaders = [{ path: '/', headers: { 'Content-Language': 'de' } }];
  t.deepEqual(await messages(files, { declaredHeaders }), [
    'The app sends the header "x-frame-options" with the value "DENY" with 3 pages, and the site will not have it. Add { path: "/*", headers: { "x-frame-options": "DENY" } } to "headers".',
    'The app sends the header "content-language" with the value "en" with 2 pages, and the site will not have it. Add { path: "/blog/*", headers: { "content-language": "en" } } to "headers".',
    `The app sends the header "content-security-policy" with the value "script-src 'nonce-…'" with 2 pages, and the site will not have it. A nonce must be new for each answer, which a file cannot be: use hashes.`,
  ]);
});

test('checkSite() finds pages that no other page links to, and routes of the app that answered none', async (t) => {
  const files = {
    'index.html': '<a href="/linked"></a><a href="/redirected/"></a>',
    'linked/index.html': { text: '<a href="/linked">', appRoute: '/:page' },
    'redirected/index.html': '',
    'alone/index.html': '<a href="/alone">',
    'data.json': { text: '{}', contentType: 'application/json' },
    '404.html': { text: '', status: 404 },
  };
  const settings = { entryFiles: ['index.html'], appRoutes: ['/:page', '/admin'] };
  t.deepEqual(await found(files, settings), [
    'warning LINK_REDIRECTED index.html:1',
    'warning PAGE_UNLINKED alone/index.html',
    'warning ROUTE_MISSING',
  ]);
  const last = (await messages(files, settings)).at(-1);
  t.is(
    last,
    'The app has the route "/admin", and no page of it is in the site. Add it to "routes", or to "exclude".',
  );
});

test('internalPages() tells each path of the site that a visitor can follow a link to', (t) => {
  const html =
    '<a href="/project/a/#x"></a><a href="/project/a/"></a><a href="/b"></a><a href="."></a><img src="i.png"><a href="http://localhost/">';
  const site = siteOf({ 'index.html': html }, { base: PROJECT });
  const [page] = site.pages();
  t.deepEqual([...internalPages(page?.record.links ?? '', site.targets, PROJECT)], ['/a/', '/']);
});
