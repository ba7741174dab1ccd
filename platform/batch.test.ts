import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { batch } from './batch.ts';
import { realWorld } from './world.ts';

const world = realWorld();

/** A question about numbers that takes a moment, keeps the sets it was asked about, and doubles. */
function doubling(takesMs = 2) {
  const sets: number[][] = [];
  let most = 0;
  let underWay = 0;
  const ask = async (set: number[]) => {
    sets.push(set);
    underWay += 1;
    most = Math.max(most, underWay);
    await delay(takesMs);
    underWay -= 1;
    return set.map((number) => number * 2);
  };
  return { sets, ask, mostAtOnce: () => most };
}

/** So many clients, each of which asks again as soon as it is answered. */
function clients(count: number, questions: number, ask: (item: number) => Promise<number>): Promise<unknown> {
  return Promise.all(
    Array.from({ length: count }, async (_, client) => {
      for (let question = 0; question < questions; question += 1) await ask(client * questions + question);
    }),
  );
}

test('one client gets a set for each of its questions', async () => {
  const { sets, ask } = doubling();
  await clients(1, 20, batch(world, { lanes: 2, maxBatch: 500 }, ask));
  assert.deepEqual(
    sets.map((set) => set.length),
    Array(20).fill(1),
  );
});

test('256 clients at once form large sets by themselves', async () => {
  const { sets, ask } = doubling();
  await clients(256, 20, batch(world, { lanes: 2, maxBatch: 500 }, ask));
  const mean = (256 * 20) / sets.length;
  assert.ok(mean > 64, `a mean set of ${mean}`);
});

test('sets form even when the answer comes within the same turn of the event loop', async () => {
  const sets: number[] = [];
  const ask = batch(world, { lanes: 1, maxBatch: 500 }, async (set: number[]) => {
    sets.push(set.length);
    return set;
  });
  // Each client's next question arrives by an event of its own, as requests do on their connections.
  await clients(64, 10, async (item) => {
    await new Promise<void>((resolve) => world.turn(resolve));
    return ask(item);
  });
  const mean = (64 * 10) / sets.length;
  assert.ok(mean > 16, `a mean set of ${mean}`);
});

test('each question gets its own answer, and sets keep the order of arrival', async () => {
  const { sets, ask } = doubling();
  const one = batch(world, { lanes: 1, maxBatch: 7 }, ask);
  const items = Array.from({ length: 100 }, (_, index) => index);
  assert.deepEqual(
    await Promise.all(items.map(one)),
    items.map((item) => item * 2),
  );
  assert.deepEqual(sets.flat(), items);
});

test('no set is larger than its maximum, and no more are under way than there are lanes', async () => {
  const { sets, ask, mostAtOnce } = doubling();
  await clients(100, 5, batch(world, { lanes: 3, maxBatch: 8 }, ask));
  assert.equal(Math.max(...sets.map((set) => set.length)), 8);
  assert.equal(mostAtOnce(), 3);
});

test('an error rejects the questions of its set, and of no other', async () => {
  const failure = new Error('the second set');
  const one = batch(world, { lanes: 1, maxBatch: 2 }, async (set: number[]) => {
    await delay(1);
    if (set.includes(2)) throw failure;
    return set;
  });
  const answers = await Promise.allSettled([0, 1, 2, 3, 4].map(one));
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason)),
    [0, 1, failure, failure, 4],
  );
});

test('an error thrown before the first wait rejects as well, and the lane goes on', async () => {
  let asked = 0;
  const one = batch<number, number>(world, { lanes: 1, maxBatch: 1 }, (set) => {
    asked += 1;
    if (asked === 1) throw new Error('at once');
    return Promise.resolve(set);
  });
  await assert.rejects(one(1), /at once/);
  assert.equal(await one(2), 2);
});

test('an answer of another length is no answer', async () => {
  const one = batch(world, { lanes: 1, maxBatch: 10 }, async (set: number[]) => set.slice(1));
  const answers = await Promise.allSettled([1, 2].map(one));
  for (const answer of answers) {
    assert.equal(answer.status, 'rejected');
    assert.match(answer.reason.message, /2 were asked about, 1 answered/);
  }
});
