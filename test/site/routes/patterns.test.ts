import test from 'ava';
import { route, type RouteParams } from '../../../src/site/routes/route.ts';
import { listed, pathsAndFiles } from './listed.ts';

test('route() takes the parameters of a page by name, or in the order of the pattern', async (t) => {
  const params: RouteParams[] = [{ year: 2026, slug: 'named' }, [2026, 'in-order']];
  const pages = await listed([route('/:year/:slug', { params })]);
  t.deepEqual(
    pages.map(({ url, params: given }) => [url, given]),
    [
      ['https://www.example.com/2026/named', { year: '2026', slug: 'named' }],
      ['https://www.example.com/2026/in-order', { year: '2026', slug: 'in-order' }],
    ],
  );
});

test('route() lets one parameter stand for itself', async (t) => {
  const pages = await listed([route('/years/:year', { params: [2014, '2015'] })]);
  t.deepEqual(
    pages.map(({ path, params }) => [path, params]),
    [
      ['/years/2014', { year: '2014' }],
      ['/years/2015', { year: '2015' }],
    ],
  );
});

test('route() without "params" is one page', async (t) => {
  const [page, ...others] = await listed([route('/about', { name: 'about' })]);
  t.like(page, {
    url: 'https://www.example.com/about',
    file: 'about/index.html',
    route: 'about',
    params: {},
  });
  t.deepEqual(others, []);
});

for (const [source, params] of [
  ['a list', [{ slug: 'a' }, { slug: 'b' }]],
  ['a set', new Set([{ slug: 'a' }, { slug: 'b' }])],
  ['a function that gives a list', () => [{ slug: 'a' }, { slug: 'b' }]],
  ['an async function', async () => [{ slug: 'a' }, { slug: 'b' }]],
  [
    'a generator',
    function* () {
      yield { slug: 'a' };
      yield { slug: 'b' };
    },
  ],
  [
    'an async generator',
    async function* () {
      yield { slug: 'a' };
      yield { slug: 'b' };
    },
  ],
] as const)
  test(`route() takes ${source} as its parameters`, async (t) => {
    t.deepEqual(await pathsAndFiles([route('/posts/:slug', { params })]), {
      '/posts/a': 'posts/a/index.html',
      '/posts/b': 'posts/b/index.html',
    });
  });

test('route() tells the function of its parameters the name of the route', async (t) => {
  const told: string[] = [];
  const params = (name: string): string[] => {
    told.push(name);
    return ['x'];
  };
  await listed([route('/a/:x', { params, name: 'first' }), route('/b/:x', { params })]);
  t.deepEqual(told, ['first', '/b/:x']);
});

test('route() fills a wildcard with a path, or with a list of segments', async (t) => {
  const params = [{ path: 'guide/start' }, { path: ['api', 'v 1'] }];
  t.deepEqual(await pathsAndFiles([route('/docs/*path', { params })]), {
    '/docs/guide/start': 'docs/guide/start/index.html',
    '/docs/api/v%201': 'docs/api/v 1/index.html',
  });
});

test('route() leaves out an optional part whose parameter is missing', async (t) => {
  t.deepEqual(await pathsAndFiles([route('/docs{/:chapter}', { params: [{}, { chapter: 'one' }] })]), {
    '/docs': 'docs/index.html',
    '/docs/one': 'docs/one/index.html',
  });
  t.deepEqual(await pathsAndFiles([route('/docs{/:chapter}')]), { '/docs': 'docs/index.html' });
});

test('route() percent-encodes in URLs what no URL may have, and names files without it', async (t) => {
  const params = ['größe', '日本', 'a b', '50%', 'a?b#c', "it's", '😀'];
  t.deepEqual(await pathsAndFiles([route('/:word', { params })]), {
    '/gr%C3%B6%C3%9Fe': 'größe/index.html',
    '/%E6%97%A5%E6%9C%AC': '日本/index.html',
    '/a%20b': 'a b/index.html',
    '/50%25': '50%/index.html',
    '/a%3Fb%23c': 'a?b#c/index.html',
    "/it's": "it's/index.html",
    '/%F0%9F%98%80': '😀/index.html',
  });
});

test('route() refuses a pattern that Express 5 cannot read, and says how to write it', (t) => {
  t.throws(() => route('/posts/:slug?'), { instanceOf: TypeError, message: /"\/posts\/:slug\?".*"{…}"/ });
  t.throws(() => route('/files/*'), { instanceOf: TypeError, message: /"\/files\/\*".*"\*name"/ });
  t.throws(() => route('posts'), { instanceOf: TypeError, message: /begins with "\/".*"posts"/ });
  t.throws(() => route('/search?q=1'), { instanceOf: TypeError, message: /without query/ });
});

test('createSite() refuses two routes of one name', async (t) => {
  await t.throwsAsync(listed([route('/a', { name: 'page' }), route('/b', { name: 'page' })]), {
    instanceOf: TypeError,
    message: /two routes of the name "page"/,
  });
});

test('urls() leaves out what "exclude" names', async (t) => {
  const routes = [route('/'), route('/admin/:page', { params: ['users', 'log'] }), route('/admin-guide')];
  t.deepEqual(Object.keys(await pathsAndFiles(routes, { exclude: ['/admin/*rest'] })), ['/', '/admin-guide']);
});

test('"exclude" takes a path as people write it, and as browsers ask for it', async (t) => {
  const routes = [route('/:page', { params: ['ü', 'ö', 'o'] })];
  const left = await pathsAndFiles(routes, { exclude: ['/ü', '/%C3%B6'] });
  t.deepEqual(Object.values(left), ['o/index.html']);
});

test('What a pattern says itself is percent-encoded in URLs as parameters are', async (t) => {
  t.deepEqual(await pathsAndFiles([route('/über uns/100%'), route('/%C3%A4')]), {
    '/%C3%BCber%20uns/100%25': 'über uns/100%/index.html',
    '/%C3%A4': 'ä/index.html',
  });
});
