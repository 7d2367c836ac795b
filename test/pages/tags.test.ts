import { AsyncResource } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import { setTimeout as later } from 'node:timers/promises';
import test from 'ava';
import DataLoader from 'dataloader';
import type { PageLocals } from '../../src/express.ts';
import { createPages, fileStore, type Pages, type PurgedPages } from '../../src/pages.ts';
import { until } from '../helpers/descriptors.ts';
import { runNode } from '../helpers/run-node.ts';
import { startPages, type PagesApp } from './pages-app.ts';

async function tagsOf(pages: Pages): Promise<Record<string, string[]>> {
  const tags: Record<string, string[]> = {};
  for await (const page of pages.list()) tags[page.target] = page.tags.toSorted();
  return tags;
}

/** Code far from the request. */
async function loadPost(pages: Pages, id: string): Promise<string> {
  await later(1);
  pages.tag(`post:${id}`, 'posts');
  return `post ${id}`;
}

test('pages.tag() in code that reads data tags the page that is being rendered, and invalidate() removes it', async (t) => {
  const { pages, get, status, url } = await startPages(t, (app, own) => {
    app.get('/posts/:id', async ({ params }, response) => {
      const [post] = await Promise.all([loadPost(own, params.id), loadPost(own, params.id)]);
      response.send(post);
    });
    app.get('/about', (_request, response) => response.send('about'));
  });
  await Promise.all(['/posts/1', '/posts/2', '/about'].map((path) => get(path)));
  t.deepEqual(await tagsOf(pages), {
    '/posts/1': ['post:1', 'posts'],
    '/posts/2': ['post:2', 'posts'],
    '/about': [],
  });
  const { results } = await pages.invalidate({ tags: ['post:1', 'post:none'] });
  t.deepEqual(results, [{ url: `${url}/posts/1`, result: 'deleted' }]);
  t.is(await status('/posts/1'), 'static-url; fwd=uri-miss; stored');
  t.is(await status('/posts/2'), 'static-url; hit');
  t.is((await pages.invalidate({ tags: ['posts'] })).results.length, 2);
  t.deepEqual(await tagsOf(pages), { '/about': [] });
});

test('a loader runs the batch of many pages in the context of one, and response.locals.pages.tag() tags each', async (t) => {
  const { pages, get } = await startPages(t, (app, own) => {
    const queue = new EventEmitter();
    const loader = new DataLoader<string, string>(
      async (ids) => {
        own.tag(...ids.map((id) => `batch:${id}`));
        return ids;
      },
      { batchScheduleFn: (run) => queue.once('full', run) },
    );
    let queued = 0;
    app.get('/posts/:id', async ({ params }, response) => {
      const loading = loader.load(params.id);
      if ((queued += 1) === 2) queue.emit('full');
      (response.locals['pages'] as PageLocals).tag(`post:${await loading}`);
      response.send(params.id);
    });
  });
  await Promise.all([get('/posts/1'), get('/posts/2')]);
  const tags = await tagsOf(pages);
  t.true(tags['/posts/1']?.includes('post:1'));
  t.true(tags['/posts/2']?.includes('post:2'));
  t.is(Object.values(tags).flat().length, 4);
  t.true(Object.values(tags).some(({ length }) => length === 1));
});

// Alone: whatever else this process renders is refused too.
test.serial(
  'a tag whose page nobody can tell refuses every render under way as TAG_LOST, but none that begins later',
  async (t) => {
    const gate = new EventEmitter();
    const { pages, status, asked } = await startPages(t, (app) => {
      app.get('/:page', async (_request, response) => {
        if (asked.length <= 2) await once(gate, 'open');
        response.send('a');
      });
    });
    const waiting = [status('/a'), status('/b')];
    await until(() => asked.length === 2);
    // No page's context: a queue, a batch of many pages.
    pages.tag('lost');
    gate.emit('open');
    await until(() => asked.length === 4);
    t.deepEqual(await Promise.all(waiting), Array(2).fill('static-url; fwd=uri-miss; detail=TAG_LOST'));
    t.is(await status('/c'), 'static-url; fwd=uri-miss; stored');
  },
);

for (const [who, headers] of [
  ['a page that is rendered', {}],
  ['a visitor', { Cookie: 'session=1' }],
] as const)
  test.serial(
    `a tag in the context of ${who} is lost once that is over, as in a connection opened there`,
    async (t) => {
      const { pages, get, status } = await startPages(t, (app, own) => {
        own.tag('before');
        let connection: AsyncResource | undefined;
        app.get('/:page', async (_request, response) => {
          connection ??= new AsyncResource('connection');
          await later(1);
          connection.runInAsyncScope(() => own.tag('a'));
          response.send('a');
        });
      });
      await get('/a', headers);
      t.is(await status('/b'), 'static-url; fwd=uri-miss; detail=TAG_LOST');
      t.is((await tagsOf(pages))['/b'], undefined);
    },
  );

test('a lost tag is warned of once, says what to do, and is nothing where no page is being rendered', async (t) => {
  const { stderr } = await runNode(`
    import { AsyncResource } from 'node:async_hooks';
    import { tmpdir } from 'node:os';
    import { mkdtempSync, rmSync } from 'node:fs';
    const { createPages, fileStore } = await import(${JSON.stringify(new URL('../../src/pages.ts', import.meta.url).href)});
    const folder = mkdtempSync(tmpdir() + '/static-url-tags-');
    let outside;
    const app = (request, response) => { outside(); response.setHeader('Content-Type', 'text/html').end('a'); };
    const pages = createPages({ sites: ['http://a.example'], urls: ['/a'], store: fileStore({ folder: folder + '/store' }), app });
    pages.tag('before');
    const lost = new AsyncResource('test');
    outside = () => lost.runInAsyncScope(() => pages.tag('lost'));
    const codes = [];
    for (const _ of [1, 2]) codes.push((await pages.publish('/a')).results[0].code);
    console.error(codes.join());
    await pages.close();
    rmSync(folder, { recursive: true });`);
  t.is(stderr.match(/STATIC_URL_TAG_LOST/g)?.length, 1);
  t.regex(stderr, /response\.locals\.pages\.tag\(\)/);
  t.regex(stderr, /^TAG_LOST,TAG_LOST$/m);
});

test("the tags of a bypassed visitor's request are for nothing, and disturb no render", async (t) => {
  const gate = new EventEmitter();
  const { pages, get, status, asked } = await startPages(t, (app, own) => {
    app.get('/slow', async (_request, response) => {
      await once(gate, 'open');
      own.tag('slow');
      response.send('slow');
    });
    app.get('/mine', async (_request, response) => {
      await loadPost(own, 'mine');
      (response.locals['pages'] as PageLocals).tag('mine');
      response.send('mine');
    });
  });
  const slow = status('/slow');
  await until(() => asked.length === 1);
  await get('/mine', { Cookie: 'session=1' });
  gate.emit('open');
  t.is(await slow, 'static-url; fwd=uri-miss; stored');
  t.deepEqual(await tagsOf(pages), { '/slow': ['slow'] });
});

test('"requireTags" refuses a page without any tag', async (t) => {
  const { status } = await startPages(
    t,
    (app, own) => {
      app.get('/tagged', (_request, response) => {
        own.tag('a');
        response.send('a');
      });
      app.get('/untagged', (_request, response) => response.send('a'));
    },
    { requireTags: true },
  );
  t.is(await status('/tagged'), 'static-url; fwd=uri-miss; stored');
  t.is(await status('/untagged'), 'static-url; fwd=uri-miss; detail=NO_TAGS');
});

for (const [header, expected] of [
  ['Cache-Tag', '%C3%A9%2C,%EF%BF%BD,a%20b,post:1'],
  ['Surrogate-Key', '%C3%A9%2C %EF%BF%BD a%20b post:1'],
] as const)
  test(`"cacheTagHeader" sends the tags as ${header} on misses and hits, none where there are none`, async (t) => {
    const { get } = await startPages(
      t,
      (app, own) => {
        app.get('/a', (_request, response) => {
          own.tag('post:1', 'a b', 'é,', '\ud800');
          response.send('a');
        });
        app.get('/b', (_request, response) => response.send('b'));
      },
      { cacheTagHeader: header },
    );
    const tags = async (path: string): Promise<unknown> => {
      const { headers } = await get(path);
      const value = headers[header.toLowerCase()];
      const separator = header === 'Cache-Tag' ? ',' : ' ';
      return [headers['cache-status'], String(value).split(separator).toSorted().join(separator)];
    };
    t.deepEqual(await tags('/a'), ['static-url; fwd=uri-miss; stored', expected]);
    t.deepEqual(await tags('/a'), ['static-url; hit', expected]);
    t.deepEqual(await tags('/b'), ['static-url; fwd=uri-miss; stored', 'undefined']);
  });

test('"purged" tells the URLs and tags that went, of pages that another process stored as well', async (t) => {
  const site: PagesApp = await startPages(
    t,
    (app, own) => {
      app.get('/:page', ({ path }, response) => {
        own.tag('all', path);
        response.send('a');
      });
    },
    { app: () => site.app },
  );
  const { pages, url, store } = site;
  const other = createPages({ sites: [url], urls: ['/:page'], store: fileStore({ folder: store.folder }) });
  t.teardown(() => other.close());
  await pages.publish('/a', '/b', '/c');
  const purged: PurgedPages[] = [];
  other.on('purged', ({ urls, tags }) => purged.push({ urls: urls.toSorted(), tags }));
  await other.invalidate({ tags: ['/a'] });
  await other.invalidate({ tags: ['nothing'] });
  await other.delete('/b', '/none');
  await other.delete('/none');
  await pages.publish('/a');
  await other.invalidate({ tags: ['all'] });
  t.deepEqual(purged, [
    { urls: [`${url}/a`], tags: ['/a'] },
    { urls: [], tags: ['nothing'] },
    { urls: [`${url}/b`], tags: [] },
    { urls: [`${url}/a`, `${url}/c`], tags: ['all'] },
  ]);
  t.deepEqual(await tagsOf(pages), {});
});

test('invalidate() stops a render that has the tag, tagged late or early, and no other', async (t) => {
  const gate = new EventEmitter();
  const { pages, status, asked } = await startPages(t, (app, own) => {
    app.get('/:page', async ({ path }, response) => {
      if (path === '/early') own.tag('a');
      if (asked.length <= 3) await once(gate, 'open');
      if (path === '/late') own.tag('a');
      if (path === '/other') own.tag('b');
      response.send('a');
    });
  });
  const waiting = ['/early', '/late', '/other'].map((path) => status(path));
  await until(() => asked.length === 3);
  await pages.invalidate({ tags: ['a'] });
  gate.emit('open');
  t.deepEqual(await Promise.all(waiting), [
    'static-url; fwd=uri-miss; detail=OVERTAKEN',
    'static-url; fwd=uri-miss; detail=OVERTAKEN',
    'static-url; fwd=uri-miss; stored',
  ]);
  t.deepEqual(await tagsOf(pages), { '/other': ['b'] });
  t.is(await status('/late'), 'static-url; fwd=uri-miss; stored');
});

test('invalidate() takes a list of tags, and nothing else', async (t) => {
  const { pages } = await startPages(t, () => {});
  for (const what of [
    undefined,
    'a',
    {},
    { tags: 'a' },
    { tags: [''] },
    { tags: [1] },
    { tags: ['a'], tag: 'a' },
  ])
    await t.throwsAsync(pages.invalidate(what as never), { instanceOf: TypeError }, JSON.stringify(what));
});
