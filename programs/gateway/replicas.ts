import { type Backend, backends } from '../../contracts/services.ts';
import type { World } from '../../platform/world.ts';

/** One process of a service, and where its two ports are: `http://127.0.0.1:8081`. */
export interface Replica {
  readonly service: Backend;
  readonly publicUrl: string;
  readonly internalUrl: string;
}

/** Asks a replica whether requests may be sent to it; never throws. */
export type Probe = (replica: Replica) => Promise<boolean>;

/** How often each replica is asked whether it is ready, in milliseconds: a service that ends goes on for longer. */
const everyMs = 100;

/** The replicas there are, and which of them take requests. */
export class Replicas {
  readonly #world: World;
  readonly #probe: Probe;
  readonly #onReady: () => void;
  #all: Replica[] = [];
  readonly #ready = new Set<Replica>();
  readonly #turns = new Map<Backend, number>();

  /** @param onReady is called whenever the last service that had no ready replica has one. */
  constructor(world: World, probe: Probe, onReady: () => void) {
    this.#world = world;
    this.#probe = probe;
    this.#onReady = onReady;
  }

  /** Whether each service has a replica that is ready. */
  get areReady(): boolean {
    return backends.every((service) => this.#all.some((each) => each.service === service && this.#ready.has(each)));
  }

  /** From now on there are these. One that was there before stays what it was. */
  replace(given: readonly Replica[]): void {
    const known = new Map(this.#all.map((each) => [each.publicUrl, each]));
    const kept = given.map((each) => known.get(each.publicUrl) ?? each);
    const added = kept.filter((each) => !this.#all.includes(each));
    this.#all = kept;
    for (const each of this.#ready) if (!kept.includes(each)) this.#ready.delete(each);
    for (const each of added) void this.#watch(each);
  }

  /** The replicas of a service that are ready, each time beginning with the next. */
  inTurn(service: Backend): Replica[] {
    const ready = this.#all.filter((each) => each.service === service && this.#ready.has(each));
    const turn = (this.#turns.get(service) ?? 0) % Math.max(1, ready.length);
    this.#turns.set(service, turn + 1);
    return [...ready.slice(turn), ...ready.slice(0, turn)];
  }

  /** A replica takes no connections: it is passed over until it says that it is ready. */
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
