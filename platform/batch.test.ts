import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { batch } from './batch.ts';
import { realWorld } from './world.ts';

const world = realWorld();

/** A batch function that doubles numbers after a delay, and records its batches. */
function doubling(takesMs = 2) {
  const batches: number[][] = [];
  let most = 0;
  let running = 0;
  const ask = async (items: number[]) => {
    batches.push(items);
    running += 1;
    most = Math.max(most, running);
    await delay(takesMs);
    running -= 1;
    return items.map((number) => number * 2);
  };
  return { batches, ask, mostAtOnce: () => most };
}

/** Runs concurrent clients. Each sends its next request after the result of the previous one. */
function clients(count: number, requests: number, ask: (item: number) => Promise<number>): Promise<unknown> {
  return Promise.all(
    Array.from({ length: count }, async (_, client) => {
      for (let request = 0; request < requests; request += 1) await ask(client * requests + request);
    }),
  );
}

test('a single client gets a batch for each request', async () => {
  const { batches, ask } = doubling();
  await clients(1, 20, batch(world, { lanes: 2, maxBatch: 500 }, ask));
  assert.deepEqual(
    batches.map((items) => items.length),
    Array(20).fill(1),
  );
});

test('256 concurrent clients form large batches without a timer', async () => {
  const { batches, ask } = doubling();
  await clients(256, 20, batch(world, { lanes: 2, maxBatch: 500 }, ask));
  const mean = (256 * 20) / batches.length;
  assert.ok(mean > 64, `a mean batch of ${mean}`);
});

test('batches form even if the work resolves in the same turn of the event loop', async () => {
  const batches: number[] = [];
  const ask = batch(world, { lanes: 1, maxBatch: 500 }, async (items: number[]) => {
    batches.push(items.length);
    return items;
  });
  // Each request arrives in its own turn of the event loop, like requests on separate connections.
  await clients(64, 10, async (item) => {
    await new Promise<void>((resolve) => world.turn(resolve));
    return ask(item);
  });
  const mean = (64 * 10) / batches.length;
  assert.ok(mean > 16, `a mean batch of ${mean}`);
});

test('each item gets its own result, and batches keep the order of arrival', async () => {
  const { batches, ask } = doubling();
  const one = batch(world, { lanes: 1, maxBatch: 7 }, ask);
  const items = Array.from({ length: 100 }, (_, index) => index);
  assert.deepEqual(
    await Promise.all(items.map(one)),
    items.map((item) => item * 2),
  );
  assert.deepEqual(batches.flat(), items);
});

test('no batch exceeds maxBatch, and no more batches run than there are lanes', async () => {
  const { batches, ask, mostAtOnce } = doubling();
  await clients(100, 5, batch(world, { lanes: 3, maxBatch: 8 }, ask));
  assert.equal(Math.max(...batches.map((items) => items.length)), 8);
  assert.equal(mostAtOnce(), 3);
});

test('an error rejects the items of its batch only', async () => {
  const failure = new Error('the second set');
  const one = batch(world, { lanes: 1, maxBatch: 2 }, async (items: number[]) => {
    await delay(1);
    if (items.includes(2)) throw failure;
    return items;
  });
  const answers = await Promise.allSettled([0, 1, 2, 3, 4].map(one));
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason)),
    [0, 1, failure, failure, 4],
  );
});

test('a synchronous error rejects the batch, and the lane continues', async () => {
  let asked = 0;
  const one = batch<number, number>(world, { lanes: 1, maxBatch: 1 }, (items) => {
    asked += 1;
    if (asked === 1) throw new Error('at once');
    return Promise.resolve(items);
  });
  await assert.rejects(one(1), /at once/);
  assert.equal(await one(2), 2);
});

test('a result of the wrong length rejects the batch', async () => {
  const one = batch(world, { lanes: 1, maxBatch: 10 }, async (items: number[]) => items.slice(1));
  const answers = await Promise.allSettled([1, 2].map(one));
  for (const answer of answers) {
    assert.equal(answer.status, 'rejected');
    assert.match(answer.reason.message, /a batch of 2 items returned 1 results/);
  }
});
