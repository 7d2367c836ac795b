import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deltaName } from '../src/releases/options.ts';
import { writeRelease } from '../src/releases/write-release.ts';
import { alternate, type Candidate } from './alternate.ts';
import { stylesheet, temporaryFolder, writeAsset } from './folder.ts';
import { LOAD, requestsPerSecond, target } from './load.ts';
import { numberIn, startProgram, textIn } from './node-program.ts';
import { comparisonRows, type BenchContext, type Bound, type Report, type ReportTable } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const ASSET = 'css/app.css';
const WARM_UP_SECONDS = 3;

/** The production handler with deltas, asked with a dictionary and without, against itself without deltas. */
export async function benchHandlerDeltas(context: BenchContext): Promise<Report> {
  const tools = requireTools(['wrk']);
  const rounds = context.rounds ?? 15;
  const tables: ReportTable[] = [];
  for (const bytes of [20_000, 300_000]) tables.push(await measure(context, bytes, rounds));
  return {
    name: 'handler-deltas',
    title: `a released stylesheet, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf([]), ...tools },
    tables,
    notes: ['The delta is a shorter body than the whole file.'],
  };
}

async function measure(context: BenchContext, bytes: number, rounds: number): Promise<ReportTable> {
  const folder = await temporaryFolder(context);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await mkdir(root);
  const release = async (content: Buffer): Promise<string> => {
    await writeAsset(join(root, ASSET), content);
    const options = { roots: root, releases, manifest: join(folder, 'assets.json'), deltas: true };
    const { added } = await writeRelease(options);
    return join(releases, added[0]?.fingerprint ?? '');
  };
  const before = Buffer.from(stylesheet(bytes));
  const after = Buffer.concat([before, Buffer.from('/* changed */\n')]);
  await release(before);
  const dictionary = createHash('sha256').update(before).digest('base64');
  const delta = await readFile(join(await release(after), deltaName(ASSET, dictionary)));

  const candidate = async (
    name: string,
    deltas: boolean,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    asked?: Bound,
  ): Promise<Candidate> => {
    const { greeting } = await startProgram(context, 'released-server.js', [folder, ASSET, String(deltas)]);
    const url = `http://127.0.0.1:${numberIn(greeting, 'port')}${textIn(greeting, 'path')}`;
    const loaded = await target(url, body, headers);
    await requestsPerSecond(loaded, WARM_UP_SECONDS);
    return { name, ...(asked && { asked }), measure: () => requestsPerSecond(loaded, context.seconds) };
  };
  context.progress(`${bytes} bytes: warming up`);
  const comparison = await alternate(
    await candidate('without deltas', false, after, {}),
    [
      await candidate('with deltas, no dictionary sent', true, after, {}, { atLeast: 0.95 }),
      await candidate('with deltas, asked for one', true, delta, {
        'Accept-Encoding': 'dcz',
        'Available-Dictionary': `:${dictionary}:`,
      }),
    ],
    rounds,
    context.progress,
  );
  return {
    title: `${bytes} bytes, a delta of ${delta.length}`,
    unit: 'requests/s',
    rows: comparisonRows(comparison),
  };
}
