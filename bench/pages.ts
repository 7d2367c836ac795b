import { Agent, request } from 'node:http';
import { alternate, type Candidate } from './alternate.ts';
import { temporaryFolder } from './folder.ts';
import { load, LOAD, target } from './load.ts';
import { numberIn, startProgram, type NodeProgram } from './node-program.ts';
import { comparisonRows, row, type BenchContext, type Report, type ReportTable } from './report.ts';
import { spreadOf } from './spread.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const WARM_UP_SECONDS = 2;
/** What a browser sends for a page. */
const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
/** Of somebody who is logged in: never answered from the store. */
const LOGGED_IN = { ...BROWSER, Cookie: 'session=0123456789abcdef' };
const MISSES = 400;
const CONNECTIONS = 8;
const SLOW_URLS = 400;
const STAMPEDE = 1000;

interface Running {
  readonly program: NodeProgram;
  readonly origin: string;
}

/** The middleware in an Express app that renders with EJS, against the same app without it and with another page cache. */
export async function benchPages(context: BenchContext): Promise<Report> {
  const tools = requireTools(['wrk']);
  const rounds = context.rounds ?? 15;
  const [bare, again, pages, apicache] = [
    await start(context, 'bare'),
    await start(context, 'bare'),
    await start(context, 'pages'),
    await start(context, 'apicache'),
  ];
  return {
    name: 'pages',
    title: `Express with an EJS page, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf(['express', 'ejs', 'apicache']), ...tools },
    tables: [
      await measureBlog(context, rounds),
      await measureHits(context, rounds, pages, apicache),
      await measureBypassed(context, rounds, bare, pages, again),
      await measureMisses(context, Math.min(rounds, 9), bare, pages),
      await measureSlow(context, Math.min(rounds, 3), bare, pages),
      await measureStampede(pages),
    ],
    notes: [
      'A hit of ours looks at the file of the page on each request, so that another process can replace it; apicache looks in its own memory.',
    ],
  };
}

async function start(context: BenchContext, candidate: string): Promise<Running> {
  const program = await startProgram(context, 'pages-server.js', [candidate, await temporaryFolder(context)]);
  return { program, origin: `http://127.0.0.1:${numberIn(program.greeting, 'port')}` };
}

/** The same page again and again. */
function loaded(
  context: BenchContext,
  name: string,
  { origin }: Running,
  headers: Readonly<Record<string, string>>,
): Promise<Candidate> {
  return loadedUrl(context, name, `${origin}/notes/all`, headers);
}

async function loadedUrl(
  context: BenchContext,
  name: string,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Candidate> {
  // The second answer is the one from the store.
  await answerOf(url, headers);
  const asked = await target(url, await answerOf(url, headers), headers);
  await load(asked, WARM_UP_SECONDS);
  return { name, measure: async () => (await load(asked, context.seconds)).requestsPerSecond };
}

/** The example's first page: rendered for who has a session's cookie, else from the store. */
async function measureBlog(context: BenchContext, rounds: number): Promise<ReportTable> {
  const { greeting } = await startProgram(context, 'blog-server.js');
  const host = Reflect.get(Object(greeting), 'host');
  const blog = { url: `http://127.0.0.1:${numberIn(greeting, 'port')}/`, host: String(host) };
  const comparison = await alternate(
    await loadedUrl(context, "the example's page, rendered", blog.url, { ...LOGGED_IN, Host: blog.host }),
    [
      {
        ...(await loadedUrl(context, 'the same page, a hit of pageCache()', blog.url, {
          ...BROWSER,
          Host: blog.host,
        })),
        asked: { atLeast: 5 },
      },
    ],
    rounds,
    context.progress,
  );
  return { title: 'the example blog', unit: 'requests/s', rows: comparisonRows(comparison) };
}

async function measureHits(
  context: BenchContext,
  rounds: number,
  pages: Running,
  apicache: Running,
): Promise<ReportTable> {
  const comparison = await alternate(
    await loaded(context, 'apicache, a hit from memory', apicache, BROWSER),
    [{ ...(await loaded(context, 'pageCache(), a hit', pages, BROWSER)), asked: { atLeast: 1 } }],
    rounds,
    context.progress,
  );
  return { title: 'a hit by the app', unit: 'requests/s', rows: comparisonRows(comparison) };
}

async function measureBypassed(
  context: BenchContext,
  rounds: number,
  bare: Running,
  pages: Running,
  again: Running,
): Promise<ReportTable> {
  const comparison = await alternate(
    await loaded(context, 'the app without it', bare, LOGGED_IN),
    [
      { ...(await loaded(context, 'the app with pageCache()', pages, LOGGED_IN)), asked: { atLeast: 0.95 } },
      // Shows by how much two that are equal differ.
      await loaded(context, 'the app without it, once more', again, LOGGED_IN),
    ],
    rounds,
    context.progress,
  );
  return {
    title: 'a request that is not for the store',
    unit: 'requests/s',
    rows: comparisonRows(comparison),
  };
}

/** Not by fetch(), which would set a Host of its own. */
function answerOf(url: string, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      answer.toArray().then((pieces: Buffer[]) => resolve(Buffer.concat(pieces)), reject);
    })
      .on('error', reject)
      .end();
  });
}

let nextName = 0;

/** Different pages, each asked for once: answers per second. */
async function askOnce(
  { origin }: Running,
  path: string,
  count: number,
  connections: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const names = Array.from({ length: count }, () => (nextName += 1));
  const began = performance.now();
  await Promise.all(names.map((name) => ask(`${origin}${path}${name}`, agent)));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return count / seconds;
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers: BROWSER }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answers ${answer.statusCode}.`));
      answer.resume().on('end', resolve);
    })
      .on('error', reject)
      .end();
  });
}

async function measureMisses(
  context: BenchContext,
  rounds: number,
  bare: Running,
  pages: Running,
): Promise<ReportTable> {
  const misses = (name: string, running: Running): Candidate => ({
    name,
    measure: () => askOnce(running, '/notes/', MISSES, CONNECTIONS),
  });
  const comparison = await alternate(
    misses('the app without it', bare),
    [{ ...misses('the app with pageCache(), each page stored', pages), asked: { atLeast: 0.6 } }],
    rounds,
    context.progress,
  );
  return {
    title: `${MISSES} pages, each asked for once`,
    unit: 'requests/s',
    rows: comparisonRows(comparison),
  };
}

async function measureSlow(
  context: BenchContext,
  rounds: number,
  bare: Running,
  pages: Running,
): Promise<ReportTable> {
  const slow = (name: string, running: Running): Candidate => ({
    name,
    measure: async () => (1000 * SLOW_URLS) / (await askOnce(running, '/slow/', SLOW_URLS, SLOW_URLS)),
  });
  const comparison = await alternate(
    slow('the app without it', bare),
    [{ ...slow('the app with pageCache()', pages), asked: { atMost: 1.05 } }],
    rounds,
    context.progress,
  );
  return {
    title: `${SLOW_URLS} slow pages at once, which share ten connections to a database: until the last`,
    unit: 'ms',
    rows: comparisonRows(comparison),
  };
}

/** All want one page that is not there yet. */
async function measureStampede({ program, origin }: Running): Promise<ReportTable> {
  await program.ask({});
  const agent = new Agent({ keepAlive: true, maxSockets: STAMPEDE });
  const url = `${origin}/notes/stampede`;
  const milliseconds = await Promise.all(
    Array.from({ length: STAMPEDE }, async () => {
      const began = performance.now();
      await ask(url, agent);
      return performance.now() - began;
    }),
  );
  agent.destroy();
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const rendered = numberIn(await program.ask({}), 'rendered');
  return {
    title: `${STAMPEDE} concurrent first requests of one page`,
    unit: 'ms',
    rows: [
      row(`renders: ${rendered}; the median answer`, spreadOf(milliseconds).median),
      row('99 of 100 answers took no longer', sorted[Math.floor(STAMPEDE * 0.99)] ?? 0),
    ],
  };
}
