import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { BrowserContext, Page } from 'playwright-core';
import express from 'express';
import {
  assetTags,
  openAssets,
  writeRelease,
  type AssetTags,
  type Assets,
  type ReleaseOptions,
} from '../../src/assets.ts';
import { assetsRouter } from '../../src/express.ts';
import { releasesLocation } from '../../src/nginx.ts';
import { until } from '../helpers/descriptors.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx } from '../helpers/nginx.ts';

/** What serves the files. */
export type Server = 'nginx' | 'handler' | 'assetsRouter';

/** A site with one page, which is released again and again. */
export interface RenewedSite {
  /** The page. */
  readonly url: string;
  readonly releases: string;
  /** Writes files, releases the site, and lets the page name what is new. */
  readonly release: (files: Files) => Promise<Assets>;
}

interface SiteOptions extends Pick<ReleaseOptions, 'deltas' | 'together'> {
  /** Whether the page is of another origin than the files, and has their digests. */
  readonly elsewhere?: boolean;
}

/** Serves a site with deltas. */
export async function serveRenewedSite(
  t: ExecutionContext,
  server: Server,
  write: (tags: AssetTags) => string,
  { elsewhere = false, deltas = true, ...options }: SiteOptions = {},
): Promise<RenewedSite> {
  const folder = await temporaryFolder(t);
  const [root, releases, manifest] = [
    join(folder, 'public'),
    join(folder, 'releases'),
    join(folder, 'assets.json'),
  ];
  const serving = { deltas: true, cors: elsewhere };
  let page = '';
  let serve: RequestListener;
  const { url: app } = await listen(t, (request, response) => {
    if (request.url === '/') sendPage(response, page);
    else serve(request, response);
  });
  const { url: pages } = await listen(t, (_request, response) => sendPage(response, page));
  const location = releasesLocation({ prefix: '/static/', root, releases, ...serving });
  const origin =
    server === 'nginx' ? (await startNginx(t, `location / { proxy_pass ${app}; }\n${location}`)).url : app;
  const prefix = elsewhere ? `${origin}/static/` : '/static/';
  return {
    url: elsewhere ? pages : origin,
    releases,
    async release(files) {
      await writeFiles(root, files);
      await writeRelease({ roots: root, releases, manifest, deltas, ...options });
      const assets = await openAssets({ prefix, manifest, releases });
      t.teardown(() => assets.close());
      const tags = assetTags(assets, { integrity: elsewhere });
      page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>${write(tags)}`;
      if (server === 'handler') serve = assets.handler(serving);
      if (server === 'assetsRouter') serve = express().use(assetsRouter(assets, serving));
      return assets;
    },
  };
}

function sendPage(response: ServerResponse, page: string): void {
  response.setHeader('Content-Type', 'text/html').setHeader('Cache-Control', 'no-store').end(page);
}

/** What the network brought for a file. */
export interface Transfer {
  /** The content coding; of what failed, the browser's error. */
  readonly coding: string | undefined;
  /** With the headers. */
  readonly bytes: number;
}

/** A page that was loaded. */
export interface Visit {
  readonly page: Page;
  /** What `data-ran` of its body says. */
  readonly ran: string | null;
  /** What came over the network, by the names of the assets, and not out of a cache. */
  readonly transfers: Readonly<Record<string, Transfer>>;
}

/** Loads the page of a site in a new tab, until what it asked for is there and ran, or something failed. */
export async function visit(context: BrowserContext, url: string): Promise<Visit> {
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  const assets = new Map<string, string>();
  const codings = new Map<string, string | undefined>();
  const ends = new Map<string, number>();
  let isBroken = false;
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    const asset = /\/static\/[\da-f]{16}\/(?<asset>.*)$/.exec(request.url)?.groups?.['asset'];
    if (asset !== undefined) assets.set(requestId, decodeURIComponent(asset));
  });
  // The headers as they were sent: this event may be the last.
  network.on('Network.responseReceivedExtraInfo', ({ requestId, headers, statusCode }) => {
    isBroken ||= statusCode >= 400;
    const [, coding] = Object.entries(headers).find(([name]) => /^content-encoding$/i.test(name)) ?? [];
    codings.set(requestId, coding);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (encodedDataLength === 0) assets.delete(requestId);
    ends.set(requestId, encodedDataLength);
  });
  network.on('Network.loadingFailed', ({ requestId, errorText }) => {
    isBroken = true;
    codings.set(requestId, errorText);
    ends.set(requestId, 0);
  });
  await network.send('Network.enable');
  await page.goto(url, { waitUntil: 'load' });
  const ran = (): Promise<string | null> => page.getAttribute('body', 'data-ran');
  await until(async () => isBroken || (await ran()) !== null);
  await until(() => [...assets.keys()].every((id) => ends.has(id) && codings.has(id)));
  const transfers = [...assets].map(([id, asset]): [string, Transfer] => [
    asset,
    { coding: codings.get(id), bytes: ends.get(id) ?? 0 },
  ]);
  return {
    page,
    ran: await ran(),
    transfers: Object.fromEntries(transfers),
  };
}
