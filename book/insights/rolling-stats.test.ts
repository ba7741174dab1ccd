import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realWorld } from '../../platform/world.ts';
import { Latest, Rate } from './rolling-stats.ts';

test('a percentile covers the latest 2,000 values only', () => {
  const latest = new Latest();
  assert.equal(latest.at(0.5), 0);
  for (let value = 1; value <= 100; value += 1) latest.add(value);
  assert.deepEqual([latest.at(0.5), latest.at(0.95), latest.at(0.99), latest.at(1)], [50, 95, 99, 100]);
  for (let time = 0; time < 2_000; time += 1) latest.add(7);
  assert.equal(latest.at(1), 7);
});

test('a rate covers the last ten whole seconds only', () => {
  let nowMs = 1_000_000;
  const rate = new Rate({ ...realWorld(), now: () => nowMs });
  for (let time = 0; time < 50; time += 1) rate.add();
  assert.equal(rate.perSecond, 0, 'the second is not over');
  nowMs += 1_000;
  assert.equal(rate.perSecond, 5);
  nowMs += 9_000;
  assert.equal(rate.perSecond, 5);
  for (let time = 0; time < 10; time += 1) rate.add();
  nowMs += 1_000;
  assert.equal(rate.perSecond, 1);
  nowMs += 60_000;
  assert.equal(rate.perSecond, 0);
  assert.equal(rate.total, 60);
});
