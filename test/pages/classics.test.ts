import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createPages, fileStore, type PagesOptions } from '../../src/pages.ts';
import { until } from '../helpers/descriptors.ts';
import { freePort } from '../helpers/free-port.ts';
import { get as memcachedGet, MemcachedNode } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { request } from '../helpers/request.ts';
import { newStore, startServers } from './memcached-store/cluster.ts';
import { startPages, type PagesApp } from './pages-app.ts';

// The documented examples of StaticGenerator, and of StaticGeneratorMem, which does the same in memcached, in our spelling.

/** A model that knows its URL. */
class Post {
  readonly slug: string;

  constructor(slug: string) {
    this.slug = slug;
  }

  getAbsoluteUrl(): string {
    return `/blog/${this.slug}/`;
  }
}

/** What a query set is: rows that come when they are asked for. */
async function* livePosts(): AsyncGenerator<Post> {
  yield new Post('one');
  yield new Post('two');
}

interface Classic extends PagesApp {
  readonly deleted: Set<string>;
  readonly targets: () => Promise<string[]>;
}

/** A blog whose pages say how often they were rendered. */
async function startClassic(t: ExecutionContext, options: Partial<PagesOptions> = {}): Promise<Classic> {
  const deleted = new Set<string>();
  let renders = 0;
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/*any', ({ path, headers }, response) => {
        renders += 1;
        if (deleted.has(path)) response.sendStatus(404);
        else if (path === '/fails') response.sendStatus(500);
        else response.send(`${path} ${renders} ${headers.cookie ?? 'anonymous'}`);
      });
      app.get('/', (_request, response) => response.send('home'));
    },
    { app: () => site.app, ...options },
  );
  const targets: Classic['targets'] = async () => {
    const found: string[] = [];
    for await (const { target } of site.pages.list()) found.push(target);
    return found.toSorted();
  };
  return { ...site, deleted, targets };
}

type Proof = (t: ExecutionContext, options: Partial<PagesOptions>) => Promise<void>;

/** Proves an example with pages as files, and with pages in memcached. */
function claim(title: string, prove: Proof): void {
  test(`StaticGenerator: ${title}`, (t) => prove(t, {}));
  test(`StaticGeneratorMem: ${title}`, async (t) => prove(t, { store: newStore(await startServers(t, 2)) }));
}

claim(
  'STATIC_GENERATOR_URLS: the middleware saves the 200 responses of listed URL patterns, and no others',
  async (t, options) => {
    const { get, targets, deleted } = await startClassic(t, {
      ...options,
      urls: [/^\/$/, /^\/(articles|projects|about|fails)/],
    });
    deleted.add('/articles/gone');
    for (const path of [
      '/',
      '/articles/',
      '/articles/one',
      '/about',
      '/articles/gone',
      '/fails',
      '/contact',
      '/about?page=2',
    ])
      await get(path);
    await get('/projects', {}, 'POST');
    t.deepEqual(await targets(), ['/', '/about', '/articles/', '/articles/one']);
  },
);

claim(
  'STATIC_GENERATOR_EXCLUDE_URLS: excluded URLs are not saved although a pattern has them',
  async (t, options) => {
    const { get, targets } = await startClassic(t, {
      ...options,
      urls: [/^\/articles/],
      exclude: [/\.xml$/, '/articles/drafts/*rest'],
    });
    for (const path of ['/articles/one', '/articles/feed.xml', '/articles/drafts/two']) await get(path);
    t.deepEqual(await targets(), ['/articles/one']);
  },
);

claim("quick_publish('/') publishes a page by its URL", async (t, options) => {
  const { pages, targets } = await startClassic(t, options);
  await pages.publish('/');
  t.deepEqual(await targets(), ['/']);
});

claim(
  'quick_publish() publishes an object by get_absolute_url, a model, a query set, and any of them nested',
  async (t, options) => {
    const { pages, targets } = await startClassic(t, options);
    await pages.publish('/', new Post('first'));
    t.deepEqual(await targets(), ['/', '/blog/first/']);
    await pages.publish(livePosts);
    t.deepEqual(await targets(), ['/', '/blog/first/', '/blog/one/', '/blog/two/']);
    await pages.clear();
    await pages.publish(['/about', [livePosts()], () => [new Post('three'), ['/']]]);
    t.deepEqual(await targets(), ['/', '/about', '/blog/one/', '/blog/three/', '/blog/two/']);
  },
);

claim(
  'quick_delete() deletes by URL, by object and by query set, and what is missing is no error',
  async (t, options) => {
    const { pages, targets } = await startClassic(t, options);
    await pages.publish('/', '/about', livePosts);
    const { results } = await pages.delete('/', new Post('one'), '/never');
    t.is(results.find(({ url }) => url.endsWith('/never'))?.result, 'missing');
    t.deepEqual(await targets(), ['/about', '/blog/two/']);
    await pages.delete(livePosts(), '/about');
    t.deepEqual(await targets(), []);
  },
);

claim('recursive_delete() deletes everything below a URL', async (t, options) => {
  const { pages, targets } = await startClassic(t, options);
  await pages.publish('/', '/blogs', '/blog/', livePosts);
  await pages.delete('/blog/', { recursive: true });
  t.deepEqual(await targets(), ['/', '/blogs']);
});

claim(
  'signals: a page is published when a model is saved, with the index, and deleted when the model is',
  async (t, options) => {
    const { pages, get, targets, deleted } = await startClassic(t, options);
    const signals = new EventEmitter();
    pages.invalidateOn(signals, 'post_save', (post: Post) => [post, '/']);
    pages.invalidateOn(signals, 'post_delete', (post: Post) => [post, '/']);
    const post = new Post('one');
    signals.emit('post_save', post);
    await until(async () => (await targets()).length === 2);
    const first = (await get('/blog/one/')).body.toString();
    signals.emit('post_save', post);
    await until(async () => (await get('/blog/one/')).body.toString() !== first);
    deleted.add('/blog/one/');
    signals.emit('post_delete', post);
    await until(async () => (await targets()).length === 1);
    t.is((await get('/blog/one/')).status, 404);
  },
);

claim(
  'STATIC_GENERATOR_ANONYMOUS_ONLY: who is logged in is answered by the app, and nothing of him is saved',
  async (t, options) => {
    const { get, targets, status } = await startClassic(t, { ...options, bypassCookies: ['sessionid'] });
    t.regex((await get('/a', { Cookie: 'sessionid=alice' })).body.toString(), /sessionid=alice/);
    t.deepEqual(await targets(), []);
    t.regex((await get('/a', { Cookie: 'theme=dark' })).body.toString(), /anonymous/);
    t.is(await status('/a', { Cookie: 'theme=dark' }), 'static-url; hit');
    t.regex((await get('/a', { Cookie: 'theme=dark; sessionid=alice' })).body.toString(), /sessionid=alice/);
    t.regex((await get('/a')).body.toString(), /anonymous/);
  },
);

claim(
  'the marker cookie tells those who are logged in from those who only have a session',
  async (t, options) => {
    const { status } = await startClassic(t, { ...options, bypassCookies: ['logged_in'] });
    await status('/a');
    t.is(await status('/a', { Cookie: 'sessionid=1' }), 'static-url; hit');
    t.is(
      await status('/a', { Cookie: 'sessionid=1; logged_in=yes' }),
      'static-url; fwd=bypass; detail=COOKIE',
    );
    t.is(await status('/a', { Cookie: 'sessionid=1' }), 'static-url; hit');
  },
);

claim('the stale page is served while the fresh one renders', async (t, options) => {
  const gate = new EventEmitter();
  let text = 'stale';
  let isHeld = false;
  const { pages, get } = await startPages(
    t,
    (app) => {
      app.get('/a', (_request, response) => {
        if (isHeld) gate.once('open', () => response.send(text));
        else response.send(text);
      });
    },
    options,
  );
  await get('/a');
  [text, isHeld] = ['fresh', true];
  const published = pages.publish('/a');
  await until(() => gate.listenerCount('open') === 1);
  t.is((await get('/a')).body.toString(), 'stale');
  gate.emit('open');
  await published;
  t.is((await get('/a')).body.toString(), 'fresh');
});

test('WEB_ROOT: a page is a file that a web server can serve, at a path made of its URL', async (t) => {
  const { pages, store, url } = await startClassic(t);
  await pages.publish('/', new Post('one'), '/about');
  const root = join(store.folder, 'current', 'pages', new URL(url).host.replace(':', '+'));
  t.is(await readFile(join(root, '@.html'), 'utf8'), 'home');
  t.regex(await readFile(join(root, 'about@.html'), 'utf8'), /^\/about \d anonymous$/);
  t.regex(await readFile(join(root, 'blog/one/@.html'), 'utf8'), /^\/blog\/one\/ \d anonymous$/);
});

test('StaticGeneratorMem: the key is made of host and path, so two sites of one app have pages of their own', async (t) => {
  const [port, other] = [await freePort(), await freePort()];
  const sites = [`http://127.0.0.1:${port}`, `http://other.localhost:${other}`];
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/a', ({ headers }, response) => response.send(`page of ${headers.host}`));
    },
    { sites, app: () => site.app },
  );
  const { url, pages } = site;
  const ask = async (host: string): Promise<string> =>
    (await request(url, '/a', { headers: { Host: host } })).body.toString();
  await pages.publish(sites.map((each) => `${each}/a`));
  t.deepEqual(site.asked.splice(0), ['/a', '/a']);
  for (const host of [`127.0.0.1:${port}`, `other.localhost:${other}`])
    t.is(await ask(host), `page of ${host}`);
  t.deepEqual(site.asked, []);
  await pages.delete('/a');
  t.is(await ask(`other.localhost:${other}`), `page of other.localhost:${other}`);
  t.deepEqual(site.asked, [], 'deleting a path deletes it of the first site');
  t.is(await ask('evil.example'), 'page of evil.example');
  t.deepEqual(site.asked, ['/a'], 'another host is never stored');
  const second = createPages({ sites, urls: ['/a'], store: fileStore({ folder: site.store.folder }) });
  t.teardown(() => second.close());
  const left: string[] = [];
  for await (const page of second.list()) left.push(page.url);
  t.deepEqual(left, [`${sites[1]}/a`]);
});

test('StaticGeneratorMem: nginx finds a page by a key of host and path', async (t) => {
  const [server] = await startServers(t, 1);
  if (server === undefined) return t.fail('No server was started.');
  const { pages, url } = await startClassic(t, { store: newStore([server], { gzip: false }) });
  await pages.publish('/', new Post('one'));
  const [parsed] = parseServers([server.server], 'servers');
  if (parsed === undefined) return t.fail('The server has no address.');
  const node = new MemcachedNode(parsed, { deadlineMilliseconds: 60_000 });
  t.teardown(() => node.close());
  const key = `pages:${new URL(url).host.replace(':', '+')}/blog/one/`;
  const [items] = await node.run(memcachedGet([key]));
  return t.regex(items.get(key)?.value.toString() ?? '', /^\/blog\/one\/ \d anonymous$/);
});
