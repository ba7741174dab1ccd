import { Contradiction } from '../../platform/errors.ts';
import { tracedBatch, within } from '../../platform/telemetry/trace.ts';
import type { World } from '../../platform/world.ts';
import type { Saga } from '../table.ts';
import { type Availability, Stopped } from './availability.ts';
import type { Leases } from './leases.ts';
import { type Observer, reportBatch } from './observer.ts';
import type { Answer, Instance, Move, SagaStore } from './store.ts';

/** The implementation of an action: the participant, and the call that makes the step of a batch. */
export interface Action<Item, Said extends Answer> {
  /** The participant's name. While the participant is unavailable, all of its actions wait. */
  readonly participant: string;
  /** Resolves with one reply for each instance, in the same order. */
  ask(batch: readonly Item[]): Promise<readonly Said[]>;
}

/** An instance whose step failed, in a batch of its own or by a reply that the table does not allow. */
export interface Failed<Item> {
  readonly item: Item;
  readonly error: unknown;
}

/** The result of a batch. */
export interface Outcome<Item> {
  /** The instances that were moved, in their new state. */
  readonly moved: readonly Item[];
  /** The instances that another process had already moved. */
  readonly lost: readonly Item[];
  readonly failed: readonly Failed<Item>[];
}

/** The objects that the parts of one engine share. */
export interface StepContext<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  readonly name: string;
  readonly saga: Saga<Name>;
  readonly store: SagaStore<Name, Item, Draft, Said>;
  readonly world: World;
  readonly actions: Readonly<Record<string, Action<Item, Said>>>;
  /** The availability of each participant, by name. */
  readonly participants: ReadonlyMap<string, Availability>;
  /** The availability of the engine's own store. */
  readonly own: Availability;
  readonly observer: Observer<Item>;
  readonly leases: Leases<Item>;
}

/**
 * Makes one step of a batch: calls the action of the state once, and moves all instances with one statement.
 *
 * While the participant or the store is unavailable, the batch stays whole and the call is repeated. Every request has
 * an idempotency key, so repeating is safe. A batch that fails in any other way is halved until each failing instance
 * is in a batch of its own, so that one poisonous instance does not block the others.
 *
 * @throws Stopped when the engine stops. The batch is unchanged.
 */
export async function step<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer>(
  context: StepContext<Name, Item, Draft, Said>,
  state: Name,
  batch: readonly Item[],
): Promise<Outcome<Item>> {
  const { name: kind, leases } = context;
  const items = batch.map(({ id }) => ({ span: leases.spanOf(id), attributes: { [`${kind}.id`]: id } }));
  try {
    const { moved, failed } = await tracedBatch(context.saga.table[state].action ?? state, items, async () => {
      const answers = await ask(context, state, batch);
      const { moves, failed } = follow(context.saga, state, batch, answers);
      const moved = await context.own.ask(() => context.store.move(state, moves, new Date(context.world.now())));
      return { moved, failed };
    });
    const ids = new Set([...moved.map(({ id }) => id), ...failed.map(({ item }) => item.id)]);
    for (const { state: to, id } of moved) {
      within(leases.spanOf(id), () => context.observer.moved?.(state, to, id));
    }
    reportBatch(context.observer, moved, () => state);
    return { moved, failed, lost: batch.filter(({ id }) => !ids.has(id)) };
  } catch (error) {
    if (error instanceof Stopped) throw error;
    const [only] = batch;
    if (only !== undefined && batch.length === 1) return { moved: [], lost: [], failed: [{ item: only, error }] };
    context.observer.split?.(state, batch.length, error);
    const half = batch.length >> 1;
    const left = await step(context, state, batch.slice(0, half));
    const right = await step(context, state, batch.slice(half));
    return {
      moved: [...left.moved, ...right.moved],
      lost: [...left.lost, ...right.lost],
      failed: [...left.failed, ...right.failed],
    };
  }
}

async function ask<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer>(
  { saga, actions, participants, observer, world }: StepContext<Name, Item, Draft, Said>,
  state: Name,
  batch: readonly Item[],
): Promise<readonly Said[]> {
  const name = saga.table[state].action ?? '';
  const action = actions[name];
  const participant = action && participants.get(action.participant);
  if (action === undefined || participant === undefined) throw new Contradiction(`no participant carries out ${name}`);
  let beganMs = world.now();
  const answers = await participant.ask(() => {
    beganMs = world.now();
    return action.ask(batch);
  });
  if (answers.length !== batch.length) {
    throw new Contradiction(`${name} got ${answers.length} replies to ${batch.length} requests`);
  }
  observer.asked?.(name, batch.length, world.now() - beganMs);
  return answers;
}

/** Finds the next state for each reply. A reply that the table does not allow fails only its own instance. */
function follow<Name extends string, Item extends Instance<Name>, Said extends Answer>(
  saga: Saga<Name>,
  state: Name,
  batch: readonly Item[],
  answers: readonly Said[],
) {
  const moves: Move<Name, Item, Said>[] = [];
  const failed: Failed<Item>[] = [];
  for (const [index, item] of batch.entries()) {
    const answer = answers[index] as Said;
    try {
      moves.push({ item, to: saga.follow(state, answer.accepted), answer });
    } catch (error) {
      failed.push({ item, error });
    }
  }
  return { moves, failed };
}
