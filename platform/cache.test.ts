import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareLooks } from './cache.ts';
import { realWorld } from './world.ts';

/** Something that changes, and a way to look at it that takes some turns of the event loop. */
function openLooks() {
  let value = 0;
  const looked: string[] = [];
  const share = shareLooks(
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

test('those who ask the same at once are answered by one look, and others by their own', async () => {
  const { share, looked } = openLooks();
  const answers = await Promise.all(['a', 'b', 'a', 'a', 'b'].map(share));
  assert.deepEqual(answers, ['a 0', 'b 0', 'a 0', 'a 0', 'b 0']);
  assert.deepEqual(looked, ['a', 'b']);
});

test('whoever asks after a change is never answered by a look from before it', async () => {
  const { share, looked, change } = openLooks();
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
  assert.ok(looked.length < 200, `${looked.length} looks for ${answers.length} questions`);
});

test('a look that fails is the failure of those who asked for it, and of nobody else', async () => {
  let isAway = true;
  const share = shareLooks(
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
