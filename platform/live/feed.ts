import { entry } from '../collections.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Timer, World } from '../world.ts';
import type { EventStream } from './response-stream.ts';
import { areComparable, type Entry, isAtOrAfter, type Shown, Topics, type TopicsOptions } from './topics.ts';
import { Viewer } from './viewer.ts';

/** The result of a read, which contains the changes of every transaction before `upto`. */
export interface ReadResult {
  readonly upto: string;
  readonly shown: readonly Shown[];
}

/** What to read: all items of the `fresh` topics, and the items of the other topics that changed since `since`. */
export interface ReadRequest {
  readonly topics: readonly number[];
  readonly fresh: readonly number[];
  readonly since: string | undefined;
  /** The keys of items that are known to have changed. */
  readonly keys: readonly number[];
  /** Whether to read only `keys`. `upto` is then ignored. */
  readonly isOnlyKeys: boolean;
}

export interface FeedOptions extends TopicsOptions {
  readonly world: World;
  readonly log: Logger;
  /** The interval between two reads, in milliseconds. */
  readonly everyMs: number;
  /** Reads the changes for all viewers with one statement. */
  read(request: ReadRequest): Promise<ReadResult>;
}

/** The delay before new viewers and further changes are read, in milliseconds. */
const minPauseMs = 20;
/** The longest pause after a read, in milliseconds. It limits the delay that viewers see. */
const maxPauseMs = 400;
/**
 * The pause after a read is this many times as long as the read and its sends took. So viewers, in any number, take a
 * tenth of the process's time. They take more only while reads take longer than 44 ms, because of `maxPauseMs`.
 */
const pauseFactor = 9;
/** The number of frames sent in one turn of the event loop. More frames would delay other requests. */
const framesPerTurn = 100;

/**
 * Sends the current state of items and their changes to many viewers. While there are viewers, the feed reads the
 * changes at intervals, once for all viewers of the process. A new viewer gets the current state from memory if its
 * topics are already watched. Each event contains the complete state of an item, never a difference: a viewer that
 * missed an event has the correct state again after the next one, and a slow viewer can skip intermediate states.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #viewers = new Map<number, Set<Viewer>>();
  /** The items of each topic that has been read, in their states at `#since` or later. */
  readonly #known: Topics;
  /** The keys of items that changed and have not been read since. */
  readonly #touched = new Set<number>();
  #since: string | undefined;
  /** The time at which the next full read is due. */
  #dueAtMs = 0;
  #timer: Timer | undefined;
  #pausedUntilMs = 0;
  #isReading = false;
  #isFailing = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#known = new Topics(options);
  }

  /** Whether a topic has viewers. */
  has(topic: number): boolean {
    return this.#viewers.has(topic);
  }

  /** Sends a viewer the current items of the topics, and their changes until the stream ends. */
  watch(stream: EventStream, topics: readonly number[]): void {
    const viewer = new Viewer(stream, topics);
    for (const topic of topics) entry(this.#viewers, topic, () => new Set()).add(viewer);
    stream.onEnd(() => {
      for (const topic of topics) this.#leave(topic, viewer);
    });
    viewer.show(this.#unseen(viewer), this.#knowsAll(viewer) ? this.#since : undefined);
    if (!this.#knowsAll(viewer)) this.#scheduleRead(minPauseMs);
  }

  /** Reads items that are known to have changed, without waiting for the end of the interval. */
  touch(keys: readonly number[]): void {
    for (const key of keys) this.#touched.add(key);
    if (keys.length > 0) this.#scheduleRead(0);
  }

  #knowsAll({ topics }: Viewer): boolean {
    return topics.every((topic) => this.#known.has(topic));
  }

  /** The first items for a viewer: those changed since its last event id if that id is comparable, otherwise all. */
  #unseen({ topics, seen }: Viewer): Entry[] {
    const entries = this.#known.of(topics);
    const isKnown = seen > 0n && areComparable(seen, BigInt(this.#since ?? 0));
    return isKnown ? entries.filter(({ version }) => isAtOrAfter(version, seen)) : entries;
  }

  #leave(topic: number, viewer: Viewer): void {
    const viewers = this.#viewers.get(topic);
    viewers?.delete(viewer);
    if (viewers === undefined || viewers.size > 0) return;
    this.#viewers.delete(topic);
    this.#known.delete(topic);
    if (this.#viewers.size === 0 && !this.#isReading) this.#stop();
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#since = undefined;
    this.#touched.clear();
  }

  #scheduleRead(ms: number): void {
    if (this.#isReading || this.#viewers.size === 0) return;
    this.#timer?.cancel();
    const { world } = this.#options;
    this.#timer = world.later(Math.max(0, ms, this.#pausedUntilMs - world.now()), () => this.#read());
  }

  async #read(): Promise<void> {
    const { world, everyMs, log, event } = this.#options;
    this.#isReading = true;
    const beganMs = world.now();
    const request = this.#nextRequest(beganMs);
    try {
      const { upto, shown } = await this.#options.read(request);
      const changed = this.#store(request.fresh, shown);
      if (!request.isOnlyKeys) {
        this.#since = upto;
        this.#dueAtMs = beganMs + everyMs;
      }
      await this.#send(changed, request.isOnlyKeys ? undefined : upto);
      for (const topic of changed.keys()) this.#evictOldest(topic);
      this.#isFailing = false;
    } catch (err) {
      // The streams stay open and get the changes once reads succeed again. Each outage is logged once.
      if (!this.#isFailing) log.warn({ err, event }, 'could not read the changes for live streams; retrying');
      this.#isFailing = true;
      this.#dueAtMs = world.now() + everyMs;
    }
    this.#isReading = false;
    if (this.#viewers.size === 0) return this.#stop();
    this.#pausedUntilMs = world.now() + Math.min(maxPauseMs, (world.now() - beganMs) * pauseFactor);
    const isMore = !this.#isFailing && (this.#touched.size > 0 || this.#fresh().length > 0);
    this.#scheduleRead(isMore ? minPauseMs : this.#dueAtMs - world.now());
  }

  #fresh(): number[] {
    return [...this.#viewers.keys()].filter((topic) => !this.#known.has(topic));
  }

  #nextRequest(nowMs: number): ReadRequest {
    const fresh = this.#fresh();
    const keys = [...this.#touched];
    this.#touched.clear();
    const isOnlyKeys = fresh.length === 0 && nowMs < this.#dueAtMs;
    return { topics: [...this.#viewers.keys()], fresh, since: this.#since, keys, isOnlyKeys };
  }

  /**
   * Stores the result of a read.
   * @returns the changed items by topic. A topic that was read for the first time is included even without items.
   */
  #store(fresh: readonly number[], shown: readonly Shown[]): Map<number, readonly Entry[]> {
    const watched = fresh.filter((topic) => this.#viewers.has(topic));
    for (const topic of watched) this.#known.add(topic);
    const empty = watched.map((topic): [number, readonly Entry[]] => [topic, []]);
    return new Map([...empty, ...this.#known.update(shown)]);
  }

  /** Sends changed items to the viewers of their topics. Viewers that arrive meanwhile get the items from memory. */
  async #send(changed: ReadonlyMap<number, readonly Entry[]>, upto: string | undefined): Promise<void> {
    const viewers = new Set([...changed.keys()].flatMap((topic) => [...(this.#viewers.get(topic) ?? [])]));
    let sent = 0;
    for (const viewer of viewers) {
      const entries = viewer.topics.flatMap((topic) => changed.get(topic) ?? []);
      viewer.show(entries, this.#knowsAll(viewer) ? upto : undefined);
      sent += Math.max(1, entries.length);
      if (sent < framesPerTurn) continue;
      sent = 0;
      await new Promise<void>((resolve) => this.#options.world.turn(resolve));
    }
  }

  /** Evicts the oldest items of a topic, also from the queues of slow viewers, so that these queues stay bounded. */
  #evictOldest(topic: number): void {
    for (const item of this.#known.evictOldest(topic)) {
      for (const viewer of this.#viewers.get(topic) ?? []) viewer.drop(item);
    }
  }
}
