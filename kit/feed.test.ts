import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VirtualWorld } from '../sim/world.ts';
import type { EventStream } from './event-stream.ts';
import { type Asked, Feed, type Shown } from './feed.ts';
import { createLog } from './log.ts';

const world = new VirtualWorld(1);

/** Lets so much time pass, in milliseconds. */
async function pass(ms: number): Promise<void> {
  let isOver = false;
  world.later(ms, () => {
    isOver = true;
  });
  await world.run(() => isOver);
}

/** A viewer that keeps what it is shown. */
function viewer(lastEventId?: string) {
  const seen: { id: string; data: unknown }[] = [];
  const ends: (() => void)[] = [];
  const stream: EventStream = {
    lastEventId,
    send(frame) {
      const [, id = '', data = ''] = /^id: (.*)\nevent: thing\ndata: (.*)\n\n$/.exec(frame.toString()) ?? [];
      seen.push({ id, data: JSON.parse(data) });
    },
    onEnd: (work) => void ends.push(work),
  };
  return { stream, seen, data: () => seen.map(({ data }) => data), leave: () => ends.forEach((end) => void end()) };
}

/** Things that are kept as rows of a database are: each with the transaction that wrote it. */
class Things {
  readonly asked: Asked[] = [];
  transaction = 100;
  isAway = false;
  readonly #rows = new Map<number, Shown>();

  write(key: number, topic: number, data: unknown): void {
    this.transaction += 1;
    this.#rows.set(key, { key, topics: [topic], version: this.transaction % 2 ** 32, data });
  }

  readonly read = async (asked: Asked) => {
    this.asked.push(asked);
    if (this.isAway) throw new Error('away');
    const { topics, fresh, since, keys } = asked;
    const shown = [...this.#rows.values()].filter(
      (row) =>
        row.topics.some((topic) => fresh.includes(topic) || (topics.includes(topic) && since === undefined)) ||
        keys.includes(row.key) ||
        (row.topics.some((topic) => topics.includes(topic)) && row.version >= Number(since)),
    );
    return { upto: String(this.transaction + 1), shown };
  };
}

function open(everyMs = 30) {
  const things = new Things();
  const log = createLog('silent');
  return { things, feed: new Feed({ world, log, event: 'thing', everyMs, keep: 10, read: things.read }) };
}

describe('a feed', () => {
  test('shows a viewer what it watches as it stands, then what becomes of it, and nothing else', async () => {
    const { things, feed } = open();
    things.write(1, 7, 'one');
    things.write(2, 8, 'another');
    const { stream, data, leave } = viewer();
    feed.watch(stream, [7]);
    await pass(60);
    assert.deepEqual(data(), ['one']);
    things.write(1, 7, 'one more');
    await pass(90);
    assert.deepEqual(data(), ['one', 'one more']);
    leave();
  });

  test('reads once for all who watch, from memory for those who come later, and not at all for nobody', async () => {
    const { things, feed } = open(10_000);
    things.write(1, 7, 'one');
    const viewers = Array.from({ length: 500 }, () => viewer());
    for (const { stream } of viewers) feed.watch(stream, [7]);
    await pass(80);
    assert.equal(things.asked.length, 1);
    const late = viewer();
    feed.watch(late.stream, [7]);
    assert.deepEqual(late.data(), ['one']);
    assert.ok(viewers.every(({ data }) => `${data()}` === 'one'));
    for (const { leave } of [...viewers, late]) leave();
    feed.touch([1]);
    await pass(50);
    assert.equal(things.asked.length, 1);
  });

  test('shows at once what is known to have changed', async () => {
    const { things, feed } = open(10_000);
    const { stream, data, leave } = viewer();
    feed.watch(stream, [7]);
    await pass(60);
    things.write(1, 7, 'new');
    feed.touch([1]);
    await pass(50);
    assert.deepEqual(data(), ['new']);
    assert.equal(things.asked.at(-1)?.isOnlyKeys, true);
    leave();
  });

  test('shows a viewer who comes again only what was written since, and all when in doubt', async () => {
    const { things, feed } = open();
    const stays = viewer();
    feed.watch(stays.stream, [7]);
    things.write(1, 7, 'old');
    await pass(100);
    const { id = '' } = stays.seen.at(-1) ?? {};
    things.write(2, 7, 'new');
    await pass(100);
    for (const [lastEventId, expected] of [
      [id, ['new']],
      ['99999', ['old', 'new']],
      ['nonsense', ['old', 'new']],
      ['', ['old', 'new']],
    ] as const) {
      const back = viewer(lastEventId);
      feed.watch(back.stream, [7]);
      assert.deepEqual(back.data(), expected, `last seen: ${lastEventId}`);
      back.leave();
    }
    stays.leave();
  });

  test('goes on when what it reads from was away, and misses nothing', async () => {
    const { things, feed } = open();
    const { stream, data, leave } = viewer();
    feed.watch(stream, [7]);
    await pass(60);
    things.isAway = true;
    things.write(1, 7, 'meanwhile');
    await pass(60);
    things.isAway = false;
    await pass(90);
    assert.deepEqual(data(), ['meanwhile']);
    leave();
  });

  test('the numbers of transactions go round: what is new stays new', async () => {
    const { things, feed } = open();
    things.transaction = 2 ** 32 - 2;
    things.write(1, 7, 'before');
    const { stream, data, leave } = viewer(String(2 ** 32 - 5));
    const first = viewer();
    feed.watch(first.stream, [7]);
    await pass(60);
    feed.watch(stream, [7]);
    assert.deepEqual(data(), ['before']);
    leave();
    first.leave();
  });
});
