import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, pass, Watching } from './feed.fixture.ts';

describe('a feed', () => {
  test('sends a viewer the current items of its topics, then their changes, and nothing else', async () => {
    const { things, feed } = open();
    things.write(1, 7, 'one');
    things.write(2, 8, 'another');
    const viewer = new Watching();
    feed.watch(viewer, [7]);
    await pass(60);
    assert.deepEqual(viewer.data, ['one']);
    things.write(1, 7, 'one more');
    await pass(90);
    assert.deepEqual(viewer.data, ['one', 'one more']);
    viewer.leave();
  });

  test('reads once for all viewers, serves new viewers from memory, and does not read without viewers', async () => {
    const { things, feed } = open(10_000);
    things.write(1, 7, 'one');
    const viewers = Array.from({ length: 500 }, () => new Watching());
    for (const each of viewers) feed.watch(each, [7]);
    await pass(80);
    assert.equal(things.asked.length, 1);
    const late = new Watching();
    feed.watch(late, [7]);
    assert.deepEqual(late.data, ['one']);
    assert.ok(viewers.every(({ data }) => `${data}` === 'one'));
    for (const each of [...viewers, late]) each.leave();
    feed.touch([1]);
    await pass(50);
    assert.equal(things.asked.length, 1);
  });

  test('sends items at once that are known to have changed', async () => {
    const { things, feed } = open(10_000);
    const viewer = new Watching();
    feed.watch(viewer, [7]);
    await pass(60);
    things.write(1, 7, 'new');
    feed.touch([1]);
    await pass(50);
    assert.deepEqual(viewer.data, ['new']);
    assert.equal(things.asked.at(-1)?.isOnlyKeys, true);
    viewer.leave();
  });

  test('sends a viewer that reconnects only the changes since its event id, or everything if that is unknown', async () => {
    const { things, feed } = open();
    const stays = new Watching();
    feed.watch(stays, [7]);
    things.write(1, 7, 'old');
    await pass(100);
    const id = stays.told;
    things.write(2, 7, 'new');
    await pass(100);
    for (const [lastEventId, expected] of [
      [id, ['new']],
      ['99999', ['old', 'new']],
      ['nonsense', ['old', 'new']],
      ['', ['old', 'new']],
    ] as const) {
      const back = new Watching(lastEventId);
      feed.watch(back, [7]);
      assert.deepEqual(back.data, expected, `last seen: ${lastEventId}`);
      back.leave();
    }
    stays.leave();
  });

  test('continues after failed reads, and misses no change', async () => {
    const { things, feed } = open();
    const viewer = new Watching();
    feed.watch(viewer, [7]);
    await pass(60);
    things.isAway = true;
    things.write(1, 7, 'meanwhile');
    await pass(60);
    things.isAway = false;
    await pass(90);
    assert.deepEqual(viewer.data, ['meanwhile']);
    viewer.leave();
  });

  test('transaction ids wrap around: new changes are recognized, and everything is sent if the id is too old', async () => {
    const { things, feed } = open();
    things.transaction = 2 ** 32 - 2;
    things.write(1, 7, 'before');
    const stays = new Watching();
    feed.watch(stays, [7]);
    await pass(60);
    for (const seen of [2 ** 32 - 5, 2 ** 31 - 5]) {
      const back = new Watching(String(seen));
      feed.watch(back, [7]);
      assert.deepEqual(back.data, ['before'], `last seen: ${seen}`);
      back.leave();
    }
    stays.leave();
  });
});
