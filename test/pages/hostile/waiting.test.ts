import { setImmediate as turn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import express, { type Express } from 'express';
import { pageCache, type PageLocals } from '../../../src/express.ts';
import { isRender, type Pages, type PagesOptions } from '../../../src/pages.ts';
import { gate, startSite, visitorsOf, type Gate, type Site } from './site.ts';

/** A site whose renders end when the test says so. */
interface HeldSite extends Site {
  /** The paths that were asked for, by visitors and renders alike. */
  readonly came: string[];
  /** The paths that were rendered, in their order. */
  readonly renders: string[];
  /** The paths that the app answered visitors for. */
  readonly visits: string[];
  readonly end: Gate;
  readonly visit: (path: string) => Promise<string>;
}

async function startHeld(
  t: ExecutionContext,
  options: Partial<PagesOptions> = {},
  more: (app: Express, pages: Pages) => void = () => {},
): Promise<HeldSite> {
  const end = gate();
  const [came, renders, visits]: [string[], string[], string[]] = [[], [], []];
  const site = await startSite(
    t,
    (pages) => {
      const app = express().disable('x-powered-by');
      app.use((request, _response, next) => {
        came.push(request.path);
        next();
      });
      app.use(pageCache(pages));
      app.use((request, _response, next) => {
        (isRender(request) ? renders : visits).push(request.path);
        next();
      });
      more(app, pages);
      app.get('/:page', async (asking, response) => {
        const number = renders.length;
        if (isRender(asking)) await end.opened;
        response.send(`<p>${isRender(asking) ? number : 'app'}`);
      });
      return app;
    },
    options,
  );
  return { ...site, came, renders, visits, end, visit: visitorsOf(t, site.url) };
}

/** Waits until something is so that others bring about. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

test('a stampede of 200 first visitors renders once, and all get the page', async (t) => {
  const { visit, renders, visits, end } = await startHeld(t);
  const answers = Array.from({ length: 200 }, () => visit('/a'));
  await until(() => renders.length > 0);
  end.open();
  const said = await Promise.all(answers);
  t.deepEqual([renders, visits], [['/a'], []]);
  t.deepEqual(new Set(said.map((each) => each.replace(/^.* /, ''))), new Set(['<p>1']));
  t.is(said.filter((each) => each.includes('; stored')).length, 1);
});

test('visitors who come while a page lands do not render it again', async (t) => {
  const { visit, renders, end } = await startHeld(t);
  end.open();
  // One after the other from many sides, so that some look just before it lands and ask just after.
  for (let round = 0; round < 10; round += 1) {
    renders.length = 0;
    const answers: Promise<string>[] = [];
    for (let visitor = 0; visitor < 20; visitor += 1) {
      answers.push(visit(`/${round}`));
      await turn();
    }
    await Promise.all(answers);
    t.deepEqual(renders, [`/${round}`]);
  }
});

test('a visitor waits at most "waitSeconds", and the page is stored for those after', async (t) => {
  const { get, visits, end, stored } = await startHeld(t, { waitSeconds: 0 });
  t.like(await get('/a'), { text: '<p>app', said: 'fwd=uri-miss; detail=WAITED' });
  t.deepEqual(visits, ['/a']);
  end.open();
  while ((await stored()).length === 0) await turn();
  t.like(await get('/a'), { text: '<p>1', said: 'hit' });
});

test('when all "renders" are busy the app answers at once, and nothing is remembered', async (t) => {
  const { get, visit, came, renders, visits, end, refused } = await startHeld(t, { renders: 2 });
  const waiting = [visit('/a'), visit('/b')];
  await until(() => renders.length === 2);
  for (const path of ['/c', '/c', '/d']) {
    t.like(await get(path), { text: '<p>app', said: 'fwd=uri-miss; detail=BUSY' });
  }
  t.deepEqual(visits, ['/c', '/c', '/d']);
  // Who wants what is being rendered joins it all the same.
  const before = came.length;
  const joined = visit('/a');
  await until(() => came.length > before);
  end.open();
  t.regex((await Promise.all([...waiting, joined])).join(), /stored.*stored.*collapsed/);
  t.deepEqual(refused, []);
  t.is((await get('/c')).said, 'fwd=uri-miss; stored');
});

test('a refused page is not rendered again for the next visitors, until it is published', async (t) => {
  let isPrivate = true;
  const { get, pages, renders, end } = await startHeld(t, {}, (app) => {
    app.use((_request, response, next) => {
      if (isPrivate) response.set('Cache-Control', 'private');
      next();
    });
  });
  end.open();
  for (let visits = 0; visits < 3; visits += 1) {
    t.like(await get('/a'), { text: '<p>app', said: 'fwd=uri-miss; detail=PRIVATE' });
  }
  t.deepEqual(renders, ['/a']);
  isPrivate = false;
  await pages.publish('/a');
  t.like(await get('/a'), { text: '<p>2', said: 'hit' });
});

test('after five personal refusals in a row one miss in a hundred of the pattern is rendered', async (t) => {
  const { get, renders, end } = await startHeld(t, { urls: ['/:page', '/other/:page'] }, (app) => {
    app.get('/other/:page', (_request, response) => response.send('<p>other'));
    app.use((_request, response, next) => {
      response.set('Cache-Control', 'private');
      next();
    });
  });
  end.open();
  for (let page = 1; page <= 106; page += 1) {
    t.is((await get(`/${page}`)).said, 'fwd=uri-miss; detail=PRIVATE');
  }
  t.deepEqual(renders, ['/1', '/2', '/3', '/4', '/5', '/105']);
  t.is((await get('/other/1')).said, 'fwd=uri-miss; stored', 'another pattern is another matter');
});

test('a page that is stored ends the count of personal refusals', async (t) => {
  const { get, renders, end } = await startHeld(t, {}, (app) => {
    app.use(({ path }, response, next) => {
      if (path.startsWith('/my')) response.set('Cache-Control', 'private');
      next();
    });
  });
  end.open();
  const paths = ['/my1', '/my2', '/my3', '/my4', '/a', '/my5', '/my6', '/my7', '/my8', '/b', '/my9'];
  for (const path of paths) await get(path);
  t.deepEqual(renders, paths);
});

test('a flood of pages that are not found keeps no others from the store', async (t) => {
  const { get, visit, end } = await startHeld(t, {}, (app) => {
    app.use(({ path }, response, next) => {
      if (path.startsWith('/no')) response.status(404).send('no');
      else next();
    });
  });
  end.open();
  for (let round = 0; round < 4; round += 1) {
    const flood = await Promise.all(Array.from({ length: 20 }, (_, index) => visit(`/no${round}-${index}`)));
    t.true(
      flood.every((answer) => /detail=(GONE|BUSY) no$/.test(answer)),
      flood.join('\n'),
    );
  }
  t.is((await get('/a')).said, 'fwd=uri-miss; stored');
});

for (const [how, outdate] of [
  ['the invalidation of its tag', async ({ pages }) => pages.invalidate({ tags: ['page'] })],
  ['its deletion', async ({ pages }) => pages.delete('/a')],
  ['the deletion of what is above it', async ({ pages }) => pages.delete('/', { recursive: true })],
  ['a clearing', async ({ pages }) => pages.clear()],
] as const satisfies readonly (readonly [string, (site: Site) => Promise<unknown>])[]) {
  test(`nobody joins a render that ${how} has overtaken`, async (t) => {
    const site = await startHeld(t, {}, (app) => {
      app.use((_request, response, next) => {
        (response.locals['pages'] as PageLocals).tag('page');
        next();
      });
    });
    const { visit, renders, end, get } = site;
    const first = visit('/a');
    await until(() => renders.length === 1);
    await outdate(site);
    const later = visit('/a');
    await until(() => renders.length === 2);
    end.open();
    t.is(await later, 'static-url; fwd=uri-miss; stored <p>2');
    t.is(await first, 'static-url; fwd=uri-miss; detail=OVERTAKEN <p>app');
    t.like(await get('/a'), { text: '<p>2', said: 'hit' });
  });
}
