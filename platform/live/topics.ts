import { entry } from '../collections.ts';
import { eventFrame } from './sse.ts';

/** A thing as it stands: what viewers of its topics are shown. */
export interface Shown {
  /** A topic is a number that viewers watch: an event's id, a person's, or 0 for all. */
  readonly topics: readonly number[];
  readonly key: number;
  /** The transaction that wrote it so, as the database counts them: 32 bits, going round. */
  readonly version: number;
  readonly data: unknown;
}

/** A thing as it was read last: it is changed in place, so that whoever takes it late is shown the newest alone. */
export interface Entry {
  version: number;
  frame: Buffer;
}

export interface TopicsOptions {
  /** The name of the events that things are shown by. */
  readonly event: string;
  /** How many things of a topic are remembered for whoever comes later: those with the highest keys. */
  readonly keep: number;
}

/** The things of the topics that are watched, as they were read last. */
export class Topics {
  readonly #options: TopicsOptions;
  readonly #known = new Map<number, Map<number, Entry>>();

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  /** Whether a topic was read. */
  has(topic: number): boolean {
    return this.#known.has(topic);
  }

  /** From now on a topic is kept in memory. */
  add(topic: number): void {
    this.#known.set(topic, new Map());
  }

  delete(topic: number): void {
    this.#known.delete(topic);
  }

  /** All things of some topics. */
  of(topics: readonly number[]): Entry[] {
    return topics.flatMap((topic) => [...(this.#known.get(topic)?.values() ?? [])]);
  }

  /**
   * Takes in what was read. What is of no topic that was added before is left out.
   * @returns what is new, by its topics.
   */
  remember(shown: readonly Shown[]): Map<number, Entry[]> {
    const { event } = this.#options;
    const changed = new Map<number, Entry[]>();
    for (const { topics, key, version, data } of shown) {
      let frame: Buffer | undefined;
      for (const topic of topics) {
        const known = this.#known.get(topic);
        if (known === undefined || known.get(key)?.version === version) continue;
        frame ??= eventFrame({ event, data });
        const thing = Object.assign(known.get(key) ?? {}, { version, frame });
        known.set(key, thing);
        entry(changed, topic, () => []).push(thing);
      }
    }
    return changed;
  }

  /** @returns the oldest things of a topic, which are forgotten: there are more than are kept. */
  forgetOldest(topic: number): Entry[] {
    const known = this.#known.get(topic);
    const tooMany = (known?.size ?? 0) - this.#options.keep;
    if (known === undefined || tooMany <= 0) return [];
    const oldest = [...known].sort(([a], [b]) => a - b).slice(0, tooMany);
    for (const [key] of oldest) known.delete(key);
    return oldest.map(([, thing]) => thing);
  }
}

const round = 2n ** 32n;

/** Whether a version, of 32 bits that go round, is the given transaction or one of the half of all that come after it. */
export function isAtOrAfter(version: number, transaction: bigint): boolean {
  return (BigInt(version) - transaction + round * round) % round < round / 2n;
}

/** Whether two transactions, the second of them the later one, are near enough for `isAtOrAfter`. */
export function areComparable(earlier: bigint, later: bigint): boolean {
  return earlier <= later && later - earlier < round / 2n;
}
