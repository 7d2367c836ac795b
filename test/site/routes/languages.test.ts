import test from 'ava';
import { route } from '../../../src/site/routes/route.ts';
import { listed } from './listed.ts';

const LANGUAGES = [{ language: 'en' }, { language: 'pt-BR', prefix: '/br' }];

test('A route is in each language, under its prefix, and the app is asked for it there', async (t) => {
  const pages = await listed([route('/'), route('/posts/:slug', { params: ['hello'] })], {
    languages: LANGUAGES,
  });
  t.deepEqual(
    pages.map(({ language, path, file, target }) => [language, path, file, target]),
    [
      ['en', '/', 'index.html', '/'],
      ['pt-BR', '/br', 'br/index.html', '/br'],
      ['en', '/posts/hello', 'posts/hello/index.html', '/posts/hello'],
      ['pt-BR', '/br/posts/hello', 'br/posts/hello/index.html', '/br/posts/hello'],
    ],
  );
});

test('For a negotiated language the app is asked without the prefix', async (t) => {
  const pages = await listed([route('/'), route('/about')], {
    languages: [{ language: 'de', prefix: '/de', negotiated: true }],
    trailingSlash: 'always',
  });
  t.deepEqual(
    pages.map(({ path, target }) => [path, target]),
    [
      ['/de/', '/'],
      ['/de/about/', '/about'],
    ],
  );
});

test('"file" stands below the prefix of the language', async (t) => {
  const pages = await listed([route('/404', { file: '404.html' })], { languages: LANGUAGES });
  t.deepEqual(
    pages.map(({ file }) => file),
    ['404.html', 'br/404.html'],
  );
});

test('A route is in the languages that it names, or in none', async (t) => {
  const routes = [route('/impressum', { languages: ['pt-BR'] }), route('/feed.xml', { languages: false })];
  const pages = await listed(routes, { languages: LANGUAGES });
  t.deepEqual(
    pages.map(({ path, language }) => [path, language]),
    [
      ['/br/impressum', 'pt-BR'],
      ['/feed.xml', undefined],
    ],
  );
});

test('createSite() refuses a language that the site does not have, and two with one prefix', async (t) => {
  await t.throwsAsync(listed([route('/', { languages: ['fr'] })], { languages: LANGUAGES }), {
    instanceOf: TypeError,
    message: /"\/" in the language "fr"/,
  });
  await t.throwsAsync(listed([route('/')], { languages: [{ language: 'en' }, { language: 'de' }] }), {
    instanceOf: TypeError,
    message: /two languages with the prefix ""/,
  });
});
