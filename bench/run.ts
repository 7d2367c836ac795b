import { parseArgs } from 'node:util';
import { benchAssetsMemory } from './assets-memory.ts';
import { benchAssetUrl } from './asset-url.ts';
import { benchContent } from './content.ts';
import { benchDeltas } from './deltas.ts';
import { benchDevRouter } from './dev-router.ts';
import { benchHandler } from './handler.ts';
import { benchHandlerDeltas } from './handler-deltas.ts';
import { benchImport } from './import.ts';
import { benchOpenAssets } from './open-assets.ts';
import { benchNginxDeltas } from './nginx-deltas.ts';
import { benchNginxReleases } from './nginx-releases.ts';
import { benchNginxStatic } from './nginx-static.ts';
import { benchNginxPages } from './nginx-pages.ts';
import { benchPages } from './pages.ts';
import { benchPagesMemcached } from './pages-memcached.ts';
import { benchPagesInvalidate } from './pages-invalidate.ts';
import { benchReleaseDeltas } from './release-deltas.ts';
import type { BenchContext, Report } from './report.ts';
import { benchReturningVisitor } from './returning-visitor.ts';
import { benchSiteExport } from './site-export.ts';
import { benchSiteIncremental } from './site-incremental.ts';
import { benchSiteMemory } from './site-memory.ts';
import { benchSiteParallel } from './site-parallel.ts';
import { benchSitePublish } from './site-publish.ts';
import { formatReport } from './table.ts';

const BENCHES: Readonly<Record<string, (context: BenchContext) => Promise<Report>>> = {
  'dev-router': benchDevRouter,
  'nginx-static': benchNginxStatic,
  'nginx-releases': benchNginxReleases,
  'nginx-deltas': benchNginxDeltas,
  'returning-visitor': benchReturningVisitor,
  content: benchContent,
  handler: benchHandler,
  deltas: benchDeltas,
  'release-deltas': benchReleaseDeltas,
  'handler-deltas': benchHandlerDeltas,
  'assets-memory': benchAssetsMemory,
  import: benchImport,
  'open-assets': benchOpenAssets,
  'asset-url': benchAssetUrl,
  pages: benchPages,
  'nginx-pages': benchNginxPages,
  'pages-invalidate': benchPagesInvalidate,
  'pages-memcached': benchPagesMemcached,
  'site-export': benchSiteExport,
  'site-parallel': benchSiteParallel,
  'site-memory': benchSiteMemory,
  'site-incremental': benchSiteIncremental,
  'site-publish': benchSitePublish,
};

const USAGE = `Usage: npm run bench -- [names…] [options]

Measures static-url against its peers, alternately in one run, and prints tables. All benches, or those named:
  ${Object.keys(BENCHES).join(', ')}

Options:
  --rounds N   how often everything is measured (default 15, of import 21)
  --seconds S  how long one load lasts, in whole seconds (default 1)
  --json       prints one array of reports in place of tables
  --help       prints this

A figure that falls short is reported, and the exit code is 0. It is 1 when something could not be measured, 2 for wrong usage.`;

const LEGEND = `Values are medians. A ratio is to the mean of the table's first row just before and just after, its median over all
rounds; "middle half" is from the lower to the upper quartile, "all rounds" from the lowest to the highest.`;

/** What is to be ended: at the end of a bench, or when the run is interrupted. */
const ends: (() => Promise<void>)[] = [];

async function endAll(): Promise<void> {
  for (let end = ends.pop(); end; end = ends.pop()) {
    await end().catch((error: unknown) => console.error(error));
  }
}

async function runAll({ names, json, rounds, seconds }: Settings): Promise<number> {
  const context: BenchContext = {
    rounds,
    seconds,
    progress: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u{1B}[K${text}`);
    },
    teardown: (end) => ends.push(end),
  };
  const reports: Report[] = [];
  let status = 0;
  for (const name of names) {
    try {
      const report = await BENCHES[name]?.(context);
      if (!report) continue;
      context.progress('');
      reports.push(report);
      if (!json) console.log(`${formatReport(report)}\n`);
    } catch (error) {
      context.progress('');
      console.error(
        `${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`,
      );
      status = 1;
    } finally {
      await endAll();
    }
  }
  if (json) console.log(JSON.stringify(reports, undefined, 2));
  else if (reports.length > 0) console.log(LEGEND);
  return status;
}

interface Settings {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly rounds: number | undefined;
  readonly seconds: number;
}

function readSettings(words: string[]): Settings | undefined {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    throw new TypeError(`There is no bench "${unknown}". There are ${Object.keys(BENCHES).join(', ')}.`);
  }
  return {
    names: positionals.length > 0 ? positionals : Object.keys(BENCHES),
    json: values.json,
    rounds: values.rounds === undefined ? undefined : countOf('rounds', values.rounds),
    seconds: countOf('seconds', values.seconds),
  };
}

function countOf(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new TypeError(`The option "--${option}" is a whole number from 1 to 9999, not "${text}".`);
}

async function main(words: string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = readSettings(words);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (settings) return runAll(settings);
  console.log(USAGE);
  return 0;
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void endAll().finally(() => process.exit(status)));
}
process.exitCode = await main(process.argv.slice(2));
