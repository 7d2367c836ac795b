import type { Bound } from './report.ts';
import { spreadOf, type Spread } from './spread.ts';

/** Something to measure: requests per second, milliseconds, … */
export interface Candidate {
  readonly name: string;
  /** The ratio to the baseline that was asked for. */
  readonly asked?: Bound;
  readonly measure: () => Promise<number>;
}

/** What {@link alternate} found. */
export interface Comparison {
  readonly baseline: { readonly name: string; readonly values: Spread };
  readonly candidates: readonly {
    readonly name: string;
    readonly asked: Bound | undefined;
    readonly values: Spread;
    readonly ratios: Spread;
  }[];
}

/**
 * Measures candidates against a baseline, for machines whose speed changes from second to second: the baseline is
 * measured before and after each candidate, and the ratio is to the mean of these two. The order of the candidates
 * rotates from round to round.
 */
export async function alternate(
  baseline: Candidate,
  candidates: readonly Candidate[],
  rounds: number,
  progress: (text: string) => void,
): Promise<Comparison> {
  const baselineValues: number[] = [];
  const series = candidates.map((candidate) => ({
    candidate,
    values: [] as number[],
    ratios: [] as number[],
  }));
  for (let round = 0; round < rounds; round += 1) {
    progress(`${baseline.name}: round ${round + 1} of ${rounds}`);
    let before = await baseline.measure();
    baselineValues.push(before);
    for (const { candidate, values, ratios } of rotated(series, round)) {
      const value = await candidate.measure();
      const after = await baseline.measure();
      values.push(value);
      ratios.push(value / ((before + after) / 2));
      baselineValues.push(after);
      before = after;
    }
  }
  return {
    baseline: { name: baseline.name, values: spreadOf(baselineValues) },
    candidates: series.map(({ candidate, values, ratios }) => ({
      name: candidate.name,
      asked: candidate.asked,
      values: spreadOf(values),
      ratios: spreadOf(ratios),
    })),
  };
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % Math.max(items.length, 1);
  return [...items.slice(start), ...items.slice(0, start)];
}
