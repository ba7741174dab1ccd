import { BatchQueue, type Lanes } from '../../platform/batch.ts';
import { pause, type World } from '../../platform/world.ts';
import type { Instance } from './store.ts';

interface Queues<Item> {
  readonly live: BatchQueue<Item>;
  readonly mass: BatchQueue<Item>;
  readonly alone: BatchQueue<Item>;
}

/** What queues are made of. */
export interface StepQueuesOptions<Name extends string, Item extends Instance<Name>> {
  readonly world: World;
  /** The states that have a step. */
  readonly states: readonly Name[];
  readonly sets: Lanes;
  isMass(item: Item): boolean;
  /** Whether anything is held that does not come in masses. */
  isAnyoneElseThere(): boolean;
  run(state: Name, set: readonly Item[]): Promise<void>;
}

/**
 * How many times as long as its last set took a lane for masses rests, while others are there. With half the lanes
 * and no rest, undoing 100,000 bookings of one event left the others 0.4 of their usual rate: the sets of a mass are
 * always full, and those of people are as large as people are many.
 */
const restFactor = 2;
/** And at most so long, in milliseconds: a set that took longer has waited for someone who was away. */
const longestRestMs = 1_000;

/**
 * Where instances wait for the step of their state. Those that come in masses have half the lanes, and rest between
 * two sets as long as others are there, so that they keep nobody out; those that failed by themselves go alone until they have moved, because in a set they would make all
 * the others fail with them.
 */
export class StepQueues<Name extends string, Item extends Instance<Name>> {
  readonly #queues: ReadonlyMap<Name, Queues<Item>>;
  readonly #isMass: (item: Item) => boolean;

  constructor({ world, states, sets, isMass, isAnyoneElseThere, run }: StepQueuesOptions<Name, Item>) {
    const { lanes, maxBatch } = sets;
    this.#isMass = isMass;
    this.#queues = new Map(
      states.map((state) => {
        const runSet = (set: Item[]) => run(state, set);
        const runAndRest = async (set: Item[]) => {
          const beganMs = world.now();
          await runSet(set);
          const tookMs = world.now() - beganMs;
          if (isAnyoneElseThere()) await pause(world, Math.min(longestRestMs, tookMs * restFactor));
        };
        const live = new BatchQueue<Item>(world, { lanes, maxBatch }, runSet);
        const mass = new BatchQueue<Item>(world, { lanes: Math.max(1, lanes >> 1), maxBatch }, runAndRest);
        const alone = new BatchQueue<Item>(world, { lanes: 1, maxBatch: 1 }, runSet);
        return [state, { live, mass, alone }];
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
