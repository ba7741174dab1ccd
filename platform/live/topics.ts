import { entry } from '../collections.ts';
import { eventFrame } from './sse.ts';

/** The current state of an item, for the viewers of its topics. */
export interface Shown {
  /** The topics that show the item. A topic is an event's id, a person's id, or 0 for all items. */
  readonly topics: readonly number[];
  readonly key: number;
  /** The id of the transaction that wrote this state: 32 bits, wrapping around. */
  readonly version: number;
  readonly data: unknown;
}

/** The newest state of an item in memory. It is updated in place, so a slow viewer gets only the newest state. */
export interface Entry {
  version: number;
  frame: Buffer;
}

export interface TopicsOptions {
  /** The name of the events in the stream. */
  readonly event: string;
  /** The maximum number of items of a topic in memory, for new viewers: those with the highest keys are kept. */
  readonly keep: number;
}

/** The newest states of the items of all watched topics. */
export class Topics {
  readonly #options: TopicsOptions;
  readonly #known = new Map<number, Map<number, Entry>>();

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  /** Whether a topic has been read. */
  has(topic: number): boolean {
    return this.#known.has(topic);
  }

  /** Keeps a topic in memory from now on. */
  add(topic: number): void {
    this.#known.set(topic, new Map());
  }

  delete(topic: number): void {
    this.#known.delete(topic);
  }

  /** All items of the given topics. */
  of(topics: readonly number[]): Entry[] {
    return topics.flatMap((topic) => [...(this.#known.get(topic)?.values() ?? [])]);
  }

  /**
   * Stores the newly read states of items. Topics that were not added are ignored.
   * @returns the changed items by topic.
   */
  update(shown: readonly Shown[]): Map<number, Entry[]> {
    const { event } = this.#options;
    const changed = new Map<number, Entry[]>();
    for (const { topics, key, version, data } of shown) {
      let frame: Buffer | undefined;
      for (const topic of topics) {
        const known = this.#known.get(topic);
        if (known === undefined || known.get(key)?.version === version) continue;
        frame ??= eventFrame({ event, data });
        const item = Object.assign(known.get(key) ?? {}, { version, frame });
        known.set(key, item);
        entry(changed, topic, () => []).push(item);
      }
    }
    return changed;
  }

  /** Removes the oldest items of a topic beyond `keep`. @returns the removed items. */
  evictOldest(topic: number): Entry[] {
    const known = this.#known.get(topic);
    const excess = (known?.size ?? 0) - this.#options.keep;
    if (known === undefined || excess <= 0) return [];
    const oldest = [...known].sort(([a], [b]) => a - b).slice(0, excess);
    for (const [key] of oldest) known.delete(key);
    return oldest.map(([, item]) => item);
  }
}

const round = 2n ** 32n;

/** Whether a 32-bit version, which wraps around, is the given transaction or one of the next 2^31. */
export function isAtOrAfter(version: number, transaction: bigint): boolean {
  return (BigInt(version) - transaction + round * round) % round < round / 2n;
}

/** Whether two transactions are close enough for `isAtOrAfter`. */
export function areComparable(earlier: bigint, later: bigint): boolean {
  return earlier <= later && later - earlier < round / 2n;
}
