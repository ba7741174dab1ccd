import { entry } from '../collections.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Timer, World } from '../world.ts';
import type { EventStream } from './sse.ts';
import { areComparable, type Entry, isAtOrAfter, type Shown, Topics, type TopicsOptions } from './topics.ts';
import { Viewer } from './viewer.ts';

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

export interface FeedOptions extends TopicsOptions {
  readonly world: World;
  readonly log: Logger;
  /** How long it rests between two readings, in milliseconds. */
  readonly everyMs: number;
  /** Reads what has changed, with one statement for all who watch. */
  read(asked: Asked): Promise<Reading>;
}

/**
 * How long is rested at least and, for what viewers feel, at most, in milliseconds; in between nine times as long as
 * reading and sending took, so that those who watch take up a tenth of the process's time, however many they are.
 */
const shortestRestMs = 20;
const longestRestMs = 400;
const restFactor = 9;
/** So many frames are sent in one turn of the event loop, so that whoever asks for something else is not kept out. */
const framesInTurn = 100;

/**
 * Shows many viewers how things stand and what becomes of them. While anyone watches it reads what has changed every
 * so often, once for all viewers of the process; a viewer who comes is shown how things stand, from memory where others
 * watch the same. All that is sent is a thing as it stands, never a difference, so whoever missed something is right
 * again with the next event, and whoever is slow may leave out what came in between.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #viewers = new Map<number, Set<Viewer>>();
  /** What is known of each topic that has been read: as of `#since`, or later. */
  readonly #known: Topics;
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
    this.#known = new Topics(options);
  }

  /** Whether anyone watches a topic. */
  has(topic: number): boolean {
    return this.#viewers.has(topic);
  }

  /** Shows a viewer the topics as they stand, and all that becomes of them until the stream ends. */
  watch(stream: EventStream, topics: readonly number[]): void {
    const viewer = new Viewer(stream, topics);
    for (const topic of topics) entry(this.#viewers, topic, () => new Set()).add(viewer);
    stream.onEnd(() => {
      for (const topic of topics) this.#leave(topic, viewer);
    });
    viewer.show(this.#unseen(viewer), this.#knowsAll(viewer) ? this.#since : undefined);
    if (!this.#knowsAll(viewer)) this.#readIn(shortestRestMs);
  }

  /** Reads these at once: they are known to have changed. */
  touch(keys: readonly number[]): void {
    for (const key of keys) this.#touched.add(key);
    if (keys.length > 0) this.#readIn(0);
  }

  #knowsAll({ topics }: Viewer): boolean {
    return topics.every((topic) => this.#known.has(topic));
  }

  /** What is shown first: to a viewer who comes again what was written since; to any other, and when in doubt, all. */
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
      const changed = this.#remember(asked.fresh, shown);
      if (!asked.isOnlyKeys) {
        this.#since = upto;
        this.#dueAtMs = beganMs + everyMs;
      }
      await this.#spread(changed, asked.isOnlyKeys ? undefined : upto);
      for (const topic of changed.keys()) this.#forgetOldest(topic);
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

  /** @returns what is new, by its topics; of one that is read for the first time all, even if that is nothing. */
  #remember(fresh: readonly number[], shown: readonly Shown[]): Map<number, readonly Entry[]> {
    const watched = fresh.filter((topic) => this.#viewers.has(topic));
    for (const topic of watched) this.#known.add(topic);
    const nothing = watched.map((topic): [number, readonly Entry[]] => [topic, []]);
    return new Map([...nothing, ...this.#known.remember(shown)]);
  }

  /** Shows what is new to those who watch it. Whoever comes meanwhile has been shown it from memory. */
  async #spread(changed: ReadonlyMap<number, readonly Entry[]>, upto: string | undefined): Promise<void> {
    const viewers = new Set([...changed.keys()].flatMap((topic) => [...(this.#viewers.get(topic) ?? [])]));
    let sent = 0;
    for (const viewer of viewers) {
      const entries = viewer.topics.flatMap((topic) => changed.get(topic) ?? []);
      viewer.show(entries, this.#knowsAll(viewer) ? upto : undefined);
      sent += Math.max(1, entries.length);
      if (sent < framesInTurn) continue;
      sent = 0;
      await new Promise<void>((resolve) => this.#options.world.turn(resolve));
    }
  }

  /** Whoever has not taken the oldest by now is not shown them: what waits for a viewer is bounded as the memory is. */
  #forgetOldest(topic: number): void {
    for (const thing of this.#known.forgetOldest(topic)) {
      for (const viewer of this.#viewers.get(topic) ?? []) viewer.leaveOut(thing);
    }
  }
}
