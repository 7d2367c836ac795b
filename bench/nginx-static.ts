import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { staticLocation, type StaticLocationOptions } from '../src/nginx.ts';
import { alternate, type Candidate } from './alternate.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { LOAD, requestsPerSecond, target } from './load.ts';
import { startNginx } from './nginx-server.ts';
import { comparisonRows, type BenchContext, type Bound, type Report, type ReportTable } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const VERSION = '0123456789abcdef';
const UNKNOWN = 'fedcba9876543210';
const ASKED: Bound = { atLeast: 0.85 };
const WARM_UP_SECONDS = 1;
const GZIP = { 'Accept-Encoding': 'gzip' };
const SMALL = { asset: 'css/app.css', bytes: 1400 };
const LARGER = { asset: 'css/site.css', bytes: 20_000 };

/** A location to measure, by the path that stands before the asset. */
interface LocationCandidate {
  readonly name: string;
  readonly path: string;
  readonly asked?: Bound;
}

interface Group {
  readonly title: string;
  readonly baseline: LocationCandidate;
  readonly candidates: readonly LocationCandidate[];
  readonly asset: string;
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

const PLAIN = { name: 'plain prefix location', path: '/plain/' };
const WITHOUT_CURRENT = { name: 'staticLocation()', path: `/static/${VERSION}/`, asked: ASKED };
const WITH_CURRENT = {
  name: 'staticLocation(), current, marked version',
  path: `/current/${VERSION}/`,
  asked: ASKED,
};
const CLASSIC = { name: 'the classic regex location', path: `/classic/${VERSION}/` };

/** What each asset is asked of: ours beside a plain location that was given the same extras. */
const GROUPS: readonly Group[] = [
  {
    title: `${SMALL.bytes} bytes`,
    asset: SMALL.asset,
    baseline: PLAIN,
    candidates: [
      WITHOUT_CURRENT,
      WITH_CURRENT,
      { name: 'staticLocation(), current, unknown version', path: `/current/${UNKNOWN}/`, asked: ASKED },
      { name: 'staticLocation(), no version', path: '/static/' },
      CLASSIC,
    ],
  },
  {
    title: `${LARGER.bytes} bytes`,
    asset: LARGER.asset,
    baseline: PLAIN,
    candidates: [WITHOUT_CURRENT, WITH_CURRENT, CLASSIC],
  },
  {
    title: `${SMALL.bytes} bytes, with CORS and two security headers`,
    asset: SMALL.asset,
    baseline: { name: 'plain prefix location with the same add_header', path: '/plain-headers/' },
    candidates: [{ name: 'staticLocation({ cors, headers })', path: `/headers/${VERSION}/` }],
  },
  {
    title: `${LARGER.bytes} bytes, asked for gzip`,
    asset: LARGER.asset,
    baseline: { name: 'plain prefix location with gzip_static', path: '/plain-gzip/' },
    candidates: [{ name: 'staticLocation({ gzipStatic })', path: `/gzip/${VERSION}/` }],
    requestHeaders: GZIP,
  },
  {
    title: `${SMALL.bytes} bytes, symbolic links refused`,
    asset: SMALL.asset,
    baseline: { name: 'plain prefix location with disable_symlinks', path: '/plain-links/' },
    candidates: [
      { name: "staticLocation({ symlinks: 'refuse' })", path: `/links/${VERSION}/` },
      { name: 'plain prefix location without disable_symlinks', path: '/plain/' },
    ],
  },
];

const SECURITY_HEADERS = {
  'Strict-Transport-Security': 'max-age=31536000',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The generated location against a plain prefix location: one nginx, one server, one file. */
export async function benchNginxStatic(context: BenchContext): Promise<Report> {
  const tools = requireTools(['nginx', 'wrk']);
  const rounds = context.rounds ?? 15;
  const folder = await temporaryFolder(context);
  const root = join(folder, 'public');
  for (const { asset, bytes } of [SMALL, LARGER]) await writeAsset(join(root, asset), stylesheet(bytes));
  await writeAsset(join(root, `${LARGER.asset}.gz`), gzipSync(stylesheet(LARGER.bytes)));
  await writeAsset(join(folder, 'current', VERSION), '');
  const origin = await startNginx(context, locations(root, join(folder, 'current')));

  const tables: ReportTable[] = [];
  for (const { title, baseline, candidates, asset, requestHeaders } of GROUPS) {
    const css = stylesheet(asset === SMALL.asset ? SMALL.bytes : LARGER.bytes);
    const body = requestHeaders ? gzipSync(css) : Buffer.from(css);
    const measured = async ({ name, path, asked }: LocationCandidate): Promise<Candidate> => {
      const url = await target(`${origin}${path}${asset}`, body, requestHeaders);
      await requestsPerSecond(url, WARM_UP_SECONDS);
      return { name, ...(asked && { asked }), measure: () => requestsPerSecond(url, context.seconds) };
    };
    const baselineCandidate = await measured(baseline);
    const others: Candidate[] = [];
    for (const each of candidates) others.push(await measured(each));
    const comparison = await alternate(baselineCandidate, others, rounds, context.progress);
    tables.push({ title, unit: 'requests/s', rows: comparisonRows(comparison) });
  }
  return {
    name: 'nginx-static',
    title: `one nginx with one worker and Debian's settings, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf([]), ...tools },
    tables,
    notes: [],
  };
}

function locations(root: string, current: string): string {
  const ours = (prefix: string, options: Partial<StaticLocationOptions> = {}): string =>
    staticLocation({ prefix, root, ...options });
  const plain = (prefix: string, extras = ''): string =>
    `location ^~ ${prefix} { alias ${root}/; expires 7d; ${extras} }`;
  const headerLines = Object.entries({ 'Access-Control-Allow-Origin': '*', ...SECURITY_HEADERS })
    .map(([name, value]) => `add_header ${name} "${value}" always;`)
    .join(' ');
  return [
    plain('/plain/'),
    plain('/plain-headers/', headerLines),
    plain('/plain-gzip/', 'gzip_static on; gzip_vary on;'),
    plain('/plain-links/', `disable_symlinks on from=${root};`),
    `location ~ ^/classic/([a-f0-9-]+/)?(.*)$ { alias ${root}/$2; expires 7d; }`,
    ours('/static/'),
    ours('/current/', { current }),
    ours('/headers/', { cors: true, headers: SECURITY_HEADERS }),
    ours('/gzip/', { gzipStatic: true }),
    ours('/links/', { symlinks: 'refuse' }),
  ].join('\n');
}
