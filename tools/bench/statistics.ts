/** The figures of one scenario on one side. */
export interface Summary {
  minimum: number;
  median: number;
}

/** The median of the values: the mean of the two in the middle for an even number. Throws without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    throw new Error("A median needs at least one value");
  }
  return (lower + upper) / 2;
}

export function summarize(values: readonly number[]): Summary {
  return { minimum: Math.min(...values), median: median(values) };
}

/** The median of the quotients of each round, since a slow moment of the machine affects both sides of a round. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}
