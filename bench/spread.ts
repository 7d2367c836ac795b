/** How a figure lay over all rounds. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly highest: number;
}

/** The spread of at least one value; between two values a quantile is interpolated. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const quantile = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = sorted[Math.floor(position)];
    const above = sorted[Math.ceil(position)];
    if (below === undefined || above === undefined) throw new RangeError('No value was measured.');
    return below + (above - below) * (position % 1);
  };
  return {
    median: quantile(0.5),
    lowest: quantile(0),
    lowerQuartile: quantile(0.25),
    upperQuartile: quantile(0.75),
    highest: quantile(1),
  };
}
