import test from 'ava';
import { urlsOf, type Resource } from '../../src/pages/resources.ts';
import { startPages } from './pages-app.ts';

async function all(resource: Resource): Promise<string[]> {
  const urls: string[] = [];
  for await (const url of urlsOf(resource)) urls.push(url);
  return urls;
}

/** A model whose URL only its prototype knows. */
class Post {
  readonly #slug: string;

  constructor(slug: string) {
    this.#slug = slug;
  }

  getAbsoluteUrl(): string {
    return `/posts/${this.#slug}`;
  }
}

class Page {
  get url(): string {
    return '/about';
  }
}

async function* query(): AsyncGenerator<Post> {
  yield new Post('a');
  yield new Post('b');
}

function* generate(): Generator<Resource> {
  yield '/1';
  yield [new Page(), () => '/2'];
}

const RESOURCES: Readonly<Record<string, readonly [resource: Resource, urls: readonly string[]]>> = {
  'a path': ['/a', ['/a']],
  'a URL of a site': ['https://example.com/a?b=1', ['https://example.com/a?b=1']],
  'a URL object': [new URL('https://example.com/a'), ['https://example.com/a']],
  'an object with a url': [{ url: '/a' }, ['/a']],
  'an object with a URL object as its url': [
    { url: new URL('https://example.com/a') },
    ['https://example.com/a'],
  ],
  'an object whose class has a url': [new Page(), ['/about']],
  'an object with getAbsoluteUrl()': [new Post('a'), ['/posts/a']],
  'an object whose getAbsoluteUrl() gives a promise of a URL object': [
    { getAbsoluteUrl: () => Promise.resolve(new URL('https://example.com/a')) },
    ['https://example.com/a'],
  ],
  'an object with getAbsoluteUrl() and a url of another kind': [
    Object.assign(new Post('a'), { url: 'not-this' }),
    ['/posts/a'],
  ],
  'a list': [
    ['/a', '/b'],
    ['/a', '/b'],
  ],
  'no list at all': [[], []],
  'a set': [new Set(['/a', '/b']), ['/a', '/b']],
  'the values of a map': [new Map([[1, new Post('a')]]).values(), ['/posts/a']],
  'a generator': [generate(), ['/1', '/about', '/2']],
  'an async generator, as a query gives its rows': [query(), ['/posts/a', '/posts/b']],
  'a function that gives an async generator': [query, ['/posts/a', '/posts/b']],
  'an async function': [async () => [new Post('a')], ['/posts/a']],
  'a promise of a list of promises': [Promise.resolve([Promise.resolve('/a')]), ['/a']],
  'all of them nested': [
    [['/a', [new Post('b')]], () => [{ url: '/c' }, query()], Promise.resolve(() => '/d')],
    ['/a', '/posts/b', '/c', '/posts/a', '/posts/b', '/d'],
  ],
};

for (const [what, [resource, urls]] of Object.entries(RESOURCES))
  test(`a resource is ${what}`, async (t) => {
    t.deepEqual(await all(resource), urls);
  });

const NAMELESS: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  'a number': 7,
  'a boolean': true,
  'an object': { id: 1 },
  'an object with a url that is none': { url: 7 },
  'an object whose getAbsoluteUrl() gives nothing': { getAbsoluteUrl: () => undefined },
  'an object whose getAbsoluteUrl() gives a promise of a number': { getAbsoluteUrl: async () => 7 },
  'a map of rows by their ids': new Map([[1, '/a']]),
};

for (const [what, value] of Object.entries(NAMELESS))
  test(`what has no URL is a TypeError that says what has one: ${what}`, async (t) => {
    for (const resource of [value, ['/a', value], () => value])
      await t.throwsAsync(all(resource as Resource), {
        instanceOf: TypeError,
        message: /^A page is named by a path, a URL, an object with "url" or "getAbsoluteUrl\(\)"/,
      });
  });

test('publish() takes a plain object with a URL at its end for a page, and without one for options', async (t) => {
  const { get, pages, url } = await startPages(t, (routes) => {
    routes.get('/a', (_request, response) => response.send('a'));
  });
  await get('/');
  for (const last of [{ url: '/a' }, { getAbsoluteUrl: () => '/a' }, { url: '/a', force: 1 }])
    t.deepEqual((await pages.publish(last)).results, [{ url: `${url}/a`, result: 'published' }]);
  t.deepEqual((await pages.publish('/a', { force: true })).results, [
    { url: `${url}/a`, result: 'published' },
  ]);
  await t.throwsAsync(pages.publish('/a', { forse: true } as never), {
    instanceOf: TypeError,
    message: /forse/,
  });
});
