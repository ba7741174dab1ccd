import { entry } from './entry.ts';
import { type EventStream, eventFrame } from './event-stream.ts';
import type { Logger } from './log.ts';
import type { Timer, World } from './world.ts';

/** A thing as it stands: what viewers of its topics are shown. */
export interface Shown {
  /** A topic is a number that viewers watch: an event's id, a person's, or 0 for all. */
  readonly topics: readonly number[];
  readonly key: number;
  /** The transaction that wrote it so, as the database counts them: 32 bits, going round. */
  readonly version: number;
  readonly data: unknown;
}

/** What was read, and up to where: every transaction before `upto` is in it. */
export interface Reading {
  readonly upto: string;
  readonly shown: readonly Shown[];
}

/** What is to be read: all of the `fresh` topics, and of the others what was written at `since` or later. */
export interface Asked {
  readonly topics: readonly number[];
  readonly fresh: readonly number[];
  readonly since: string | undefined;
  /** What is known to have changed. */
  readonly keys: readonly number[];
  /** Whether these are all that is asked for now: then `upto` does not count. */
  readonly isOnlyKeys: boolean;
}

export interface FeedOptions {
  readonly world: World;
  readonly log: Logger;
  /** The name of its events. */
  readonly event: string;
  /** How long it rests between two readings, in milliseconds. */
  readonly everyMs: number;
  /** Reads what has changed, with one statement for all who watch. */
  read(asked: Asked): Promise<Reading>;
  /** How many things of a topic are remembered for whoever comes later. */
  readonly keep: number;
}

interface Entry {
  readonly version: number;
  readonly frame: Buffer;
}

/**
 * How long is rested at least and, for what viewers feel, at most, in milliseconds; in between nine times as long as
 * reading and sending took, so that those who watch take up a tenth of the process's time, however many they are.
 */
const shortestRestMs = 20;
const longestRestMs = 400;
const restFactor = 9;
/** To so many viewers is sent in one turn of the event loop, so that whoever asks for something else is not kept out. */
const viewersInTurn = 100;

/**
 * Shows many viewers how things stand and what becomes of them. While anyone watches it reads what has changed every
 * so often, once for all viewers of the process; a viewer who comes is shown how things stand, from memory where others
 * watch the same. All that is sent is a thing as it stands, never a difference, so whoever missed something is right
 * again with the next event.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #viewers = new Map<number, Set<EventStream>>();
  /** What is known of each topic that has been read. */
  readonly #known = new Map<number, Map<number, Entry>>();
  readonly #touched = new Set<number>();
  #since: string | undefined;
  /** When everything is read the next time. */
  #dueAtMs = 0;
  #timer: Timer | undefined;
  #restsUntilMs = 0;
  #isReading = false;
  #isAway = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Whether anyone watches a topic. */
  has(topic: number): boolean {
    return this.#viewers.has(topic);
  }

  /** Shows a viewer the topics as they stand, and all that becomes of them until the stream ends. */
  watch(stream: EventStream, topics: readonly number[]): void {
    for (const topic of topics) {
      const known = this.#known.get(topic);
      if (known !== undefined) for (const each of known.values()) this.#showFirst(stream, each);
      entry(this.#viewers, topic, () => new Set()).add(stream);
    }
    stream.onEnd(() => {
      for (const topic of topics) this.#leave(topic, stream);
    });
    if (topics.some((topic) => !this.#known.has(topic))) this.#readIn(shortestRestMs);
  }

  /** Reads these at once: they are known to have changed. */
  touch(keys: readonly number[]): void {
    for (const key of keys) this.#touched.add(key);
    if (keys.length > 0) this.#readIn(0);
  }

  /** To a viewer who comes again only what was written since; to any other, and whenever in doubt, all. */
  #showFirst(stream: EventStream, { version, frame }: Entry): void {
    const seen = /^\d{1,19}$/.test(stream.lastEventId ?? '') ? BigInt(stream.lastEventId as string) : 0n;
    const isKnown = seen > 0n && this.#since !== undefined && seen <= BigInt(this.#since);
    if (!isKnown || isAtOrAfter(version, seen)) stream.send(frame);
  }

  #leave(topic: number, stream: EventStream): void {
    const viewers = this.#viewers.get(topic);
    viewers?.delete(stream);
    if (viewers === undefined || viewers.size > 0) return;
    this.#viewers.delete(topic);
    this.#known.delete(topic);
    if (this.#viewers.size === 0 && !this.#isReading) this.#rest();
  }

  #rest(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#since = undefined;
    this.#touched.clear();
  }

  #readIn(ms: number): void {
    if (this.#isReading || this.#viewers.size === 0) return;
    this.#timer?.cancel();
    const { world } = this.#options;
    this.#timer = world.later(Math.max(0, ms, this.#restsUntilMs - world.now()), () => this.#read());
  }

  async #read(): Promise<void> {
    const { world, everyMs, log, event } = this.#options;
    this.#isReading = true;
    const beganMs = world.now();
    const asked = this.#ask(beganMs);
    try {
      const { upto, shown } = await this.#options.read(asked);
      for (const topic of asked.fresh) if (this.#viewers.has(topic)) this.#known.set(topic, new Map());
      await this.#spread(shown, asked.isOnlyKeys ? (this.#since ?? upto) : upto);
      if (!asked.isOnlyKeys) {
        this.#since = upto;
        this.#dueAtMs = beganMs + everyMs;
      }
      this.#isAway = false;
    } catch (err) {
      // Viewers stay, and are told when it is back.
      if (!this.#isAway) log.warn({ err, event }, 'what has changed can not be read for those who watch');
      this.#isAway = true;
      this.#dueAtMs = world.now() + everyMs;
    }
    this.#isReading = false;
    if (this.#viewers.size === 0) return this.#rest();
    this.#restsUntilMs = world.now() + Math.min(longestRestMs, (world.now() - beganMs) * restFactor);
    const isMore = !this.#isAway && (this.#touched.size > 0 || this.#fresh().length > 0);
    this.#readIn(isMore ? shortestRestMs : this.#dueAtMs - world.now());
  }

  #fresh(): number[] {
    return [...this.#viewers.keys()].filter((topic) => !this.#known.has(topic));
  }

  #ask(nowMs: number): Asked {
    const fresh = this.#fresh();
    const keys = [...this.#touched];
    this.#touched.clear();
    const isOnlyKeys = fresh.length === 0 && nowMs < this.#dueAtMs;
    return { topics: [...this.#viewers.keys()], fresh, since: this.#since, keys, isOnlyKeys };
  }

  /** Sends what is new to those who watch it. */
  async #spread(shown: readonly Shown[], upto: string): Promise<void> {
    const { event, keep, world } = this.#options;
    let sent = 0;
    for (const { topics, key, version, data } of shown) {
      let frame: Buffer | undefined;
      for (const topic of topics) {
        const known = this.#known.get(topic);
        if (known === undefined || known.get(key)?.version === version) continue;
        frame ??= eventFrame({ id: upto, event, data });
        known.set(key, { version, frame });
        if (known.size > keep) known.delete(Math.min(...known.keys()));
        for (const viewer of [...(this.#viewers.get(topic) ?? [])]) {
          viewer.send(frame);
          sent += 1;
          if (sent % viewersInTurn === 0) await new Promise<void>((resolve) => world.turn(resolve));
        }
      }
    }
  }
}

const round = 2n ** 32n;

/** Whether a version, of 32 bits that go round, is the given transaction or a later one. */
function isAtOrAfter(version: number, transaction: bigint): boolean {
  return (BigInt(version) - transaction + round * round) % round < round / 2n;
}
