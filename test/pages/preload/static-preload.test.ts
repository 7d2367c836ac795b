import { EventEmitter } from 'node:events';
import test from 'ava';
import { pageTags, type PageTags } from '../../../src/pages.ts';
import { until } from '../../helpers/descriptors.ts';
import { collectWarnings } from '../../helpers/warnings.ts';
import { startPreload, STATIC } from './preload-app.ts';

test('staticPreload() gives a visitor the live URL while the view renders, then the static one', async (t) => {
  const gate = new EventEmitter();
  const { get, text } = await startPreload(
    t,
    (app, pages) => {
      const { staticPreload } = pageTags(pages);
      app.get('/view/', (_request, response) => {
        gate.once('open', () => response.send('view'));
      });
      app.get('/page', (_request, response) => response.send(staticPreload('/view/', 'a=1')));
    },
    { query: ['a'] },
  );
  const ask = async (): Promise<string> => (await get('/page', { Cookie: 'session=1' })).body.toString();
  t.is(await ask(), '/view/?a=1');
  await until(() => gate.listenerCount('open') === 1);
  t.is(await ask(), '/view/?a=1');
  t.is(gate.listenerCount('open'), 1, 'it renders once');
  gate.emit('open');
  await until(async () => STATIC.test(await ask()));
  t.is(await text(await ask()), 'view');
});

test('a page that is stored never has the live URL of a view that was still rendering: it is rendered again', async (t) => {
  const { get, pages, asked } = await startPreload(t, (app, own) => {
    const { staticPreload } = pageTags(own);
    app.get('/:view', ({ params }, response) => response.send(params.view));
    app.get('/pages/:page', (_request, response) =>
      response.send(['/one', '/two'].map((view) => staticPreload(view)).join(' ')),
    );
  });
  await pages.publish('/pages/a');
  const { body, headers } = await get('/pages/a');
  t.is(headers['cache-status'], 'static-url; hit');
  for (const url of body.toString().split(' ')) t.regex(url, STATIC);
  t.deepEqual(asked.toSorted(), ['/one', '/pages/a', '/pages/a', '/two']);
  t.true((await pages.why('/pages/b')).isStorable);
});

test('a page that names a view which changes before it lands is rendered again, and has the new URL', async (t) => {
  const gate = new EventEmitter();
  let text = 'one';
  const {
    pages,
    get,
    text: textOf,
  } = await startPreload(t, (app, own) => {
    const { staticPreload } = pageTags(own);
    app.get('/view/', (_request, response) => response.send(text));
    app.get('/page', (_request, response) => {
      const url = staticPreload('/view/');
      if (text === 'one') gate.once('open', () => response.send(url));
      else response.send(url);
    });
  });
  await pages.preload('/view/');
  const published = pages.publish('/page');
  await until(() => gate.listenerCount('open') === 1);
  text = 'two';
  await pages.publish('/view/');
  gate.emit('open');
  t.is((await published).results[0]?.result, 'published');
  t.is(await textOf((await get('/page')).body.toString()), 'two');
});

test('what another process changed is noticed before a page lands, although the URL is remembered', async (t) => {
  let text = 'one';
  const site = await startPreload(t, (app, own) => {
    const { staticPreload } = pageTags(own);
    app.get('/view/', (_request, response) => response.send(text));
    app.get('/page', (_request, response) => response.send(staticPreload('/view/')));
  });
  const { pages, store, url, get } = site;
  await pages.preload('/view/');
  text = 'two';
  // As a process does that ends before it has told of it.
  const pending = await store.begin({ site: url, target: '/view/' }, { fence: true });
  await pending?.land({ body: Buffer.from(text), mediaType: 'text/html', tags: [] });
  await pages.publish('/page');
  t.is(await site.text((await get('/page')).body.toString()), 'two');
});

test('staticPreload() forgets at once what this process publishes, deletes, invalidates or clears', async (t) => {
  let text = 'one';
  const site = await startPreload(t, (app, own) => {
    app.get('/view/', (_request, response) => {
      own.tag('model');
      response.send(text);
    });
  });
  const { pages } = site;
  const { staticPreload } = pageTags(pages);
  for (const change of [
    () => pages.publish('/view/'),
    () => pages.delete('/view/'),
    () => pages.invalidate({ tags: ['model'] }),
    () => pages.clear(),
  ]) {
    const before = await pages.preload('/view/');
    text += ' more';
    await change();
    t.not(staticPreload('/view/'), before);
    await until(() => STATIC.test(staticPreload('/view/')));
    t.is(await site.text(staticPreload('/view/')), text);
  }
});

test('two views that name each other by templates: neither waits for the other, and one gets a live URL', async (t) => {
  const warnings = collectWarnings(t, 'preloads itself');
  const { pages, text } = await startPreload(t, (app, own) => {
    const { staticPreload } = pageTags(own);
    app.get('/a', (_request, response) => response.send(`a ${staticPreload('/b')}`));
    app.get('/b', (_request, response) => response.send(`b ${staticPreload('/a')}`));
    app.get('/self', (_request, response) => response.send(`self ${staticPreload('/self')}`));
  });
  const [a, b] = await Promise.all([pages.preload('/a'), pages.preload('/b')]);
  t.regex(a, STATIC);
  t.regex(b, STATIC);
  const texts = [await text(a), await text(b)];
  t.true(texts.includes('a /b') || texts.includes('b /a'), texts.join());
  t.is(await text(await pages.preload('/self')), 'self /self');
  t.true(warnings.length > 0);
});

test('pageTags() takes pages that preload', async (t) => {
  const { pages } = await startPreload(t, () => {});
  const tags: PageTags = pageTags(pages);
  t.is(typeof tags.staticPreload, 'function');
  // @ts-expect-error -- no pages
  t.throws(() => pageTags({}), { instanceOf: TypeError, message: /takes what createPages\(\) gives/ });
  // @ts-expect-error -- no URL
  t.throws(() => tags.staticPreload(1), { instanceOf: TypeError });
  t.throws(() => tags.staticPreload('/a', { a: new Date() }), { instanceOf: TypeError });
});
