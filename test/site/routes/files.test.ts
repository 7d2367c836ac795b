import test from 'ava';
import { route } from '../../../src/site/routes/route.ts';
import { listed, pathsAndFiles } from './listed.ts';

test('A page is the index.html of its folder, and what has the extension of a type is itself', async (t) => {
  const paths = [
    '/',
    '/about',
    '/feed.xml',
    '/data/posts.json',
    '/v1.2',
    '/.well-known/security.txt',
    '/a.b/c',
  ];
  t.deepEqual(await pathsAndFiles(paths.map((path) => route(path))), {
    '/': 'index.html',
    '/about': 'about/index.html',
    '/feed.xml': 'feed.xml',
    '/data/posts.json': 'data/posts.json',
    '/v1.2': 'v1.2/index.html',
    '/.well-known/security.txt': '.well-known/security.txt',
    '/a.b/c': 'a.b/c/index.html',
  });
});

for (const [trailingSlash, about] of [
  ['never', '/about'],
  ['always', '/about/'],
] as const)
  test(`With trailingSlash "${trailingSlash}" the URL of a page is ${about}, however its route is written`, async (t) => {
    for (const written of ['/about', '/about/'])
      t.deepEqual(await pathsAndFiles([route(written), route('/'), route('/feed.xml')], { trailingSlash }), {
        [about]: 'about/index.html',
        '/': 'index.html',
        '/feed.xml': 'feed.xml',
      });
  });

test('The app is asked for the path as its route is written, whichever form is the URL', async (t) => {
  const [without, with_] = await listed([route('/a'), route('/b/')], { trailingSlash: 'always' });
  t.like(without, { path: '/a/', target: '/a' });
  t.like(with_, { path: '/b/', target: '/b/' });
});

test('"file" names the file with {parameters}, and the URL is what a host answers with it', async (t) => {
  const routes = [
    route('/posts/:year/:slug', { params: [[2026, 'grüße']], file: 'posts/{year}-{slug}.html' }),
    route('/about', { file: 'about.html' }),
    route('/docs/*path', { params: [{ path: 'a/b' }], file: 'manual/{path}/' }),
    route('/404', { file: '404.html' }),
  ];
  t.deepEqual(await pathsAndFiles(routes), {
    '/posts/2026-gr%C3%BC%C3%9Fe.html': 'posts/2026-grüße.html',
    '/about': 'about.html',
    '/manual/a/b': 'manual/a/b/index.html',
    '/404': '404.html',
  });
});

test('"file" with a parameter that the page has not fails with the nearest name', async (t) => {
  const routes = [route('/posts/:slug', { params: ['a'], file: 'posts/{slig}.html' })];
  await t.throwsAsync(listed(routes), { code: 'SITE_URLS', message: /"slig".*"slug"/ });
});

for (const [what, file] of [
  ['climbs out of the site', '../{slug}.html'],
  ['has an empty segment', 'a//{slug}.html'],
  ['has a backslash', 'a\\{slug}.html'],
] as const)
  test(`"file" that ${what} is refused`, async (t) => {
    await t.throwsAsync(listed([route('/:slug', { params: ['a'], file })]), {
      code: 'SITE_URLS',
      message: /The file would be/,
    });
  });

test('An origin with a path stands before every URL, and in no file', async (t) => {
  const pages = await listed([route('/'), route('/about')], { origin: 'https://user.github.io/project' });
  t.deepEqual(
    pages.map(({ url, file, path }) => [url, file, path]),
    [
      ['https://user.github.io/project/', 'index.html', '/'],
      ['https://user.github.io/project/about', 'about/index.html', '/about'],
    ],
  );
});
