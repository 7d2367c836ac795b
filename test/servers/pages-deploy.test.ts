import { once } from 'node:events';
import { rename, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import type { BrowserContext } from 'playwright-core';
import { openAssets, pruneReleases, writeRelease, type Assets } from '../../src/assets.ts';
import { pageCache } from '../../src/express.ts';
import { pagesHttp, pagesLocation, releasesLocation } from '../../src/nginx.ts';
import { createPages, fileStore, type Pages } from '../../src/pages.ts';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { freePort } from '../helpers/free-port.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';
import { PAGE, writeSources, type Deploy } from './rolling/sources.ts';

const PREFIX = '/static/';
const PATHS = ['/', '/posts/one', '/posts/two'];
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** One of two processes of the app. */
interface Process {
  readonly pages: Pages;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What visitors got. */
interface Visits {
  readonly pages: { readonly path: string; readonly status: number; readonly html: string }[];
  readonly assets: { readonly url: string; readonly status: number; readonly cacheControl: string }[];
}

/** A site of two processes behind nginx, which serves stored pages and releases. */
class Fleet {
  readonly #t: ExecutionContext;
  readonly #folder: string;
  readonly #ports: readonly number[];
  readonly site: string;
  readonly #running = new Map<number, Process>();
  readonly #expected = new Map<Deploy, Assets>();

  private constructor(t: ExecutionContext, folder: string, site: string, ports: readonly number[]) {
    this.#t = t;
    this.#folder = folder;
    this.site = site;
    this.#ports = ports;
  }

  static async start(t: ExecutionContext): Promise<Fleet> {
    const folder = await temporaryFolder(t);
    const [port, ...ports] = [await freePort(), await freePort(), await freePort()];
    const fleet = new Fleet(t, folder, `http://127.0.0.1:${port}`, ports);
    for (const deploy of ['first', 'second'] as const) await writeSources(join(folder, deploy), deploy);
    await fleet.release('first');
    const options = { ...fleet.#spec, folder: join(folder, 'pages'), upstream: 'processes' };
    const servers = ports.map((each) => `server 127.0.0.1:${each} max_fails=0;`).join(' ');
    const root = join(folder, 'current');
    await startNginx(
      t,
      `listen 127.0.0.1:${port}; ${pagesLocation(options)}
       ${releasesLocation({ prefix: PREFIX, root, releases: join(folder, 'releases') })}`,
      `upstream processes { ${servers} } ${pagesHttp(options)}`,
    );
    for (const index of [0, 1]) await fleet.restart(index, 'first');
    return fleet;
  }

  get #spec() {
    return { sites: [this.site], urls: ['/', '/posts/:slug'] };
  }

  #open(deploy: Deploy): Promise<Assets> {
    const manifest = join(this.#folder, `${deploy}.json`);
    return openAssets({ prefix: PREFIX, manifest, releases: join(this.#folder, 'releases') });
  }

  async release(deploy: Deploy): Promise<void> {
    const roots = join(this.#folder, deploy);
    const manifest = join(this.#folder, `${deploy}.json`);
    await writeRelease({ prefix: PREFIX, roots, releases: join(this.#folder, 'releases'), manifest });
    const link = join(this.#folder, 'next');
    await symlink(deploy, link);
    await rename(link, join(this.#folder, 'current'));
    this.#expected.set(deploy, await this.#open(deploy));
  }

  /** Removes what the present release does not name. */
  async prune(): Promise<void> {
    await pruneReleases({ releases: join(this.#folder, 'releases'), keep: 1, olderThanSeconds: 0 });
  }

  process(index: number): Process {
    const found = this.#running.get(index);
    if (found === undefined) throw new Error(`Process ${index} does not run.`);
    return found;
  }

  async restart(index: number, deploy: Deploy): Promise<void> {
    await this.#running.get(index)?.stop();
    const assets = await this.#open(deploy);
    const app = express().disable('x-powered-by');
    const store = fileStore({ folder: join(this.#folder, 'pages') });
    const pages = createPages({
      ...this.#spec,
      app,
      store,
      assets,
      sweepSeconds: 0,
      waitSeconds: 60,
      deadlineSeconds: 60,
    });
    app.use(pageCache(pages));
    app.use(({ path }, response) => void response.send(htmlOf(path, assets)));
    const server = createServer(app).listen(this.#ports[index], '127.0.0.1');
    await once(server, 'listening');
    const stop = async (): Promise<void> => {
      await stopServer(server);
      await pages.close();
    };
    this.#t.teardown(stop);
    this.#running.set(index, { pages, url: `http://127.0.0.1:${this.#ports[index]}`, stop });
  }

  /** The page of a deploy. */
  html(deploy: Deploy, path: string): string {
    const assets = this.#expected.get(deploy);
    if (assets === undefined) throw new Error(`The ${deploy} deploy is not released.`);
    return htmlOf(path, assets);
  }

  /** A visitor's browser loads a page, and a crawler asks again for all that it names. */
  async visit(context: BrowserContext, path: string, visits: Visits): Promise<void> {
    const tab = await context.newPage();
    tab.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith(PREFIX))
        visits.assets.push({
          url: pathname,
          status: response.status(),
          cacheControl: String(response.headers()['cache-control']),
        });
    });
    const response = await tab.goto(this.site + path, { waitUntil: 'load' });
    const html = (await response?.text()) ?? '';
    visits.pages.push({ path, status: response?.status() ?? 0, html });
    await tab.close();
    for (const [, url = ''] of html.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)) {
      const { status, headers } = await request(this.site, url);
      visits.assets.push({ url, status, cacheControl: String(headers['cache-control']) });
    }
  }

  /** Lets a visitor go round while something is done, once at least. */
  async whileVisited(context: BrowserContext, visits: Visits, action: () => Promise<unknown>): Promise<void> {
    const stop = new AbortController();
    const visiting = async (): Promise<void> => {
      do for (const path of PATHS) await this.visit(context, path, visits);
      while (!stop.signal.aborted);
    };
    const visited = visiting();
    try {
      await action();
    } finally {
      stop.abort();
      await visited;
    }
  }
}

function htmlOf(path: string, assets: Assets): string {
  return `${PAGE.replaceAll(/\{([^}]+)\}/g, (_, asset: string) => assets.url(asset))}<p>${path}`;
}

async function stopServer(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
}

function emptyVisits(): Visits {
  return { pages: [], assets: [] };
}

test('Chromium through nginx: a deploy of two processes with renewed pages; no page names an asset that fails, then all name the new ones', async (t) => {
  const fleet = await Fleet.start(t);
  const context = await (await openChromium(t)).newContext();
  const visits = emptyVisits();
  for (const path of PATHS) await fleet.visit(context, path, visits);
  t.deepEqual(
    visits.pages.map(({ html }) => html),
    PATHS.map((path) => fleet.html('first', path)),
  );

  await fleet.whileVisited(context, visits, async () => {
    await fleet.release('second');
    await fleet.restart(0, 'second');
    // A process of before stores a page once more.
    const old = fleet.process(1);
    await old.pages.delete('/posts/two');
    const { body } = await request(old.url, '/posts/two', { headers: { Host: new URL(fleet.site).host } });
    t.is(body.toString(), fleet.html('first', '/posts/two'));
    await fleet.restart(1, 'second');
  });
  t.is((await request(fleet.site, '/posts/two')).body.toString(), fleet.html('first', '/posts/two'));

  await fleet.whileVisited(context, visits, async () => {
    const { results } = await fleet.process(1).pages.renew();
    // What visitors had rendered by the new process is not among them.
    t.true(results.some(({ url }) => url === `${fleet.site}/posts/two`));
    t.true(results.every(({ result }) => result === 'published'));
  });
  const afterwards = emptyVisits();
  for (const path of PATHS) await fleet.visit(context, path, afterwards);
  // Those of before are not needed any more.
  await fleet.prune();
  const stranger = await (await openChromium(t)).newContext();
  for (const path of PATHS) await fleet.visit(stranger, path, afterwards);
  for (const { path, html } of afterwards.pages) t.is(html, fleet.html('second', path));
  for (const path of PATHS)
    t.is((await request(fleet.site, path)).headers['cache-status'], 'static-url; hit');

  for (const { path, status, html } of visits.pages) {
    t.is(status, 200);
    t.true([fleet.html('first', path), fleet.html('second', path)].includes(html), html);
  }
  t.deepEqual(
    [...visits.assets, ...afterwards.assets].filter(
      ({ status, cacheControl }) => status !== 200 || cacheControl !== IMMUTABLE,
    ),
    [],
  );
  t.true(afterwards.assets.length > PATHS.length);
});
