import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { releasesLocation } from '../src/nginx.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { LOAD } from './load.ts';
import { LARGER, measureLocations, SMALL, VERSION, type LocationGroup } from './locations.ts';
import { startNginx } from './nginx-server.ts';
import type { BenchContext, Report } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

/** As a browser without dictionaries asks for a stylesheet. */
const BROWSER = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Accept: 'text/css,*/*;q=0.1',
  'Accept-Language': 'en-US,en;q=0.5',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  Referer: 'http://localhost/',
  'Sec-Fetch-Dest': 'style',
  'Sec-Fetch-Mode': 'no-cors',
  'Sec-Fetch-Site': 'same-origin',
};

/** As one that has an old version, of which there is no delta. */
const WITH_DICTIONARY = {
  ...BROWSER,
  'Accept-Encoding': 'gzip, deflate, br, zstd, dcb, dcz',
  'Available-Dictionary': `:${'A'.repeat(43)}=:`,
};

const GROUPS: readonly LocationGroup[] = [SMALL, LARGER].flatMap((file) =>
  [
    { asks: 'without a dictionary', requestHeaders: BROWSER, asked: { atLeast: 0.95 } },
    { asks: 'with a dictionary of which there is no delta', requestHeaders: WITH_DICTIONARY },
  ].map(({ asks, requestHeaders, ...bound }) => ({
    title: `${file.bytes} bytes, asked for ${asks}`,
    file,
    requestHeaders,
    baseline: { name: 'releasesLocation({ gzipStatic })', path: `/static/${VERSION}/` },
    candidates: [{ name: 'releasesLocation({ gzipStatic, deltas })', path: `/deltas/${VERSION}/`, ...bound }],
  })),
);

/** What the option `deltas` costs those who get none: one nginx, one server, the same files. */
export async function benchNginxDeltas(context: BenchContext): Promise<Report> {
  const tools = requireTools(['nginx', 'wrk']);
  const rounds = context.rounds ?? 15;
  const folder = await temporaryFolder(context);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  for (const { asset, bytes } of [SMALL, LARGER]) {
    const file = join(releases, VERSION, asset);
    await writeAsset(file, stylesheet(bytes));
    await writeAsset(`${file}.gz`, gzipSync(stylesheet(bytes)));
  }
  const options = { root, releases, gzipStatic: true };
  const origin = await startNginx(
    context,
    [
      releasesLocation({ ...options, prefix: '/static/' }),
      releasesLocation({ ...options, prefix: '/deltas/', deltas: true }),
    ].join('\n'),
  );
  return {
    name: 'nginx-deltas',
    title: `one nginx with one worker and Debian's settings, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf([]), ...tools },
    tables: await measureLocations(context, origin, GROUPS, rounds),
    notes: [],
  };
}
