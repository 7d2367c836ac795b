import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { createPages, fileStore, pageTags, type Pages } from '../../../src/pages.ts';
import { startPreload, STATIC } from './preload-app.ts';

const ROUNDS = 60;

test('whatever is published, deleted and invalidated at once: no stored page names another file than that of its view', async (t) => {
  let text = '';
  let current: Pages | undefined;
  const site = await startPreload(t, (app, own) => {
    current = own;
    app.get('/view/', async (_request, response) => {
      own.tag('model');
      const now = text;
      for (let turns = Math.random() * 20; turns > 0; turns -= 1) await setImmediate();
      response.send(now);
    });
    app.get('/outer/', async (_request, response) =>
      response.send(`outer ${await current?.preload('/view/')}`),
    );
    app.get('/pages/:page', async ({ params }, response) => {
      const [page] = params.page;
      const view = page === 'o' ? '/outer/' : '/view/';
      response.send(
        page === 's' && current ? pageTags(current).staticPreload(view) : await current?.preload(view),
      );
    });
  });
  const { pages, store, folder, url, app } = site;
  const other = createPages({
    sites: [url],
    urls: [/^\//],
    store: fileStore({ folder: store.folder }),
    app: () => app,
    preload: { folder },
    deadlineSeconds: 60,
  });
  t.teardown(() => other.close());
  const both = [pages, other] as const;
  let compared = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = both[round % 2] ?? pages;
    const two = both[(round + 1) % 2] ?? pages;
    current = one;
    const work: Promise<unknown>[] = [];
    text = `round ${round}`;
    work.push(one.publish('/pages/a', '/pages/s', '/pages/o'), two.publish('/view/', '/pages/b'));
    await setImmediate();
    if (round % 3 === 0) text = `round ${round} again`;
    work.push(two.publish('/view/'));
    if (round % 4 === 0) work.push(one.delete('/view/'));
    if (round % 5 === 0) work.push(two.invalidate({ tags: ['model'] }));
    await Promise.all(work);
    const view = await bodyOf('/view/');
    if (view === undefined) continue;
    for (const page of ['/pages/a', '/pages/b', '/pages/s']) {
      const named = await bodyOf(page);
      if (named === undefined) continue;
      t.regex(named, STATIC);
      t.is(await fileOf(named), view, `${page} in round ${round}`);
      compared += 1;
    }
    const [named, outer] = [await bodyOf('/pages/o'), await bodyOf('/outer/')];
    if (named === undefined || outer === undefined) continue;
    t.is(await fileOf(named), outer, `/pages/o in round ${round}`);
    t.is(await fileOf(outer.slice('outer '.length)), view, `/outer/ in round ${round}`);
  }
  t.true(compared > ROUNDS / 2, `${compared}`);

  async function bodyOf(target: string): Promise<string | undefined> {
    return (await store.read({ site: url, target }))?.body.toString();
  }
  function fileOf(named: string): Promise<string> {
    return readFile(join(folder, named.slice('/preloaded/'.length)), 'utf8');
  }
});
