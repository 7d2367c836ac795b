import { connect } from 'node:net';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { resolveOptions } from '../../src/core/options.ts';
import { pagesHttp, pagesLocation, type PagesLocationOptions } from '../../src/nginx.ts';
import { isUsableKey, MemcachedNode, Ring, set } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { GATE_OPTIONS, type GateOptions } from '../../src/pages/options.ts';
import {
  decideRequest,
  isShortKey,
  memcachedKey,
  pageFile,
  resolveGate,
} from '../../src/pages/rules/index.ts';
import fc from '../helpers/fast-check.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { startMemcached } from '../helpers/memcached.ts';
import { startNginx } from '../helpers/nginx.ts';
import { GATE_CASES, GATES, type GateCase } from '../pages/rules/gate-cases.ts';

const SITE = 'http://www.example.com';

type Source = Pick<PagesLocationOptions, 'folder' | 'memcached'>;

/** Where pages are kept, empty but for what a test puts there. */
const SOURCES = {
  files: async (t: ExecutionContext): Promise<Source> => ({ folder: await temporaryFolder(t) }),
  memcached: async (t: ExecutionContext): Promise<Source> => ({
    memcached: { servers: [(await startMemcached(t)).server], deadlineMilliseconds: 60_000 },
  }),
};
type SourceName = keyof typeof SOURCES;
const SOURCE_NAMES = Object.keys(SOURCES) as SourceName[];

const KEY_PREFIX = 'pages:';

/** Bytes to a port, and all that comes back. */
async function send(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece)).on('error', () => {});
  // In Latin-1, which is what a request of bytes is to Node.
  socket.write(Buffer.from(text, 'latin1'));
  await once(socket, 'close');
  return Buffer.concat(pieces).toString('latin1');
}

type RequestLines = Pick<GateCase, 'method' | 'target' | 'version' | 'host' | 'lines'>;

function requestText({ method, target, version, host, lines }: RequestLines): string {
  const body = lines.includes('Content-Length: 2') ? 'hi' : '';
  const chunks = lines.includes('Transfer-Encoding: chunked') ? '0\r\n\r\n' : '';
  const all = [...(host === undefined ? [] : [`Host: ${host}`]), ...lines, 'Connection: close'];
  return `${method} ${target} HTTP/${version}\r\n${all.join('\r\n')}\r\n\r\n${body}${chunks}`;
}

/** What a server did: it refused the request itself, it would answer with a page, or the app answers. */
async function outcome(port: number, request: RequestLines): Promise<string> {
  const answer = await send(port, requestText(request));
  const [, status = '', said] = /^HTTP\/1\.1 (\d+)[^]*?\r\nX-Outcome: ([^\r]*)/i.exec(answer) ?? [];
  if (said === undefined) return `refused ${/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]}`;
  return status === '200' ? said : `status ${status}`;
}

/** The gate in Node. */
async function startNode(t: ExecutionContext, options: GateOptions, source: SourceName): Promise<number> {
  const rules = resolveGate(
    resolveOptions<GateOptions, 'bypassCookies' | 'ignoreQuery'>('test()', options, GATE_OPTIONS),
    source === 'files' ? undefined : (key) => isShortKey(memcachedKey(KEY_PREFIX, key)),
  );
  const { port } = await listen(t, (request, response) => {
    const { method, url = '', headers, rawHeaders, httpVersionMajor } = request;
    const decision = decideRequest({ method, target: url, headers, rawHeaders, httpVersionMajor }, rules);
    response.setHeader('X-Outcome', decision.kind === 'page' ? `page ${pageFile(decision.key)}` : 'app');
    response.end();
  });
  return port;
}

/** Nginx before an app that tells which page nginx has looked for, if any. */
async function startGate(t: ExecutionContext, gate: GateOptions, source: Source): Promise<number> {
  const app = await listen(t, (request, response) => {
    const wanted = request.headers['x-looked-for'];
    response.setHeader('X-Outcome', wanted === undefined ? 'app' : `page ${String(wanted)}`);
    response.end();
  });
  const options = { ...gate, ...source, upstream: app.url };
  // For the test alone: an empty header is not passed on.
  const decided = source.memcached ? 'answer' : 'folder';
  const told = `map $pages_www_example_com_${decided} $looked_for { default "$pages_www_example_com_folder$\{pages_www_example_com_target}@."; "" ""; "@pages_www_example_com_app" ""; }`;
  const server = pagesLocation(options).replace(
    'proxy_pass ',
    'proxy_set_header X-Looked-For $looked_for;\n    proxy_pass ',
  );
  const { port } = await startNginx(
    t,
    server,
    `${pagesHttp(options)}${told} add_header X-Outcome "page $looked_for";`,
  );
  return port;
}

for (const source of SOURCE_NAMES) {
  for (const name of Object.keys(GATES) as (keyof typeof GATES)[]) {
    test(`the gate "${name}" decides each request of the table alike in Node and in nginx with ${source}`, async (t) => {
      const [node, nginx] = await Promise.all([
        startNode(t, GATES[name], source),
        startGate(t, GATES[name], await SOURCES[source](t)),
      ]);
      for (const each of GATE_CASES.filter(({ gate }) => gate === name)) {
        const { expected, refusedBy, title } = each;
        const said = (target: string, site = SITE): string =>
          source === 'files' || isUsableKey(memcachedKey(KEY_PREFIX, { site, target }))
            ? `page ${pageFile({ site, target })}`
            : 'app';
        const right = 'reason' in expected ? 'app' : said(expected.page, expected.site);
        for (const [server, port] of [
          ['node', node],
          ['nginx', nginx],
        ] as const) {
          const actual = await outcome(port, each);
          if (refusedBy.includes(server)) t.regex(actual, /^refused 4\d\d$/, `${server}: ${title}`);
          else if (server === 'nginx' && each.isPageByFirst)
            t.true([right, said(each.target)].includes(actual), title);
          else t.is(actual, right, `${server}: ${title}`);
        }
      }
    });
  }
}

/** Text of some pieces, each as likely as another. */
function textOf(pieces: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength }).map((list) => list.join(''));
}

const REQUESTS = fc.record({
  path: fc.oneof(
    fc.constantFrom('/', '/posts/hello', '/docs/a/b'),
    textOf(
      [
        '/',
        '/',
        'posts',
        'docs',
        'a',
        '.',
        '..',
        '@.',
        '@',
        '-',
        '%20',
        '%2E',
        '%2F',
        '%e9',
        '%41',
        '~',
        '+',
        'draft',
        "'",
      ],
      8,
    ).map((rest) => `/docs/${rest}`),
  ),
  query: fc.oneof(
    fc.constant(''),
    textOf(
      [
        '?',
        '&',
        '&',
        '=',
        'page',
        'page=1',
        'tag=',
        'tag=a',
        'utm_',
        'utm_a=b',
        'gclid',
        'x',
        '%20',
        '/',
        '+',
        '@',
        '.',
      ],
      9,
    ).map((rest) => `?${rest}`),
  ),
  cookie: fc.oneof(
    fc.constant(''),
    textOf(['_ga', '_gid=1', '_ga_', '_hj', '=', ';', '; ', ' ', 'connect.sid', 'auth_', '"', ',', 'x'], 9),
  ),
  accept: fc.oneof(
    fc.constant(''),
    textOf(['text/html', '*/*', 'text/*', 'json', 'image/png', ',', ', ', ';', 'q=0', 'q=0.1', '.0', ' '], 7),
  ),
});

for (const [name, source] of [
  ['usual', 'files'],
  ['named', 'files'],
  ['usual', 'memcached'],
] as const) {
  test(`the gate "${name}" decides random requests alike in Node and in nginx with ${source}`, async (t) => {
    const [node, nginx] = await Promise.all([
      startNode(t, GATES[name], source),
      startGate(t, GATES[name], await SOURCES[source](t)),
    ]);
    const seen = { page: 0, app: 0 };
    await fc.assert(
      fc.asyncProperty(REQUESTS, async ({ path, query, cookie, accept }) => {
        const lines = [...(cookie ? [`Cookie: ${cookie}`] : []), ...(accept ? [`Accept: ${accept}`] : [])];
        const request = {
          method: 'GET',
          target: path + query,
          version: '1.1',
          host: 'www.example.com',
          lines,
        };
        const [inNode, inNginx] = await Promise.all([outcome(node, request), outcome(nginx, request)]);
        // Nginx refuses some paths itself.
        if (inNginx === 'refused 400') return inNode === 'app';
        seen[inNode === 'app' ? 'app' : 'page'] += 1;
        return inNode === inNginx;
      }),
      { numRuns: 600 },
    );
    t.true(seen.page > 20 && seen.app > 20, JSON.stringify(seen));
  });
}

const STORED = GATE_CASES.flatMap((each) =>
  each.gate === 'usual' && 'page' in each.expected
    ? [{ ...each, key: { site: each.expected.site ?? SITE, target: each.expected.page } }]
    : [],
);

/** Asks for the pages of the table, each of which says which it is. */
async function checkStored(t: ExecutionContext, port: number, cases: typeof STORED): Promise<void> {
  for (const { title, method, key, ...each } of cases) {
    const answer = await send(port, requestText({ ...each, method }));
    t.regex(answer, /^HTTP\/1\.1 200 OK\r\n[^]*\r\nCache-Status: static-url; hit\r\n/, title);
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    t.is(body, method === 'HEAD' ? '' : `page ${pageFile(key)}`, title);
  }
}

test('nginx answers the table from the files of the pages, each with its own', async (t) => {
  const files = STORED.map(({ key }) => [`current/pages/${pageFile(key)}html`, `page ${pageFile(key)}`]);
  const folder = await temporaryFolder(t);
  await writeFiles(folder, Object.fromEntries(files));
  await checkStored(t, await startGate(t, GATES.usual, { folder }), STORED);
});

test('nginx answers the table from memcached, each page from the server that our ring gives it', async (t) => {
  const started = await Promise.all([1, 2, 3].map(() => startMemcached(t)));
  const servers = started.map(({ server }, index) => (index === 1 ? `${server} weight=3` : server));
  const parsed = parseServers(servers, 'servers');
  const ring = new Ring(parsed);
  const nodes = new Map(
    parsed.map((server) => [server, new MemcachedNode(server, { deadlineMilliseconds: 60_000 })]),
  );
  t.teardown(() => Promise.all([...nodes.values()].map((node) => node.close())));
  const cases = STORED.filter(({ key }) => isUsableKey(memcachedKey(KEY_PREFIX, key)));
  const used = new Set<unknown>();
  for (const { key } of cases) {
    const name = memcachedKey(KEY_PREFIX, key);
    const node = nodes.get(ring.serverOf(name));
    used.add(node);
    const page = Buffer.from(`page ${pageFile(key)}`);
    t.deepEqual(await node?.run(set(name, page, { ttlSeconds: 600 })), ['stored']);
  }
  t.true(used.size > 1);
  const source = { memcached: { servers, deadlineMilliseconds: 60_000 } };
  await checkStored(t, await startGate(t, GATES.usual, source), cases);
});
