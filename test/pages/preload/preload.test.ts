import { AsyncResource } from 'node:async_hooks';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { createPages, fileStore } from '../../../src/pages.ts';
import { collectWarnings } from '../../helpers/warnings.ts';
import { startPreload, STATIC } from './preload-app.ts';

test('preload() renders a view at first use, and gives the URL of a file with its content', async (t) => {
  const { pages, asked, get, names, folder } = await startPreload(t, (app) => {
    app.get('/menu/', (_request, response) => response.send('<nav>menu</nav>'));
  });
  const url = await pages.preload('/menu/');
  t.regex(url, STATIC);
  t.is(await pages.preload('/menu/'), url);
  t.deepEqual(asked, ['/menu/']);
  t.deepEqual(await names(), [url.slice('/preloaded/'.length)]);
  const { status, headers, body } = await get(url);
  t.is(status, 200);
  t.is(body.toString(), '<nav>menu</nav>');
  t.is(headers['content-type'], 'text/html; charset=utf-8');
  t.is(headers['cache-control'], 'public, max-age=31536000, immutable');
  t.is(headers['x-content-type-options'], 'nosniff');
  t.is((await get('/menu/')).headers['cache-status'], 'static-url; hit');
  t.is(await readFile(join(folder, url.slice('/preloaded/'.length)), 'utf8'), '<nav>menu</nav>');
});

test('preload() merges the pieces of a query, later ones over earlier ones, in the order of the gate, without trackers', async (t) => {
  const { pages, asked, url } = await startPreload(
    t,
    (app) => {
      app.get('/view/', ({ originalUrl }, response) => response.send(originalUrl));
    },
    { query: ['a', 'b', 'c'] },
  );
  const first = await pages.preload(
    '/view/',
    'c=3',
    { a: 1, utm_source: 'x' },
    new URLSearchParams('b=it%27s'),
  );
  t.regex(first, STATIC);
  const second = await pages.preload('/view/?c=0&a=1', '?b=0', { b: "it's", c: '3', missing: undefined });
  t.is(second, first);
  t.is(await pages.preload(new URL(`${url}/view/?a=1&b=it's#top`), { c: 3 }), first);
  t.deepEqual(asked, ['/view/?a=1&b=it%27s&c=3']);
});

test('each type of page has its own extension, by which it is served with its type', async (t) => {
  const types: Readonly<Record<string, string>> = {
    'text/html; charset=utf-8': 'html',
    'application/json; charset=utf-8': 'json',
    'application/xml; charset=utf-8': 'xml',
    'application/rss+xml; charset=utf-8': 'rss',
    'text/plain; charset=utf-8': 'txt',
  };
  const { pages, get } = await startPreload(t, (app) => {
    app.get('/:end', ({ params }, response) => {
      const type = Object.keys(types).find((each) => types[each] === params.end) ?? '';
      response.set('Content-Type', type).end('{}');
    });
  });
  for (const [type, end] of Object.entries(types)) {
    const url = await pages.preload(`/${end}`);
    t.true(url.endsWith(`.${end}`), url);
    t.is((await get(url)).headers['content-type'], end === 'json' ? 'application/json' : type);
  }
});

test('a page that names a view has its tags, and goes when the view changes, is deleted or invalidated', async (t) => {
  let text = 'one';
  const {
    pages,
    get,
    text: textOf,
    status,
  } = await startPreload(t, (app, own) => {
    app.get('/view/', (_request, response) => {
      own.tag('model');
      response.send(text);
    });
    app.get('/page', async (_request, response) => {
      response.send(await own.preload('/view/'));
    });
  });
  const urlIn = async (): Promise<string> => (await get('/page')).body.toString();
  const first = await urlIn();
  t.is(await textOf(first), 'one');
  t.is(await status('/page'), 'static-url; hit');
  const stored = [];
  for await (const { target, tags } of pages.list()) stored.push([target, tags.toSorted()]);
  t.is(stored.length, 2);
  t.true(stored.some(([target, tags]) => target === '/page' && tags?.includes('model')));

  text = 'two';
  await pages.publish('/view/');
  const second = await urlIn();
  t.is(await textOf(second), 'two');
  t.is(await textOf(first), 'one', 'the old file stays for those who have the page');

  text = 'three';
  await pages.delete('/view/');
  t.is(await textOf(await urlIn()), 'three');

  text = 'four';
  await pages.invalidate({ tags: ['model'] });
  t.is(await textOf(await urlIn()), 'four');

  text = 'five';
  await pages.clear();
  t.is(await textOf(await urlIn()), 'five');

  await get('/page');
  await pages.publish('/view/');
  t.is(await status('/page'), 'static-url; hit', 'a view with the same content outdates no page');
});

test('another process that publishes or deletes a view outdates the pages that name it', async (t) => {
  let text = 'one';
  const site = await startPreload(t, (app, own) => {
    app.get('/view/', (_request, response) => response.send(text));
    app.get('/page', async (_request, response) => {
      response.send(await own.preload('/view/'));
    });
  });
  const { get, url, store, folder } = site;
  const other = createPages({
    sites: [url],
    urls: [/^\//],
    store: fileStore({ folder: store.folder }),
    app: () => site.app,
    preload: { folder },
  });
  t.teardown(() => other.close());
  for (const change of [
    () => other.publish('/view/'),
    () => other.delete('/view/'),
    () => other.invalidate({ tags: [`preload:${url}/view/`] }),
  ]) {
    await get('/page');
    t.is((await get('/page')).headers['cache-status'], 'static-url; hit');
    text += ' more';
    await change();
    if (change.toString().includes('invalidate')) await other.publish('/view/');
    t.is(await site.text((await get('/page')).body.toString()), text);
  }
});

test('files of views are compressed once, and their names are of their content', async (t) => {
  const long = '<p>menu</p>'.repeat(100);
  const { pages, get, folder } = await startPreload(t, (app) => {
    app.get('/:view', (_request, response) => response.send(long));
  });
  const url = await pages.preload('/a');
  t.is(await pages.preload('/b'), url, 'equal content is one file');
  const { headers, body } = await get(url, { 'Accept-Encoding': 'gzip' });
  t.is(headers['content-encoding'], 'gzip');
  t.is(headers['vary'], 'Accept-Encoding');
  t.deepEqual(body, await readFile(join(folder, `${url.slice('/preloaded/'.length)}.gz`)));
  const etag = String(headers['etag']);
  const repeated = await get(url, { 'Accept-Encoding': 'gzip', 'If-None-Match': etag });
  t.is(repeated.status, 304);
  t.is((await get(url, { 'If-None-Match': etag })).status, 200);
  t.is((await get(url, {}, 'HEAD')).headers['content-length'], String(long.length));
});

test('below the prefix there is nothing but the files of views', async (t) => {
  const { get, folder, pages, asked } = await startPreload(t, (app) => {
    app.get('/*any', (_request, response) => response.send('app'));
  });
  const url = await pages.preload('/a');
  const name = url.slice('/preloaded/'.length);
  await writeFile(join(folder, 'secret.html'), 'secret');
  await symlink('secret.html', join(folder, 'fedcba9876543210.html'));
  asked.length = 0;
  for (const path of [
    '/preloaded/',
    '/preloaded/secret.html',
    '/preloaded/../preloaded/secret.html',
    `/preloaded/${name}.gz`,
    `/preloaded//${name}`,
    '/preloaded/0123456789abcdef.html',
    `/preloaded/${name.slice(0, 16)}.view`,
    `/preloaded/${name.slice(0, 16)}.constructor`,
    '/preloaded/.swept',
    '/preloaded/fedcba9876543210.html',
  ]) {
    const { status, headers } = await get(path);
    t.is(status, 404, path);
    t.is(headers['cache-control'], 'no-store');
  }
  t.is((await get(url, {}, 'POST')).status, 405);
  t.is((await get(`${url}?utm_source=x`)).status, 200);
  t.deepEqual(asked, []);
});

test('a view that preloads itself, also by way of others, gets its live URL at once, and one warning', async (t) => {
  const warnings = collectWarnings(t, 'preloads itself');
  const { pages, text, get, asked } = await startPreload(t, (app, own) => {
    app.get('/self', async (_request, response) => {
      response.send(`self: ${await own.preload('/self')}`);
    });
    for (const [page, view] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ])
      app.get(`/${page}`, async (_request, response) => {
        response.send(`${page}: ${await own.preload(`/${view}`)}`);
      });
  });
  t.is(await text(await pages.preload('/self')), 'self: /self');
  const a = await pages.preload('/a');
  const texts = async (): Promise<string[]> =>
    Promise.all(['/a', '/b', '/c'].map(async (page) => (await get(page)).body.toString()));
  const [inA = '', inB = '', inC = ''] = await texts();
  t.regex(inA.slice('a: '.length), STATIC);
  t.regex(inB.slice('b: '.length), STATIC);
  t.is(inC, 'c: /a');
  // Rendered anew while the others are there: no page waits, and still there is no circle, in which all would change for ever.
  asked.length = 0;
  await pages.publish('/c');
  t.is(await pages.preload('/a'), a);
  t.deepEqual(await texts(), [inA, inB, inC]);
  t.deepEqual(asked, ['/c'], 'nothing else changed');
  t.is(warnings.filter((message) => message.includes('/self')).length, 1);
});

test('views that preload each other and are asked for at once do not wait for each other', async (t) => {
  const { pages, text } = await startPreload(t, (app, own) => {
    app.get('/one', async (_request, response) => response.send(`one: ${await own.preload('/two')}`));
    app.get('/two', async (_request, response) => response.send(`two: ${await own.preload('/one')}`));
  });
  const urls = await Promise.all(['/one', '/two'].map((view) => pages.preload(view)));
  const texts = await Promise.all(urls.map(text));
  t.is(texts.filter((each) => each === 'one: /two' || each === 'two: /one').length, 1, texts.join());
});

test('a page that names an old file is removed as soon as anybody sees that the view has changed', async (t) => {
  const { pages, store, url, get, status } = await startPreload(t, (app, own) => {
    app.get('/view/', (_request, response) => response.send('one'));
    app.get('/page', async (_request, response) => response.send(await own.preload('/view/')));
  });
  const first = (await get('/page')).body.toString();
  // As a process does that ends before it has told of it.
  const pending = await store.begin({ site: url, target: '/view/' }, { fence: true });
  await pending?.land({ body: Buffer.from('two'), mediaType: 'text/html', tags: [] });
  t.is(await status('/page'), 'static-url; hit');
  t.not(await pages.preload('/view/'), first);
  t.not(await status('/page'), 'static-url; hit');
});

test('a call whose async context is lost could be for any page: those under way have the tags of the view', async (t) => {
  const outside = new AsyncResource('outside');
  let text = 'one';
  const site = await startPreload(t, (app, own) => {
    app.get('/view/', (_request, response) => response.send(text));
    app.get('/page', async (_request, response) => {
      response.send(await outside.runInAsyncScope(() => own.preload('/view/')));
    });
  });
  const { pages, get } = site;
  await get('/page');
  t.is(await site.status('/page'), 'static-url; hit');
  text = 'two';
  await pages.publish('/view/');
  t.is(await site.text((await get('/page')).body.toString()), 'two');
});

test('a page that preloads needs no second one of the "renders"', async (t) => {
  const { get, text } = await startPreload(
    t,
    (app, own) => {
      app.get('/view/', async (_request, response) => response.send(await own.preload('/inner/')));
      app.get('/inner/', (_request, response) => response.send('inner'));
      app.get('/page', async (_request, response) => response.send(await own.preload('/view/')));
    },
    { renders: 1 },
  );
  const { body, headers } = await get('/page');
  t.is(headers['cache-status'], 'static-url; fwd=uri-miss; stored');
  t.is(await text(await text(body.toString())), 'inner');
});

test('a page whose view changes whenever it is rendered is not stored with the live URL', async (t) => {
  const { pages, get } = await startPreload(t, (app, own) => {
    app.get('/view/', async (_request, response) => {
      own.tag('restless');
      await own.invalidate({ tags: ['restless'] });
      response.send('view');
    });
    app.get('/page', async (_request, response) => response.send(await own.preload('/view/')));
  });
  const [result] = (await pages.publish('/page')).results;
  t.is(result?.result, 'kept');
  t.is(result?.code, 'PRELOADING');
  t.is((await get('/page', { Cookie: 'session=1' })).body.toString(), '/view/');
});

test('a visitor who writes what two views have cannot give both one name', async (t) => {
  const { pages, text } = await startPreload(t, (app) =>
    // XXH64, by which assets are named, takes both for the same.
    app.get('/:name/', ({ params }, response) => {
      const [start, end] = params.name === 'one' ? ['<nav>one', 'menu</a>'] : ['eBlaaaaa', 'AI2oG9KS'];
      response.send(`${start}${'-'.repeat(24)}${end}${'-'.repeat(24)}`);
    }),
  );
  const [one, other] = [await pages.preload('/one/'), await pages.preload('/other/')];
  t.true((await text(one)).startsWith('<nav>one'));
  t.true((await text(other)).startsWith('eBlaaaaa'));
});
