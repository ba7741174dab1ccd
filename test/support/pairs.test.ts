import assert from 'node:assert/strict';
import { test } from 'node:test';
import { medianRatio } from './pairs.ts';

const pairs = (...ratios: number[]) => ratios.map((ratio) => [ratio * 7, 7] as const);

test('the median ratio of the pairs counts, and outliers do not matter', () => {
  assert.equal(medianRatio(pairs(1, 1000, 2, 3, 0.001)).median, 2);
});

test('the interval narrows as the number of pairs grows', () => {
  const few = medianRatio(pairs(...Array.from({ length: 9 }, (_, index) => index)));
  assert.deepEqual(few, { low: 1, median: 4, high: 7 });
  const many = medianRatio(pairs(...Array.from({ length: 101 }, (_, index) => index / 100)));
  assert.deepEqual(many, { low: 0.4, median: 0.5, high: 0.6 });
});

test('five pairs give no certainty', () => {
  assert.deepEqual(medianRatio(pairs(1, 2, 3, 4, 5)), { low: 1, median: 3, high: 5 });
});
