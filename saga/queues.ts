import { type Lanes, SetQueue } from '../kit/batch.ts';
import type { World } from '../kit/world.ts';
import type { Instance } from './store.ts';

interface Queues<Item> {
  readonly live: SetQueue<Item>;
  readonly mass: SetQueue<Item>;
  readonly alone: SetQueue<Item>;
}

/**
 * Where instances wait for the step of their state. Those that come in masses have half the lanes, so that they keep
 * nobody out; those that failed by themselves go alone until they have moved, because in a set they would make all
 * the others fail with them.
 */
export class StepQueues<Name extends string, Item extends Instance<Name>> {
  readonly #queues: ReadonlyMap<Name, Queues<Item>>;
  readonly #isMass: (item: Item) => boolean;

  constructor(
    world: World,
    states: readonly Name[],
    { lanes, maxSet }: Lanes,
    isMass: (item: Item) => boolean,
    run: (state: Name, set: readonly Item[]) => Promise<void>,
  ) {
    this.#isMass = isMass;
    this.#queues = new Map(
      states.map((state) => {
        const queue = (limits: Lanes) => new SetQueue<Item>(world, limits, (set) => run(state, set));
        const live = queue({ lanes, maxSet });
        const mass = queue({ lanes: Math.max(1, lanes >> 1), maxSet });
        return [state, { live, mass, alone: queue({ lanes: 1, maxSet: 1 }) }];
      }),
    );
  }

  push(item: Item): void {
    const queues = this.#queues.get(item.state);
    if (item.attempts > 0) queues?.alone.push(item);
    else if (this.#isMass(item)) queues?.mass.push(item);
    else queues?.live.push(item);
  }
}
