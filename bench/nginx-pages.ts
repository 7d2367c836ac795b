import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pagesHttp, pagesLocation } from '../src/nginx.ts';
import { createPages, fileStore } from '../src/pages.ts';
import { alternate, type Candidate } from './alternate.ts';
import { temporaryFolder, writeAsset } from './folder.ts';
import { LOAD, requestsPerSecond, target } from './load.ts';
import { startNginx } from './nginx-server.ts';
import { comparisonRows, type BenchContext, type Bound, type Report, type ReportTable } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const ASKED: Bound = { atLeast: 0.75 };
const WARM_UP_SECONDS = 1;
const SITE = 'http://www.example.com';
const PATH = '/posts/hello';
/** What a browser sends for a page; two cookies that only scripts read. */
const BROWSER = {
  Host: 'www.example.com',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
};
const COOKIES = { ...BROWSER, Cookie: '_ga=GA1.1.1234567890.1700000000; _gid=GA1.1.987654321.1700000000' };
const TRACKED = `${PATH}?utm_source=news&utm_medium=mail`;
const SIZES = [4000, 20_000];

/** Stored pages, the same file in a plain location, and the same page in `proxy_cache`: one nginx. */
export async function benchNginxPages(context: BenchContext): Promise<Report> {
  const tools = requireTools(['nginx', 'wrk']);
  const rounds = context.rounds ?? 15;
  const tables: ReportTable[] = [];
  for (const bytes of SIZES) tables.push(await measureSize(context, bytes, rounds));
  return {
    name: 'nginx-pages',
    title: `one nginx with one worker and Debian's settings, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf([]), ...tools },
    tables,
    notes: [
      'The plain location says what static files are usually given. proxy_cache keeps what a visitor got, for a time; it has no gate but its key.',
    ],
  };
}

async function measureSize(context: BenchContext, bytes: number, rounds: number): Promise<ReportTable> {
  const folder = await temporaryFolder(context);
  const body = Buffer.from(`<!doctype html><p>${'x'.repeat(bytes - 18)}`);
  const app = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Length', body.length);
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  context.teardown(async () => {
    app.closeAllConnections();
    app.close();
  });
  const address = app.address();
  const upstream = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : ''}`;
  const spec = { sites: [SITE], urls: ['/posts/:slug'] };
  const options = { ...spec, upstream, folder: join(folder, 'store') };
  const pages = createPages({ ...spec, app, store: fileStore({ folder: options.folder }) });
  const { results } = await pages.publish(PATH);
  if (results[0]?.result !== 'published')
    throw new Error(`The page was not published: ${JSON.stringify(results)}`);
  await pages.close();
  await writeAsset(join(folder, 'plain/hello.html'), body);
  await mkdir(join(folder, 'cache'));
  const origin = await startNginx(
    context,
    `${pagesLocation(options)}
    location ^~ /plain/ { alias ${folder}/plain/; add_header Cache-Control no-cache; }
    location ^~ /proxied/ {
      proxy_cache pages; proxy_cache_valid 200 1h; proxy_cache_key $http_host$request_uri; proxy_pass ${upstream};
    }`,
    `${pagesHttp(options)} proxy_cache_path ${folder}/cache keys_zone=pages:10m;`,
  );
  const measured = async (
    name: string,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Candidate> => {
    // The first answer of proxy_cache is the app's.
    await target(origin + path, body, headers);
    const asked = await target(origin + path, body, headers);
    await requestsPerSecond(asked, WARM_UP_SECONDS);
    return { name, measure: () => requestsPerSecond(asked, context.seconds) };
  };
  const comparison = await alternate(
    await measured('the same file in a plain location', '/plain/hello.html', BROWSER),
    [
      { ...(await measured('a stored page', PATH, BROWSER)), asked: ASKED },
      await measured('a stored page, with cookies that are ignored', PATH, COOKIES),
      await measured('a stored page, with parameters that are taken off', TRACKED, BROWSER),
      await measured('a hit of proxy_cache', '/proxied/hello', BROWSER),
    ],
    rounds,
    context.progress,
  );
  return { title: `${bytes} bytes`, unit: 'requests/s', rows: comparisonRows(comparison) };
}
