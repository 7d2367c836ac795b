import { join } from 'node:path';
import { alternate, type Candidate } from './alternate.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { LOAD, requestsPerSecond, target, type Target } from './load.ts';
import { numberIn, startProgram } from './node-program.ts';
import { comparisonRows, type BenchContext, type Bound, type Report } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const CSS_BYTES = 1400;
const VERSION = '0123456789abcdef';
const WARM_UP_SECONDS = 3;

/** The dev router against plain Express with serve-static: the same file, the same headers, ETag on in both. */
export async function benchDevRouter(context: BenchContext): Promise<Report> {
  const tools = requireTools(['wrk']);
  const rounds = context.rounds ?? 15;
  const root = await temporaryFolder(context);
  const css = Buffer.from(stylesheet(CSS_BYTES));
  await writeAsset(join(root, 'css', 'app.css'), css);

  const app = async (candidate: string): Promise<string> => {
    const { greeting } = await startProgram(context, 'express-app.js', [candidate, root]);
    return `http://127.0.0.1:${numberIn(greeting, 'port')}/static/`;
  };
  const [plain, dev, live] = await Promise.all(['serve-static', 'dev-router', 'live-reload'].map(app));
  const loaded: Target[] = [];
  const candidate = async (name: string, url: string, asked?: Bound): Promise<Candidate> => {
    const asset = await target(url, css);
    loaded.push(asset);
    return { name, ...(asked && { asked }), measure: () => requestsPerSecond(asset, context.seconds) };
  };
  const baseline = await candidate('express + serve-static', `${plain}css/app.css`);
  const candidates = [
    await candidate('devStaticRouter, with version', `${dev}${VERSION}/css/app.css`, { atLeast: 0.8 }),
    await candidate('devStaticRouter, without version', `${dev}css/app.css`, { atLeast: 0.8 }),
    await candidate('devStaticRouter, liveReload on', `${live}${VERSION}/css/app.css`, { atLeast: 0.8 }),
  ];
  requireEqualHeaders(loaded);
  context.progress('warming up');
  for (const each of loaded) await requestsPerSecond(each, WARM_UP_SECONDS);

  const comparison = await alternate(baseline, candidates, rounds, context.progress);
  return {
    name: 'dev-router',
    title: `a stylesheet of ${CSS_BYTES} bytes, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf(['express', 'serve-static']), ...tools },
    tables: [{ title: 'candidate', unit: 'requests/s', rows: comparisonRows(comparison) }],
    notes: [],
  };
}

function requireEqualHeaders(targets: readonly Target[]): void {
  const [first, ...others] = targets.map(({ headers }) => headers.join('\n'));
  const other = others.find((each) => each !== first);
  if (other !== undefined) throw new Error(`The answers have different headers:\n${first}\n—\n${other}`);
}
