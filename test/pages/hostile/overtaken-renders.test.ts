import { setImmediate as turn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { pageCache, type PageLocals } from '../../../src/express.ts';
import { isRender, type PagesReport } from '../../../src/pages.ts';
import { gate, startSite, type Gate, type Site } from './site.ts';

/** A site of one page, which says how often its data had been changed when its render began. */
interface ChangingSite extends Site {
  /** The data. */
  readonly change: () => void;
  /** The renders that have begun, each held open until its gate is opened. */
  readonly held: Gate[];
}

async function startChanging(t: ExecutionContext): Promise<ChangingSite> {
  let changes = 0;
  const held: Gate[] = [];
  const site = await startSite(t, (pages) => {
    const app = express().disable('x-powered-by');
    app.use(pageCache(pages));
    app.get('/a', async (asking, response) => {
      const seen = changes;
      (response.locals['pages'] as PageLocals).tag('a');
      if (isRender(asking)) {
        const end = gate();
        held.push(end);
        await end.opened;
      }
      response.send(`<p>${seen}`);
    });
    return app;
  });
  // By a visitor, whoever it is, the server is known that publishes.
  t.is((await site.get('/a', { Cookie: 'session=1' })).said, 'fwd=bypass; detail=COOKIE');
  return { ...site, held, change: () => (changes += 1) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

/** Whatever outdates a page, with what is stored right after it, where nothing was before. */
const OUTDATING: Readonly<Record<string, (site: ChangingSite) => Promise<unknown>>> = {
  'invalidate()': async ({ pages }) => pages.invalidate({ tags: ['a'] }),
  'delete()': async ({ pages }) => pages.delete('/a'),
  'delete() of its other spelling': async ({ pages }) => pages.delete('/a/'),
  'delete() of all below': async ({ pages }) => pages.delete('/', { recursive: true }),
  'clear()': async ({ pages }) => pages.clear(),
  async 'publish()'({ pages, held }) {
    const before = held.length;
    const published = pages.publish('/a');
    await until(() => held.length > before);
    held.at(-1)?.open();
    await published;
  },
  async 'refresh()'({ pages, held }) {
    const before = held.length;
    const refreshed = pages.refresh('/a');
    await until(() => held.length > before);
    held.at(-1)?.open();
    await refreshed;
  },
};

for (const [name, outdate] of Object.entries(OUTDATING)) {
  test(`a visitor's render that began before ${name} does not land after it`, async (t) => {
    const site = await startChanging(t);
    const { get, held, change, stored } = site;
    const early = get('/a');
    await until(() => held.length === 1);
    change();
    await outdate(site);
    held[0]?.open();
    const { text, said } = await early;
    // The early visitor too gets nothing older than the app's page of now.
    t.deepEqual([text, said], ['<p>1', 'fwd=uri-miss; detail=OVERTAKEN']);
    t.deepEqual(await stored(), name.startsWith('publish') || name.startsWith('refresh') ? ['/a'] : []);
    const later = get('/a');
    if ((await stored()).length === 0) {
      await until(() => held.length === 2);
      held[1]?.open();
    }
    t.is((await later).text, '<p>1');
    t.like(await get('/a'), { text: '<p>1', said: 'hit' });
  });
}

for (const name of ['invalidate()', 'delete()', 'clear()'] as const) {
  test(`what publish() has begun before ${name} is rendered anew before it lands`, async (t) => {
    const site = await startChanging(t);
    const { pages, get, held, change } = site;
    const published = pages.publish('/a');
    await until(() => held.length === 1);
    change();
    await OUTDATING[name]?.(site);
    held[0]?.open();
    await until(() => held.length === 2);
    held[1]?.open();
    t.deepEqual(
      (await published).results.map(({ result }) => result),
      ['published'],
    );
    t.like(await get('/a'), { text: '<p>1', said: 'hit' });
  });
}

test('a publish() that another one overtakes leaves the page of the later', async (t) => {
  const { pages, get, held, change } = await startChanging(t);
  const first = pages.publish('/a');
  await until(() => held.length === 1);
  change();
  const second = pages.publish('/a');
  await until(() => held.length === 2);
  held[1]?.open();
  await second;
  t.is((await get('/a')).text, '<p>1');
  held[0]?.open();
  // It is rendered again: what it was called for may be newer than the second's page.
  await until(() => held.length === 3);
  held[2]?.open();
  const report: PagesReport = await first;
  t.deepEqual(
    report.results.map(({ result }) => result),
    ['published'],
  );
  t.is((await get('/a')).text, '<p>1');
});

test('two that publish a page at once do not take its place away from each other again and again', async (t) => {
  const { pages, held } = await startChanging(t);
  const first = pages.publish('/a');
  await until(() => held.length === 1);
  const second = pages.publish('/a');
  await until(() => held.length === 2);
  // The first is overtaken, and renders again while the second still does.
  held[0]?.open();
  await until(() => held.length === 3);
  held[1]?.open();
  t.is((await second).results[0]?.result, 'published');
  held[2]?.open();
  t.is((await first).results[0]?.result, 'published');
  t.is(held.length, 3);
});

test('the page before is answered while publish() renders the next, and the next one right after', async (t) => {
  const { pages, get, held, change } = await startChanging(t);
  const first = get('/a');
  await until(() => held.length === 1);
  held[0]?.open();
  t.is((await first).text, '<p>0');
  change();
  const published = pages.publish('/a');
  await until(() => held.length === 2);
  t.like(await get('/a'), { text: '<p>0', said: 'hit' });
  held[1]?.open();
  await published;
  t.like(await get('/a'), { text: '<p>1', said: 'hit' });
});

test('the invalidation of another tag lets a render land, though nobody joins it any more', async (t) => {
  const { pages, get, held, stored } = await startChanging(t);
  const first = get('/a');
  await until(() => held.length === 1);
  for (let count = 0; count < 5; count += 1) await pages.invalidate({ tags: [`other${count}`] });
  held[0]?.open();
  t.is((await first).said, 'fwd=uri-miss; stored');
  t.deepEqual(await stored(), ['/a']);
});
