import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { devStaticRouter } from '../../src/express.ts';
import { staticLocation } from '../../src/nginx.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';
import { createSite, SITE_FILES, type Site } from '../helpers/site.ts';
import { NEXT, TRUTH_TABLE, type Expectation, type Server } from './truth-table.ts';

const PREFIX = '/static/';
const APP_STATUS = 299;

async function start(t: ExecutionContext, server: Server, { root, current }: Site): Promise<string> {
  if (server !== 'dev') {
    const marked = server === 'marked' ? { current } : {};
    return (await startNginx(t, staticLocation({ prefix: PREFIX, root, ...marked }))).url;
  }
  const app = express()
    .use(devStaticRouter(PREFIX, root))
    .use((_request, response) => void response.status(APP_STATUS).send('the app'));
  return (await listen(t, app)).url;
}

for (const server of ['dev', 'nginx', 'marked'] as const) {
  test(`truth table: ${server}`, async (t) => {
    const site = await createSite(t);
    const url = await start(t, server, site);
    for (const { title, method = 'GET', path, headers = {}, expected } of TRUTH_TABLE) {
      const expectation = expected[server];
      const answer = await request(url, PREFIX + path, { method, headers });
      const status = answer.status === APP_STATUS ? NEXT : answer.status;
      t.true(expectation.status.includes(status), `${title}: status ${status}`);
      if (status === NEXT) continue;
      checkHeaders(t, title, expectation, answer.headers);
      if (expectation.body !== undefined) {
        t.deepEqual(answer.body, bytesOf(site, expectation.body), title);
        const head = await request(url, PREFIX + path, { method: 'HEAD', headers });
        const volatile = { date: '', connection: '', 'keep-alive': '' };
        t.deepEqual({ ...head.headers, ...volatile }, { ...answer.headers, ...volatile }, `HEAD of ${title}`);
      }
    }
  });
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

function bytesOf(site: Site, asset: string): Buffer {
  const content = SITE_FILES[asset];
  return content === undefined ? readFileSync(join(site.root, asset)) : Buffer.from(content);
}
