import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cacheLookups, shareQueries } from './cache.ts';
import { realWorld } from './world.ts';

/** A cache of at most three results, and the keys that it has queried. */
function openCache() {
  let nowMs = 0;
  const queried: string[] = [];
  const world = { ...realWorld(), now: () => nowMs };
  const lookUp = cacheLookups(world, { forMs: 1_000, atMost: 3 }, async (key: string) => {
    queried.push(key);
    if (key === 'broken') throw new Error('away');
    return key;
  });
  return { lookUp, queried, pass: (ms: number) => (nowMs += ms) };
}

test('beyond the limit only the least recently used result is forgotten', async () => {
  const { lookUp, queried } = openCache();
  for (const key of ['a', 'b', 'c', 'a', 'd']) await lookUp(key);
  assert.deepEqual(queried, ['a', 'b', 'c', 'd']);
  for (const key of ['a', 'c', 'd']) await lookUp(key);
  assert.deepEqual(queried, ['a', 'b', 'c', 'd']);
  await lookUp('b');
  assert.deepEqual(queried, ['a', 'b', 'c', 'd', 'b']);
});

test('a result expires, also one that is used all the time; a forgotten one is queried again', async () => {
  const { lookUp, queried, pass } = openCache();
  await lookUp('a');
  pass(999);
  await lookUp('a');
  assert.deepEqual(queried, ['a']);
  pass(1);
  await lookUp('a');
  assert.deepEqual(queried, ['a', 'a']);
  lookUp.forget('a');
  await lookUp('a');
  assert.deepEqual(queried, ['a', 'a', 'a']);
});

test('a failure is not cached', async () => {
  const { lookUp, queried } = openCache();
  for (let time = 0; time < 2; time += 1) await assert.rejects(lookUp('broken'), /away/);
  assert.deepEqual(queried, ['broken', 'broken']);
});

/** A value that changes, and a query for it that takes some turns of the event loop. */
function openQueries() {
  let value = 0;
  const looked: string[] = [];
  const share = shareQueries(
    realWorld(),
    (question: string) => question,
    async (question) => {
      looked.push(question);
      const seen = value;
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return `${question} ${seen}`;
    },
  );
  return { share, looked, change: () => (value += 1) };
}

test('concurrent callers with the same key share one query; other keys have their own', async () => {
  const { share, looked } = openQueries();
  const answers = await Promise.all(['a', 'b', 'a', 'a', 'b'].map(share));
  assert.deepEqual(answers, ['a 0', 'b 0', 'a 0', 'a 0', 'b 0']);
  assert.deepEqual(looked, ['a', 'b']);
});

test('a caller that asks after a change never gets a result from before it', async () => {
  const { share, looked, change } = openQueries();
  const answers: Promise<string>[] = [];
  for (let time = 0; time < 200; time += 1) {
    const now = change();
    for (let client = 0; client < 5; client += 1) {
      answers.push(
        share('a').then((answer) => {
          assert.ok(Number(answer.slice(2)) >= now, `${answer}, asked at ${now}`);
          return answer;
        }),
      );
    }
    if (time % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(answers);
  assert.ok(looked.length < 200, `${looked.length} queries for ${answers.length} questions`);
});

test('a failed query fails only its own callers', async () => {
  let isAway = true;
  const share = shareQueries(
    realWorld(),
    (question: string) => question,
    async (question) => {
      if (isAway && question === 'a') throw new Error('away');
      return question;
    },
  );
  const ends = await Promise.allSettled(['a', 'b', 'a'].map(share));
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected'],
  );
  isAway = false;
  assert.equal(await share('a'), 'a');
});
