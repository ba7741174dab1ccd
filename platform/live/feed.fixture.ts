import assert from 'node:assert/strict';
import { VirtualWorld } from '../../test/simulation/world.ts';
import { createLog } from '../telemetry/log.ts';
import { Feed, type ReadRequest } from './feed.ts';
import type { EventStream } from './response-stream.ts';
import type { Shown } from './topics.ts';

export const world = new VirtualWorld(1);

/** Advances the virtual time. */
export async function pass(ms: number): Promise<void> {
  let isOver = false;
  world.later(ms, () => {
    isOver = true;
  });
  await world.run(() => isOver);
}

/** A viewer that keeps the items it receives, as a browser does, until its connection breaks. */
export class Watching implements EventStream {
  readonly lastEventId: string | undefined;
  /** The last event id that the viewer received, which it sends as Last-Event-ID when it reconnects. */
  told: string;
  readonly data: unknown[] = [];
  isReady = true;
  /** The number of blocks that still arrive before the connection breaks. It may break within a frame. */
  arriving = Number.POSITIVE_INFINITY;
  readonly #works: (() => void)[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(lastEventId?: string) {
    this.lastEventId = lastEventId;
    this.told = lastEventId ?? '';
  }

  send(frame: Buffer): void {
    assert.ok(this.isReady, 'nothing is sent to a viewer that is not ready');
    for (const block of frame.toString().split('\n\n').slice(0, -1)) {
      this.arriving -= 1;
      if (this.arriving < 0) return;
      const [, id] = /^id: (\d+)$/.exec(block) ?? [];
      const [, data = ''] = /^event: thing\ndata: (.*)$/.exec(block) ?? [];
      if (id === undefined) this.data.push(JSON.parse(data));
      else this.told = id;
    }
  }

  onReady(work: () => void): void {
    this.#works.push(work);
  }

  onEnd(work: () => void): void {
    this.#ends.push(work);
  }

  /** Makes the viewer accept items, beginning with the waiting ones, or stop accepting them. */
  take(isReady: boolean): void {
    this.isReady = isReady;
    if (isReady) for (const work of this.#works) work();
  }

  leave(): void {
    this.isReady = false;
    for (const end of this.#ends) end();
  }
}

/** Simulates a database table. Each row has the id of the transaction that wrote it. */
export class Things {
  readonly asked: ReadRequest[] = [];
  transaction = 100;
  isAway = false;
  /** The duration of a read, in milliseconds. A read returns the rows as they were when it began. */
  readingMs = 0;
  readonly rows = new Map<number, Shown>();
  readonly #underWay = new Set<number>();

  write(key: number, topic: number, data: unknown): void {
    this.begin(key, topic, data)();
  }

  /** Begins a transaction that writes a row, invisible until the commit. @returns a function that commits. */
  begin(key: number, topic: number, data: unknown): () => void {
    this.transaction += 1;
    const own = this.transaction;
    this.#underWay.add(own);
    return () => {
      this.#underWay.delete(own);
      this.rows.set(key, { key, topics: [topic], version: own % 2 ** 32, data });
    };
  }

  readonly read = async (asked: ReadRequest) => {
    this.asked.push(asked);
    if (this.isAway) throw new Error('away');
    const { topics, fresh, since, keys, isOnlyKeys } = asked;
    const isAsked = ({ topics: own, key, version }: Shown) =>
      keys.includes(key) ||
      own.some((topic) => fresh.includes(topic)) ||
      (!isOnlyKeys && own.some((topic) => topics.includes(topic)) && version >= Number(since ?? 0));
    const shown = [...this.rows.values()].filter(isAsked);
    const upto = String(Math.min(this.transaction + 1, ...this.#underWay));
    if (this.readingMs > 0) await new Promise<void>((resolve) => void world.later(this.readingMs, resolve));
    return { upto, shown };
  };
}

export function open(everyMs = 30) {
  const things = new Things();
  const log = createLog('silent');
  return { things, feed: new Feed({ world, log, event: 'thing', everyMs, keep: 10, read: things.read }) };
}
