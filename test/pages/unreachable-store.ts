import test, { type ExecutionContext } from 'ava';
import type { Response } from 'express';
import {
  PagesUnreachableError,
  type PagesOptions,
  type PagesReport,
  type PageStore,
  type PurgedPages,
} from '../../src/pages.ts';
import { until } from '../helpers/descriptors.ts';
import { startPages, type PagesApp } from './pages-app.ts';

/** A store of several servers, of which one can stop to answer. */
export interface Stoppable {
  readonly store: PageStore;
  /** Two paths of a site whose pages are out of reach while the server does not answer, and two of others. */
  readonly split: (site: string) => {
    readonly lost: readonly [string, string];
    readonly kept: readonly [string, string];
  };
  readonly stop: () => void;
  readonly resume: () => void;
}

interface Site extends Omit<PagesApp, 'store'>, Stoppable {
  readonly lost: readonly [string, string];
  readonly kept: readonly [string, string];
  /** What the app answers now. */
  readonly say: (text: string, answer?: (response: Response) => unknown) => void;
  readonly text: (path: string) => Promise<string>;
  /** `result path code`, sorted. */
  readonly told: (report: PagesReport) => string[];
}

async function start(
  t: ExecutionContext,
  open: (t: ExecutionContext) => Promise<Stoppable>,
  options: Partial<PagesOptions> = {},
): Promise<Site> {
  const stoppable = await open(t);
  let text = 'old';
  let answers: ((response: Response) => unknown) | undefined;
  const site: PagesApp = await startPages(
    t,
    (app, pages) => {
      app.use((_request, response) => {
        pages.tag('all');
        if (answers === undefined) response.send(text);
        else answers(response);
      });
    },
    { app: () => site.app, store: stoppable.store, ...options },
  );
  return {
    ...site,
    ...stoppable,
    ...stoppable.split(site.url),
    say: (now, answer) => ([text, answers] = [now, answer]),
    text: async (path) => (await site.get(path)).body.toString(),
    told: ({ results }) =>
      results
        .map(({ result, url, code }) => [result, url.replace(site.url, ''), code].join(' ').trimEnd())
        .toSorted(),
  };
}

/**
 * Declares what holds of pages while a server of their store does not answer.
 *
 * @param name - of the store
 * @param open - opens one that is empty, whose servers all answer
 */
export function testUnreachable(name: string, open: (t: ExecutionContext) => Promise<Stoppable>): void {
  for (const call of ['publish', 'refresh'] as const) {
    test(`${name}: ${call}() stores all pages but those whose server does not answer, names those, and takes the older ones away`, async (t) => {
      const { pages, lost, kept, url, stop, resume, say, text, told, store } = await start(t, open);
      await pages.publish([...lost, ...kept]);
      const purged: PurgedPages[] = [];
      pages.on('purged', (what) => purged.push(what));
      say('new');
      stop();
      const error = await t.throwsAsync(pages[call]([...lost, ...kept]), {
        instanceOf: PagesUnreachableError,
      });
      t.is(error?.code, 'STORE_UNREACHABLE');
      t.deepEqual(error?.urls.toSorted(), lost.map((path) => url + path).toSorted());
      for (const path of lost) t.true(error?.message.includes(`"${url}${path}"`), error?.message);
      t.deepEqual(
        told(error?.report ?? { results: [] }),
        [
          ...kept.map((path) => `published ${path}`),
          ...lost.map((path) => `kept ${path} STORE_FAILED`),
        ].toSorted(),
      );
      t.deepEqual(
        purged.flatMap(({ urls }) => urls).toSorted(),
        [...lost, ...kept].map((path) => url + path).toSorted(),
      );
      for (const path of [...lost, ...kept]) t.is(await text(path), 'new', path);
      resume();
      for (const target of lost)
        await until(async () => (await store.read({ site: url, target }).catch(() => null)) === undefined);
    });
  }

  test(`${name}: publish() rejects where what the app says is gone is out of reach, and takes it away later`, async (t) => {
    const { pages, lost, kept, url, stop, resume, say, told, store } = await start(t, open);
    await pages.publish([...lost, ...kept]);
    say('', (response) => response.sendStatus(404));
    stop();
    const error = await t.throwsAsync(pages.publish(lost[0], kept), { instanceOf: PagesUnreachableError });
    t.deepEqual(error?.urls, [url + lost[0]]);
    t.deepEqual(
      told(error?.report ?? { results: [] }).filter((line) => line.startsWith('deleted')),
      [`deleted ${kept[0]} GONE`, `deleted ${kept[1]} GONE`].toSorted(),
    );
    resume();
    const [target] = lost;
    await until(async () => (await store.read({ site: url, target }).catch(() => null)) === undefined);
  });

  test(`${name}: delete() and invalidate() remove what is on servers that answer, then reject`, async (t) => {
    const { pages, lost, kept, stop, text, say, url } = await start(t, open);
    await pages.publish([...lost, ...kept]);
    stop();
    say('new');
    const purged: PurgedPages[] = [];
    pages.on('purged', (what) => purged.push(what));
    await t.throwsAsync(pages.delete(lost[0], kept[0]), { code: 'STORE_UNREACHABLE' });
    t.is(await text(kept[0]), 'new');
    t.is(await text(kept[1]), 'old');
    t.true(purged.some(({ urls }) => urls.includes(url + kept[0])));
    await t.throwsAsync(pages.delete(lost[1], kept[0], { recursive: true }), { code: 'STORE_UNREACHABLE' });
    say('newer');
    t.is(await text(kept[0]), 'newer');
    await t.throwsAsync(pages.invalidate({ tags: ['all'] }), { code: 'STORE_UNREACHABLE' });
    t.is(await text(kept[1]), 'newer');
    t.true(purged.some(({ tags }) => tags.includes('all')));
  });

  test(`${name}: visitors get the app's page while a server does not answer, which is rendered once for each`, async (t) => {
    const { pages, lost, kept, stop, resume, say, text, status, asked } = await start(t, open);
    await pages.publish([...lost, ...kept]);
    const refused: string[] = [];
    pages.on('refused', ({ url, code }) => refused.push(`${new URL(url).pathname} ${code}`));
    stop();
    say('new');
    asked.length = 0;
    for (const path of [...lost, ...lost, ...lost]) {
      t.is(await status(path), 'static-url; fwd=uri-miss; detail=STORE_FAILED');
      t.is(await text(path), 'new');
    }
    t.deepEqual(
      asked,
      [...lost, ...lost, ...lost].flatMap((path) => [path, path]),
    );
    t.deepEqual(
      refused,
      lost.map((path) => `${path} STORE_FAILED`),
    );
    for (const path of kept) t.is(await text(path), 'old');
    resume();
    await until(async () => (await text(lost[0])) === 'old');
  });
}
