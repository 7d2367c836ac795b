import { gzipSync } from 'node:zlib';
import { alternate, type Candidate } from './alternate.ts';
import { stylesheet } from './folder.ts';
import { requestsPerSecond, target } from './load.ts';
import { comparisonRows, type BenchContext, type Bound, type ReportTable } from './report.ts';

/** A version that is current or released, and one that is not. */
export const VERSION = '0123456789abcdef';
export const UNKNOWN = 'fedcba9876543210';

const WARM_UP_SECONDS = 1;

/** The two files that are asked for. */
export const SMALL = { asset: 'css/app.css', bytes: 1400 };
export const LARGER = { asset: 'css/site.css', bytes: 20_000 };

/** A location to measure, by the path that stands before the asset. */
interface LocationCandidate {
  readonly name: string;
  readonly path: string;
  readonly asked?: Bound;
}

/** Locations to compare: what each is asked for, ours beside a plain location that was given the same extras. */
export interface LocationGroup {
  readonly title: string;
  readonly baseline: LocationCandidate;
  readonly candidates: readonly LocationCandidate[];
  readonly file: typeof SMALL;
  /** With them the file's gzip sidecar must come. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

/** What a location without any of our ideas looks like. */
export function plainLocation(prefix: string, root: string, extras = ''): string {
  return `location ^~ ${prefix} { alias ${root}/; expires 7d; ${extras} }`;
}

/** Measures groups of locations of one nginx, one table each. */
export async function measureLocations(
  context: BenchContext,
  origin: string,
  groups: readonly LocationGroup[],
  rounds: number,
): Promise<ReportTable[]> {
  const tables: ReportTable[] = [];
  for (const { title, baseline, candidates, file, requestHeaders } of groups) {
    const css = stylesheet(file.bytes);
    const body = requestHeaders ? gzipSync(css) : Buffer.from(css);
    const measured = async ({ name, path, asked }: LocationCandidate): Promise<Candidate> => {
      const url = await target(`${origin}${path}${file.asset}`, body, requestHeaders);
      await requestsPerSecond(url, WARM_UP_SECONDS);
      return { name, ...(asked && { asked }), measure: () => requestsPerSecond(url, context.seconds) };
    };
    const baselineCandidate = await measured(baseline);
    const others: Candidate[] = [];
    for (const each of candidates) others.push(await measured(each));
    const comparison = await alternate(baselineCandidate, others, rounds, context.progress);
    tables.push({ title, unit: 'requests/s', rows: comparisonRows(comparison) });
  }
  return tables;
}
