import { join } from 'node:path';
import { releasesLocation, type ReleasesLocationOptions } from '../src/nginx.ts';
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
import type { BenchContext, Report } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const PLAIN = { name: 'plain prefix location', path: '/plain/' };
const RELEASED = {
  name: 'releasesLocation(), released',
  path: `/static/${VERSION}/`,
  asked: { atLeast: 1.1 },
};

const GROUPS: readonly LocationGroup[] = [
  {
    title: `${SMALL.bytes} bytes`,
    file: SMALL,
    baseline: PLAIN,
    candidates: [
      RELEASED,
      { name: 'releasesLocation({ maxOpenFiles: 0 }), released', path: `/closed/${VERSION}/` },
      { name: 'releasesLocation(), unknown version', path: `/static/${UNKNOWN}/` },
      { name: 'releasesLocation(), no version', path: '/static/' },
    ],
  },
  {
    title: `${LARGER.bytes} bytes`,
    file: LARGER,
    baseline: PLAIN,
    candidates: [RELEASED],
  },
];

/** The generated location for releases against a plain prefix location: one nginx, one server, equal files. */
export async function benchNginxReleases(context: BenchContext): Promise<Report> {
  const tools = requireTools(['nginx', 'wrk']);
  const rounds = context.rounds ?? 15;
  const folder = await temporaryFolder(context);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  for (const { asset, bytes } of [SMALL, LARGER]) {
    await writeAsset(join(root, asset), stylesheet(bytes));
    await writeAsset(join(releases, VERSION, asset), stylesheet(bytes));
  }
  const ours = (prefix: string, options: Partial<ReleasesLocationOptions> = {}): string =>
    releasesLocation({ prefix, root, releases, ...options });
  const origin = await startNginx(
    context,
    [plainLocation('/plain/', root), ours('/static/'), ours('/closed/', { maxOpenFiles: 0 })].join('\n'),
  );
  return {
    name: 'nginx-releases',
    title: `one nginx with one worker and Debian's settings, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf([]), ...tools },
    tables: await measureLocations(context, origin, GROUPS, rounds),
    notes: [],
  };
}
