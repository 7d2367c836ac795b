import { readFileSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { assetsRouter, devStaticRouter } from '../../src/express.ts';
import { releasesLocation, staticLocation } from '../../src/nginx.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx } from '../helpers/nginx.ts';
import { openRelease, openSources, withFingerprint } from '../helpers/production-site.ts';
import { releaseSite } from '../helpers/release-tree.ts';
import { request } from '../helpers/request.ts';
import { createSite, RETAINED_FILES, SITE_FILES, type Site } from '../helpers/site.ts';
import { placeDelta } from '../helpers/place-delta.ts';
import { DELTA_ROWS, SITE_DELTAS } from './delta-rows.ts';
import { NEXT, TRUTH_TABLE, type Expectation, type Row, type Server } from './truth-table.ts';

const PREFIX = '/static/';
const APP_STATUS = 299;

interface Running {
  readonly url: string;
  /** The path to ask for, where a server's versions are its own. */
  readonly pathOf?: (path: string) => string;
}

/** The servers, each with its column of the table. */
const SERVERS: readonly (readonly [name: string, column: Server])[] = [
  ['dev', 'dev'],
  ['nginx', 'nginx'],
  ['marked', 'marked'],
  ['releases', 'releases'],
  ['production, from sources', 'production'],
  ['production, from a release', 'production'],
];

async function start(
  t: ExecutionContext,
  server: string,
  site: Site,
  dotfiles: boolean,
  deltas: boolean,
): Promise<Running> {
  const { root, current } = site;
  if (server === 'releases') {
    const releases = await releaseSite(site, dotfiles);
    return startNginx(t, releasesLocation({ prefix: PREFIX, root, releases, dotfiles, deltas }));
  }
  if (server === 'production, from sources') {
    const assets = await openSources(site, PREFIX, dotfiles);
    const { url } = await listen(t, express().use(assetsRouter(assets)));
    return { url, pathOf: (path) => withFingerprint(assets, PREFIX, path) };
  }
  if (server === 'production, from a release')
    return listen(t, (await openRelease(site, PREFIX, dotfiles)).handler({ deltas }));
  if (server !== 'dev') {
    const marked = server === 'marked' ? { current } : {};
    return startNginx(t, staticLocation({ prefix: PREFIX, root, dotfiles, ...marked }));
  }
  const app = express()
    .use(devStaticRouter(PREFIX, root, { dotfiles: dotfiles ? 'allow' : 'ignore' }))
    .use((_request, response) => void response.status(APP_STATUS).send('the app'));
  return listen(t, app);
}

const TABLES = SERVERS.flatMap(([server, column]) =>
  [false, true].map((dotfiles) => ({ server, column, dotfiles })),
);

for (const { server, column, dotfiles } of TABLES) {
  test(`truth table: ${server}${dotfiles ? ', with dotfiles' : ''}`, async (t) => {
    const site = await createSite(t);
    const running = await start(t, server, site, dotfiles, false);
    for (const row of [...TRUTH_TABLE, ...DELTA_ROWS])
      await checkRow(t, site, running, row, ((dotfiles && row.withDotfiles) || row.expected)[column]);
  });
}

for (const [server, column] of [
  ['releases', 'releases'],
  ['production, from a release', 'production'],
] as const) {
  test(`truth table: ${server}, with deltas`, async (t) => {
    const site = await createSite(t);
    const running = await start(t, server, site, false, true);
    const deltas = new Map<string, Buffer>();
    for (const { version, asset, older, newer, isCutShort } of SITE_DELTAS) {
      const folder = join(site.folder, 'releases', version);
      const { file, bytes } = await placeDelta(folder, asset, Buffer.from(older), Buffer.from(newer));
      const length = bytes.length - (isCutShort ? 1 : 0);
      if (isCutShort) await truncate(file, length);
      deltas.set(asset, bytes.subarray(0, length));
    }
    for (const row of [...TRUTH_TABLE, ...DELTA_ROWS])
      await checkRow(t, site, running, row, (row.withDeltas ?? row.expected)[column], deltas);
  });
}

async function checkRow(
  t: ExecutionContext,
  site: Site,
  { url, pathOf = String }: Running,
  { title, method = 'GET', path: rest, headers = {} }: Row,
  expectation: Expectation,
  deltas?: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const path = pathOf(PREFIX + rest);
  const answer = await request(url, path, { method, headers });
  const status = answer.status === APP_STATUS ? NEXT : answer.status;
  t.true(expectation.status.includes(status), `${title}: status ${status}`);
  if (status === NEXT) return;
  checkHeaders(t, title, expectation, answer.headers);
  const { body, of } = expectation;
  if (body === undefined) return;
  t.deepEqual(answer.body, of === 'delta' ? deltas?.get(body) : bytesOf(site, body, of), title);
  const head = await request(url, path, { method: 'HEAD', headers });
  const volatile = { date: '', connection: '', 'keep-alive': '' };
  t.deepEqual({ ...head.headers, ...volatile }, { ...answer.headers, ...volatile }, `HEAD of ${title}`);
}

function checkHeaders(
  t: ExecutionContext,
  title: string,
  expectation: Expectation,
  headers: NodeJS.Dict<string | string[]>,
): void {
  const { cacheControl } = expectation;
  const value = headers['cache-control'];
  if (typeof cacheControl === 'string') t.is(value, cacheControl, `${title}: Cache-Control`);
  else
    t.true(
      cacheControl.some((each) => each === value),
      `${title}: Cache-Control ${String(value)}`,
    );
  for (const [name, expected] of Object.entries(expectation.headers ?? {})) {
    t.is(headers[name], expected, `${title}: ${name}`);
  }
}

function bytesOf(site: Site, asset: string, of: Expectation['of']): Buffer {
  const content = (of === 'retained' ? RETAINED_FILES : SITE_FILES)[asset];
  return content === undefined ? readFileSync(join(site.root, asset)) : Buffer.from(content);
}
