import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { realWorld } from '../world.ts';
import { Readiness } from './readiness.ts';

/** A process that has begun to stop. Tests fire its timers. */
function ending(drainMs: number) {
  const timers = new Map<number, () => void>();
  const readiness = new Readiness({
    ...realWorld(),
    later(delayMs, work) {
      timers.set(delayMs, work);
      return { cancel: () => timers.delete(delayMs) };
    },
  });
  assert.ok(readiness.ask());
  let isOver = false;
  const over = readiness.drain(drainMs).then(() => {
    isOver = true;
  });
  const passes = async (ms: number) => {
    timers.get(ms)?.();
    timers.delete(ms);
    await turn();
  };
  return { readiness, timers, passes, over, isOver: () => isOver };
}

test('draining lasts drainMs, counted from the first probe that sees it', async () => {
  const { readiness, timers, passes, over, isOver } = ending(300);
  await turn();
  assert.deepEqual([...timers.keys()], [1_000]);
  assert.equal(readiness.ask(), false);
  await turn();
  assert.deepEqual([[...timers.keys()], isOver()], [[300], false]);
  assert.equal(readiness.ask(), false);
  await passes(300);
  await over;
});

test('without a probe draining begins after a second', async () => {
  const { passes, over, isOver } = ending(300);
  await turn();
  await passes(1_000);
  assert.equal(isOver(), false);
  await passes(300);
  await over;
});

test('with a drainMs of 0 it stops at once and still reports not ready', async () => {
  const { readiness, timers, over } = ending(0);
  await over;
  assert.deepEqual([readiness.ask(), timers.size], [false, 0]);
});
