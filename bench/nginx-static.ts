import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { staticLocation, type StaticLocationOptions } from '../src/nginx.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { LOAD } from './load.ts';
import {
  LARGER,
  measureLocations,
  plainLocation,
  SMALL,
  UNKNOWN,
  VERSION,
  type LocationGroup,
} from './locations.ts';
import { startNginx } from './nginx-server.ts';
import type { BenchContext, Bound, Report } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const ASKED: Bound = { atLeast: 0.85 };
const GZIP = { 'Accept-Encoding': 'gzip' };

const PLAIN = { name: 'plain prefix location', path: '/plain/' };
const WITHOUT_CURRENT = { name: 'staticLocation()', path: `/static/${VERSION}/`, asked: ASKED };
const WITH_CURRENT = {
  name: 'staticLocation(), current, marked version',
  path: `/current/${VERSION}/`,
  asked: ASKED,
};
const CLASSIC = { name: 'the classic regex location', path: `/classic/${VERSION}/` };

/** What each asset is asked of: ours beside a plain location that was given the same extras. */
const GROUPS: readonly LocationGroup[] = [
  {
    title: `${SMALL.bytes} bytes`,
    file: SMALL,
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
    file: LARGER,
    baseline: PLAIN,
    candidates: [WITHOUT_CURRENT, WITH_CURRENT, CLASSIC],
  },
  {
    title: `${SMALL.bytes} bytes, with CORS and two security headers`,
    file: SMALL,
    baseline: { name: 'plain prefix location with the same add_header', path: '/plain-headers/' },
    candidates: [{ name: 'staticLocation({ cors, headers })', path: `/headers/${VERSION}/` }],
  },
  {
    title: `${LARGER.bytes} bytes, asked for gzip`,
    file: LARGER,
    baseline: { name: 'plain prefix location with gzip_static', path: '/plain-gzip/' },
    candidates: [{ name: 'staticLocation({ gzipStatic })', path: `/gzip/${VERSION}/` }],
    requestHeaders: GZIP,
  },
  {
    title: `${SMALL.bytes} bytes, symbolic links refused`,
    file: SMALL,
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

  const tables = await measureLocations(context, origin, GROUPS, rounds);
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
  const plain = (prefix: string, extras = ''): string => plainLocation(prefix, root, extras);
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
