import test from 'ava';
import express from 'express';
import {
  checkSite,
  internalPages,
  PageScanner,
  TargetTable,
  type SiteBase,
} from '../../../src/site/checks/index.ts';
import type { PageRecord } from '../../../src/site/landing/index.ts';
import { openRenderer, orderOf } from '../../render/ask.ts';
import { placeOf } from './checked-site.ts';

const POSTS = Array.from({ length: 40 }, (_, n) => `post-${n + 1}`);

/** A page as people write them: relative links here, root-relative there, a table of contents, a form, an icon sprite. */
function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>${title} &amp; more</title>
  <link rel="stylesheet" href="/static/blog.css"><link rel="alternate" type="application/rss+xml" href="/feed.xml">
  <script type="module" src="/static/blog.js"></script>
  <style>.hero { background: url("/static/hero.jpg") }</style>
</head>
<body>
  <nav><a href="/">Home</a> <a href="/posts">Posts</a> <a href="https://social.example/@blog">Elsewhere</a></nav>
  <main id="main">${main}</main>
  <svg class="icon"><use href="/static/icons.svg#mail"/></svg>
  <form action="/search"><input name="q"></form>
  <script>for (const a of document.links) if (a.href < "<a href='/never'>") a.rel = 'noopener';</script>
</body></html>`;
}

function blog(): express.Express {
  const app = express();
  const links = POSTS.map((slug) => `<li><a href='/posts/${slug}'>${slug}</a>`).join('\n');
  app.get('/', (_request, response) =>
    response.send(page('Home', `<p class=hero>Hello</p>\n<a href=posts#list>All</a>`)),
  );
  app.get('/search', (_request, response) => response.send(page('Search', 'Find')));
  app.get('/posts', (_request, response) => response.send(page('Posts', `<ul id="list">${links}</ul>`)));
  app.get('/posts/:slug', ({ params: { slug } }, response) =>
    response.send(
      page(
        slug,
        `<ol><li><a href="#one">One</a></ol>
<h2 id="one">One</h2><img src="/static/a.jpg" srcset="/static/a.jpg 1x, /static/a-2.jpg 2x" alt="">
<a href="./${POSTS[0]}#one">First</a> <a href="../posts?page=2#list">Back</a>
${slug === 'post-7' ? '<a href="/posts/post-77">Gone</a>\n<a href="post-8#two">No such part</a>' : ''}
${slug === 'post-9' ? '<img src="/static/b.jpg">' : ''}`,
      ),
    ),
  );
  return app;
}

test('a site is crawled by its links, and what is broken in it is found where it stands', async (t) => {
  const base: SiteBase = { origin: 'https://www.example.com', path: '/', slash: 'never' };
  const renderer = openRenderer(t);
  const app = blog();
  const targets = new TargetTable();
  const pages = new Map<string, { record: PageRecord; text: string }>();
  const waiting = ['/'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = `${path.slice(1)}/index.html`.replace(/^\//, '');
    if (pages.has(file) || path === '/posts/post-77') continue;
    const url = base.origin + path;
    const rendering = renderer.render(orderOf(app, { target: path }));
    const { status, headers } = await rendering.head;
    const scanner = new PageScanner(url, base, targets);
    const body = await rendering.body;
    for (let at = 0; at < body.length; at += 100) scanner.write(body.subarray(at, at + 100));
    const { links } = scanner.end();
    const contentType = headers.get('content-type')?.[0] ?? '';
    const record = { url, route: path, status, contentType, headers: {}, inSitemap: true, links };
    pages.set(file, { record, text: body.toString() });
    waiting.push(...internalPages(links, targets, base));
  }
  t.is(pages.size, POSTS.length + 2);

  const others = ['feed.xml', 'search/index.html'];
  const assets = ['a.jpg', 'a-2.jpg', 'blog.css', 'blog.js', 'hero.jpg', 'icons.svg'].map(
    (name) => `static/${name}`,
  );
  const files = new Set([...pages.keys(), ...others, ...assets]);
  const findings = await checkSite({
    base,
    targets,
    has: (file) => files.has(file),
    files: () => files,
    *pages() {
      for (const [file, { record }] of pages) yield { file, record };
    },
    redirects: new Map(),
    readText: async (file) => pages.get(file)?.text ?? '',
    entryFiles: ['index.html'],
    declaredHeaders: [],
  });
  t.deepEqual(findings.map(placeOf).toSorted(), [
    'error ASSET_BROKEN posts/post-9/index.html:16',
    'error FRAGMENT_BROKEN posts/post-7/index.html:16',
    'error LINK_BROKEN posts/post-7/index.html:15',
  ]);
});
