/** The median of some values, and the two of them between which the true one is, with a confidence of some 95 %. */
export interface Median {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/**
 * What pairs of measurements say on a machine that does other things meanwhile: the ratio of two that took turns, and
 * how sure that is. A limit is broken when all of what is likely lies beyond it.
 * Source: order statistics of the binomial distribution, https://en.wikipedia.org/wiki/Median#Sampling_distribution
 */
export function medianRatio(pairs: readonly (readonly [number, number])[]): Median {
  const ratios = pairs.map(([one, other]) => one / other).sort((a, b) => a - b);
  const count = ratios.length;
  const outside = Math.max(0, Math.floor((count - 1.96 * Math.sqrt(count)) / 2));
  const at = (index: number) => ratios[index] ?? Number.NaN;
  return { low: at(outside), median: at(count >> 1), high: at(count - 1 - outside) };
}
