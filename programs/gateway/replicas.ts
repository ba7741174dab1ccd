import { type Backend, backends } from '../../contracts/services.ts';
import type { World } from '../../platform/world.ts';

/** One process of a service. The URLs have no path: `http://127.0.0.1:8081`. */
export interface Replica {
  readonly service: Backend;
  readonly publicUrl: string;
  readonly internalUrl: string;
}

/** Checks whether a replica takes requests; never throws. */
export type Probe = (replica: Replica) => Promise<boolean>;

/** The probe interval, in milliseconds. Shorter than DRAIN_MS, the time in which a stopping service takes requests. */
const everyMs = 100;

/** All replicas, and which of them are ready. */
export class Replicas {
  readonly #world: World;
  readonly #probe: Probe;
  readonly #onReady: () => void;
  #all: Replica[] = [];
  readonly #ready = new Set<Replica>();
  readonly #turns = new Map<Backend, number>();

  /** @param onReady is called each time `areReady` becomes true. */
  constructor(world: World, probe: Probe, onReady: () => void) {
    this.#world = world;
    this.#probe = probe;
    this.#onReady = onReady;
  }

  /** Whether every service has a ready replica. */
  get areReady(): boolean {
    return backends.every((service) => this.#all.some((each) => each.service === service && this.#ready.has(each)));
  }

  /** Replaces the list of replicas. A replica with a known public URL keeps its readiness. */
  replace(given: readonly Replica[]): void {
    const known = new Map(this.#all.map((each) => [each.publicUrl, each]));
    const kept = given.map((each) => known.get(each.publicUrl) ?? each);
    const added = kept.filter((each) => !this.#all.includes(each));
    this.#all = kept;
    for (const each of this.#ready) if (!kept.includes(each)) this.#ready.delete(each);
    for (const each of added) void this.#watch(each);
  }

  /** The ready replicas of a service, in round-robin order. */
  inTurn(service: Backend): Replica[] {
    const ready = this.#all.filter((each) => each.service === service && this.#ready.has(each));
    const turn = (this.#turns.get(service) ?? 0) % Math.max(1, ready.length);
    this.#turns.set(service, turn + 1);
    return [...ready.slice(turn), ...ready.slice(0, turn)];
  }

  /** Marks a replica as not ready until its next successful probe, because it refused a connection. */
  passOver(replica: Replica): void {
    this.#ready.delete(replica);
  }

  async #watch(replica: Replica): Promise<void> {
    const isReady = await this.#probe(replica);
    if (!this.#all.includes(replica)) return;
    const wereReady = this.areReady;
    if (isReady) this.#ready.add(replica);
    else this.#ready.delete(replica);
    if (!wereReady && this.areReady) this.#onReady();
    this.#world.later(everyMs, () => void this.#watch(replica));
  }
}
