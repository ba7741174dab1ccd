import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { open, pass, Watching } from './feed.fixture.ts';
import type { Feed } from './feed.ts';

describe('a feed with slow viewers and broken connections', () => {
  breaks();
  slowViewers();

  test('all viewers end with the current state, for any writes, viewers and broken connections', async () => {
    const steps = fc.array(step, { maxLength: 60 });
    await fc.assert(fc.asyncProperty(steps, fc.integer({ min: 0, max: 30 }), play), { numRuns: 300 });
  });
});

function breaks(): void {
  for (const from of ['a reading', 'memory']) {
    test(`a break while items from ${from} are sent: the viewer gets the rest when it reconnects`, async () => {
      for (let cut = 0; cut <= 6; cut += 1) {
        const { things, feed } = open();
        const stays = new Watching();
        feed.watch(stays, [8]);
        if (from === 'memory') feed.watch(stays, [7]);
        await pass(60);
        for (const key of [1, 2, 3, 4, 5]) things.write(key, 7, key);
        if (from === 'memory') await pass(60);
        const first = new Watching();
        first.arriving = cut;
        feed.watch(first, [7]);
        await pass(60);
        if (from === 'a reading') feed.watch(stays, [7]);
        first.leave();
        const back = new Watching(first.told);
        feed.watch(back, [7]);
        await pass(60);
        assert.deepEqual(new Set([...first.data, ...back.data]), new Set([1, 2, 3, 4, 5]), `after ${cut}`);
        if (cut === 6) assert.deepEqual(back.data, [], 'the viewer had all items and their event id');
        for (const each of [stays, back]) each.leave();
      }
    });
  }

  test('a read of single items sends no event id, because the rest was not read', async () => {
    const { things, feed } = open(200);
    const [stays, leaves] = [new Watching(), new Watching()];
    for (const each of [stays, leaves]) feed.watch(each, [7]);
    await pass(60);
    for (const key of [1, 2]) things.write(key, 7, key);
    feed.touch([2]);
    await pass(60);
    leaves.leave();
    assert.deepEqual(leaves.data, [2]);
    await pass(300);
    const back = new Watching(leaves.told);
    feed.watch(back, [7]);
    assert.deepEqual(new Set(back.data), new Set([1, 2]));
    for (const each of [stays, back]) each.leave();
  });

  test('a read that began before a viewer’s topic was watched sends that viewer no event id', async () => {
    const { things, feed } = open();
    const stays = new Watching();
    feed.watch(stays, [7]);
    await pass(60);
    for (const topic of [7, 8]) things.write(topic, topic, topic);
    things.readingMs = 200;
    await pass(60);
    const leaves = new Watching();
    leaves.arriving = 2;
    feed.watch(leaves, [7, 8]);
    feed.watch(stays, [8]);
    await pass(3_000);
    leaves.leave();
    assert.deepEqual(stays.data, [7, 8]);
    const back = new Watching(leaves.told);
    feed.watch(back, [7, 8]);
    assert.deepEqual(new Set([...leaves.data, ...back.data]), new Set([7, 8]));
    for (const each of [stays, back]) each.leave();
  });
}

function slowViewers(): void {
  test('a slow viewer gets each item once, in its newest state, and the event id after the last', async () => {
    const { things, feed } = open();
    const slow = new Watching();
    feed.watch(slow, [7]);
    await pass(60);
    const told = slow.told;
    slow.take(false);
    for (let time = 1; time <= 5; time += 1) {
      for (const key of [1, 2, 3]) things.write(key, 7, `${key} for the ${time}th time`);
      await pass(60);
    }
    assert.deepEqual([slow.data, slow.told], [[], told]);
    slow.take(true);
    assert.deepEqual(slow.data, ['1 for the 5th time', '2 for the 5th time', '3 for the 5th time']);
    assert.equal(slow.told, String(things.transaction + 1));
    slow.leave();
  });

  test('a viewer’s queue is bounded by the items kept in memory', async () => {
    const { things, feed } = open();
    const [slow, quick] = [new Watching(), new Watching()];
    for (const each of [slow, quick]) feed.watch(each, [7]);
    await pass(60);
    slow.take(false);
    const keys = Array.from({ length: 100 }, (_, index) => index + 1);
    for (const key of keys) {
      things.write(key, 7, key);
      if (key % 8 === 0) await pass(60);
    }
    await pass(60);
    assert.deepEqual(quick.data, keys);
    slow.take(true);
    assert.deepEqual(slow.data, keys.slice(-10));
    for (const each of [slow, quick]) each.leave();
  });
}

const key = fc.integer({ min: 1, max: 6 });
const who = fc.integer({ min: 0, max: 1 });
const step = fc.oneof(
  fc.record({ does: fc.constant('writes' as const), key }),
  fc.record({ does: fc.constant('begins' as const), key }),
  fc.record({ does: fc.constant('commits' as const) }),
  fc.record({ does: fc.constant('touches' as const), key }),
  fc.record({ does: fc.constant('passes' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ does: fc.constant('takes' as const), who, isReady: fc.boolean() }),
  fc.record({ does: fc.constant('breaks' as const), who, arriving: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ does: fc.constant('comes again' as const), who }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The data of a row: its key, and the number of writes to all rows before this one. */
interface Thing {
  readonly key: number;
  readonly count: number;
}

/** A viewer that reconnects and remembers what it has seen. */
class Returning {
  readonly topics: readonly number[];
  readonly #feed: Feed;
  readonly #seen = new Map<number, number>();
  now = new Watching();

  constructor(feed: Feed, topics: readonly number[]) {
    this.#feed = feed;
    this.topics = topics;
    feed.watch(this.now, topics);
  }

  /** @returns for each key, the count of the newest write that the viewer has seen. */
  look(): Map<number, number> {
    for (const { key, count } of this.now.data.splice(0) as Thing[]) this.#seen.set(key, count);
    return this.#seen;
  }

  comeAgain(): void {
    this.look();
    this.now.leave();
    this.now = new Watching(this.now.told);
    this.#feed.watch(this.now, this.topics);
  }
}

/** Plays the steps with two viewers. In the end they reconnect, and must see the current state of their topics. */
async function play(steps: readonly Step[], readingMs: number): Promise<void> {
  const { things, feed } = open();
  things.readingMs = readingMs;
  const topicOf = (key: number) => (key % 2 === 0 ? 8 : 7);
  // The second viewer has one more topic, so that the feed learns of its topics at different moments.
  const viewers = [new Returning(feed, [7]), new Returning(feed, [7, 8])];
  const underWay: { key: number; commit: () => void }[] = [];
  let count = 0;
  const begin = (key: number) => things.begin(key, topicOf(key), { key, count: count++ } satisfies Thing);
  for (const step of steps) {
    const viewer = viewers['who' in step ? step.who : 0] as Returning;
    if (step.does === 'passes') await pass(step.ms);
    // A writer waits for the open transaction that writes the same row.
    else if (step.does === 'writes' && underWay.every(({ key }) => key !== step.key)) begin(step.key)();
    else if (step.does === 'begins' && underWay.every(({ key }) => key !== step.key)) {
      underWay.push({ key: step.key, commit: begin(step.key) });
    } else if (step.does === 'commits') underWay.shift()?.commit();
    else if (step.does === 'touches') feed.touch([step.key]);
    else if (step.does === 'takes') viewer.now.take(step.isReady);
    else if (step.does === 'breaks') viewer.now.arriving = step.arriving;
    else if (step.does === 'comes again') viewer.comeAgain();
  }
  for (const { commit } of underWay) commit();
  for (const viewer of viewers) viewer.comeAgain();
  // The feed pauses between two reads for nine times the duration of a read.
  await pass(1_000);
  for (const viewer of viewers) {
    const seen = viewer.look();
    viewer.now.leave();
    const rows = [...things.rows.values()].filter((row) => viewer.topics.some((each) => row.topics.includes(each)));
    const expected = rows.map(({ data }) => data as Thing);
    assert.deepEqual(seen, new Map(expected.map(({ key, count }) => [key, count])));
  }
}
