import type { Comparison } from './alternate.ts';
import type { Spread } from './spread.ts';

/** What one bench found. */
export interface Report {
  readonly name: string;
  /** What was measured, and how, in a line. */
  readonly title: string;
  /** Of everything that took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly tables: readonly ReportTable[];
  readonly notes: readonly string[];
}

export interface ReportTable {
  readonly title: string;
  readonly unit: Unit;
  readonly rows: readonly ReportRow[];
}

type Unit = 'calls/s' | 'requests/s' | 'pages/s' | 'ms' | 'MB' | 'bytes' | 'files';

export interface ReportRow {
  readonly candidate: string;
  /** In the table's unit: the median of all rounds, or the only value. */
  readonly value: number;
  /** To the baseline of the same round. */
  readonly ratio?: Spread;
  readonly asked?: Bound;
  readonly met?: boolean;
}

/** A figure that was asked for: of the ratio's median where there is a ratio, else of the value. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** What every bench is given. */
export interface BenchContext {
  readonly rounds: number | undefined;
  /** How long one load lasts. */
  readonly seconds: number;
  /** Says on the terminal what goes on. */
  readonly progress: (text: string) => void;
  /** Runs when the bench ends, in whatever way; the last one first. */
  readonly teardown: (end: () => Promise<void>) => void;
}

export function row(candidate: string, value: number, asked?: Bound): ReportRow {
  return { candidate, value, ...(asked && { asked, met: isMet(value, asked) }) };
}

/** One row for the baseline and one for each candidate. */
export function comparisonRows({ baseline, candidates }: Comparison): ReportRow[] {
  return [
    { candidate: baseline.name, value: baseline.values.median },
    ...candidates.map(({ name, values, ratios, asked }) => ({
      candidate: name,
      value: values.median,
      ratio: ratios,
      ...(asked && { asked, met: isMet(ratios.median, asked) }),
    })),
  ];
}

function isMet(figure: number, asked: Bound): boolean {
  return 'atLeast' in asked ? figure >= asked.atLeast : figure <= asked.atMost;
}
