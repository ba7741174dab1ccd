import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '../../config.ts';
import { realWorld } from '../../world.ts';
import { rate, rateHeaders, rateMeter } from './rate-meter.ts';

const read = (RATE: string) => readEnvironment({ RATE }, { RATE: rate() }).RATE;

test('a rate is parsed with each unit', () => {
  assert.deepEqual(read('600/1m'), { count: 600, windowMs: 60_000 });
  assert.deepEqual(read('1/90s'), { count: 1, windowMs: 90_000 });
  assert.deepEqual(read('5/2h'), { count: 5, windowMs: 7_200_000 });
  assert.deepEqual(read('5/1d'), { count: 5, windowMs: 86_400_000 });
});

test('an invalid rate is refused with one line', () => {
  for (const wrong of ['600', '600/m', '0/1m', '5/0s', '-1/1m', '1.5/1m', '5/1w', '5 / 1m', '5/1m ']) {
    assert.throws(() => read(wrong), /^WrongConfiguration: RATE: must look like 600\/1m[^\n]*$/, wrong);
  }
});

test('a window begins with the first count and then expires; buckets are separate', () => {
  let nowMs = 1_000;
  const meter = rateMeter<string>({ count: 2, windowMs: 500 }, { ...realWorld(), now: () => nowMs });
  assert.deepEqual(
    [meter.read('a'), meter.count('a'), meter.count('a'), meter.count('a'), meter.count('b')].map(({ used }) => used),
    [0, 1, 2, 3, 1],
  );
  nowMs += 499;
  assert.deepEqual([meter.read('a').used, meter.read('a').resetMs], [3, 1]);
  nowMs += 1;
  assert.equal(meter.read('a').used, 0);
  assert.equal(meter.count('a').used, 1);
});

test('beyond the limit the least recently used bucket is forgotten', () => {
  const meter = rateMeter<number>({ count: 2, windowMs: 60_000 }, realWorld());
  meter.count(-1);
  for (let key = 0; key < 99_999; key += 1) meter.count(key);
  meter.count(-1);
  meter.count(100_000);
  assert.deepEqual([meter.read(-1).used, meter.read(0).used, meter.read(1).used], [2, 0, 1]);
});

test('the headers follow the IETF draft', () => {
  const use = { rate: { count: 600, windowMs: 60_000 }, used: 601, resetMs: 1_001 };
  assert.deepEqual(rateHeaders('person', use), {
    'ratelimit-policy': '"person";q=600;w=60',
    ratelimit: '"person";r=0;t=2',
  });
});
