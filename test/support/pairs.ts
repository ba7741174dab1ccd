/** The median of some values, and the two values that enclose the true median with a confidence of about 95 %. */
export interface Median {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/**
 * The median ratio of paired measurements, and its confidence interval. The measurements of a pair took turns on a
 * machine with other work. A limit is broken when the whole interval lies beyond it. Source: order statistics of the
 * binomial distribution, https://en.wikipedia.org/wiki/Median#Sampling_distribution
 */
export function medianRatio(pairs: readonly (readonly [number, number])[]): Median {
  const ratios = pairs.map(([one, other]) => one / other).sort((a, b) => a - b);
  const count = ratios.length;
  const outside = Math.max(0, Math.floor((count - 1.96 * Math.sqrt(count)) / 2));
  const at = (index: number) => ratios[index] ?? Number.NaN;
  return { low: at(outside), median: at(count >> 1), high: at(count - 1 - outside) };
}
