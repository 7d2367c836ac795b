import { join } from 'node:path';
import { alternate, type Candidate } from './alternate.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { load, LOAD, target, type Target } from './load.ts';
import { numberIn, startProgram, textIn } from './node-program.ts';
import {
  comparisonRows,
  row,
  type BenchContext,
  type Bound,
  type Report,
  type ReportTable,
} from './report.ts';
import { spreadOf } from './spread.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const WARM_UP_SECONDS = 3;
const BUDGET_BYTES = 64 * 1024 * 1024;

interface Contender {
  readonly name: string;
  /** As `programs/handler-server.js` knows it. */
  readonly program: string;
  readonly asked?: Bound;
}

interface Group {
  readonly title: string;
  readonly bytes: number;
  readonly memoryBudgetBytes: number;
  readonly baseline: Contender;
  readonly contenders: readonly Contender[];
}

const PREPARED = { name: 'one prepared buffer from memory', program: 'prepared' };
const SIRV = { name: 'sirv', program: 'sirv' };
const HANDLER = { name: 'assets.handler()', program: 'handler' };
const EXPRESS_SIRV = { name: 'express + sirv', program: 'express-sirv' };
const EXPRESS_ROUTER = { name: 'express + assetsRouter', program: 'express-router' };

const small = (bytes: number): readonly Group[] => [
  {
    title: `${bytes} bytes, node:http`,
    bytes,
    memoryBudgetBytes: BUDGET_BYTES,
    baseline: PREPARED,
    contenders: [{ ...HANDLER, asked: { atLeast: 0.7 } }, SIRV],
  },
  {
    title: `${bytes} bytes, Express`,
    bytes,
    memoryBudgetBytes: BUDGET_BYTES,
    baseline: EXPRESS_SIRV,
    contenders: [{ ...EXPRESS_ROUTER, asked: { atLeast: 1.8 } }],
  },
];

const GROUPS: readonly Group[] = [
  ...small(1400),
  ...small(20_000),
  ...[20_000, 300_000, 5_000_000].map((bytes) => ({
    title: `${bytes} bytes, over the memory budget`,
    bytes,
    memoryBudgetBytes: 0,
    baseline: SIRV,
    contenders: [{ ...HANDLER, asked: { atLeast: 1 } }],
  })),
];

/** The production handler against a prepared buffer and sirv: the same bytes, an entity tag in every answer. */
export async function benchHandler(context: BenchContext): Promise<Report> {
  const tools = requireTools(['wrk']);
  const rounds = context.rounds ?? 15;
  const tables: ReportTable[] = [];
  for (const group of GROUPS) tables.push(...(await measureGroup(context, group, rounds)));
  return {
    name: 'handler',
    title: `a stylesheet, entity tags on for all, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf(['express', 'sirv']), ...tools },
    tables,
    notes: ['sirv answers a path without a version, which it has not to look for.'],
  };
}

async function measureGroup(context: BenchContext, group: Group, rounds: number): Promise<ReportTable[]> {
  const { title, bytes, memoryBudgetBytes } = group;
  const root = await temporaryFolder(context);
  const asset = 'css/app.css';
  const css = Buffer.from(stylesheet(bytes));
  await writeAsset(join(root, asset), css);
  const latencies = new Map<string, number[]>();
  const targets: Target[] = [];
  const candidate = async ({ name, program, asked }: Contender): Promise<Candidate> => {
    const running = await startProgram(context, 'handler-server.js', [
      program,
      root,
      asset,
      String(memoryBudgetBytes),
    ]);
    const { greeting } = running;
    const loaded = await target(
      `http://127.0.0.1:${numberIn(greeting, 'port')}${textIn(greeting, 'path')}`,
      css,
    );
    targets.push(loaded);
    await load(loaded, WARM_UP_SECONDS);
    const p99s: number[] = [];
    latencies.set(name, p99s);
    return {
      name,
      ...(asked && { asked }),
      async measure() {
        const { requestsPerSecond, p99Milliseconds } = await load(loaded, context.seconds);
        p99s.push(p99Milliseconds);
        return requestsPerSecond;
      },
    };
  };
  context.progress(`${title}: warming up`);
  const baseline = await candidate(group.baseline);
  const contenders: Candidate[] = [];
  for (const each of group.contenders) contenders.push(await candidate(each));
  requireEqualHeaderNames(targets);
  const comparison = await alternate(baseline, contenders, rounds, context.progress);
  return [
    { title, unit: 'requests/s', rows: comparisonRows(comparison) },
    {
      title: `${title}: latency of the slowest 1 %`,
      unit: 'ms',
      rows: [...latencies].map(([name, p99s]) => row(name, spreadOf(p99s).median)),
    },
  ];
}

/** sirv writes some values in its own way (no charset, no spaces); what counts is that all send the same headers. */
function requireEqualHeaderNames(targets: readonly Target[]): void {
  const [first, ...others] = targets.map(({ headers }) =>
    headers
      .map((line) => line.toLowerCase().replace(/^((?!content-length)[^:]+):.*$/, '$1'))
      .toSorted()
      .join('\n'),
  );
  const other = others.find((each) => each !== first);
  if (other !== undefined) throw new Error(`The answers have different headers:\n${first}\n—\n${other}`);
}
