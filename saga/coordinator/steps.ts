import { Contradiction } from '../../platform/errors.ts';
import { type Span, tracedBatch, within } from '../../platform/telemetry/trace.ts';
import type { World } from '../../platform/world.ts';
import type { Saga } from '../table.ts';
import { type Participant, Stopped } from './availability.ts';
import type { EngineEvents } from './observer.ts';
import type { Answer, Instance, Move, SagaStore } from './store.ts';

/** How an action is carried out: by whom, and with which question about a set. */
export interface Action<Item, Said extends Answer> {
  /** The participant's name: actions with the same name wait together when it is away. */
  readonly participant: string;
  /** Answers a set with as many answers, in the same order. */
  ask(set: readonly Item[]): Promise<readonly Said[]>;
}

/** An instance that failed by itself. */
export interface Failed<Item> {
  readonly item: Item;
  readonly error: unknown;
}

/** What became of the instances of a set. */
export interface Outcome<Item> {
  /** Those that were moved, as they stand now. */
  readonly moved: readonly Item[];
  /** Those that someone else had moved before. */
  readonly lost: readonly Item[];
  /** Those that failed by themselves. */
  readonly failed: readonly Failed<Item>[];
}

/** What steps are made with. */
export interface StepContext<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  /** What an instance is called in traces. */
  readonly name?: string;
  readonly saga: Saga<Name>;
  readonly store: SagaStore<Name, Item, Draft, Said>;
  readonly world: World;
  readonly actions: Readonly<Record<string, Action<Item, Said>>>;
  /** The way to each participant, by name. */
  readonly participants: ReadonlyMap<string, Participant>;
  /** The way to the engine's own store. */
  readonly own: Participant;
  readonly events: EngineEvents<Item>;
  /** The request that an instance is run for, where it is traced. */
  spanOf?(id: number): Span | undefined;
}

/**
 * Makes one step of a set: asks the action of its state once about all, and moves all on with one statement.
 *
 * While a participant or the store is away the set stays whole and is asked about again; every question carries its
 * key, so asking twice does no harm. A set that fails in any other way is split by halves, down to the instances
 * that fail alone, so that one poisonous instance holds up nobody.
 *
 * @throws Stopped when the engine stops; the set is then as it was.
 */
export async function step<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer>(
  context: StepContext<Name, Item, Draft, Said>,
  state: Name,
  set: readonly Item[],
): Promise<Outcome<Item>> {
  const { name: kind = 'saga', spanOf } = context;
  const seen = () => set.map(({ id }) => ({ span: spanOf?.(id), attributes: { [`${kind}.id`]: id } }));
  try {
    const { moved, failed } = await tracedBatch(context.saga.table[state].action ?? state, seen, async () => {
      const answers = await ask(context, state, set);
      const { moves, failed } = follow(context.saga, state, set, answers);
      const moved = await context.own.ask(() => context.store.move(state, moves, new Date(context.world.now())));
      return { moved, failed };
    });
    const ids = new Set([...moved.map(({ id }) => id), ...failed.map(({ item }) => item.id)]);
    for (const { state: to, id } of moved) {
      within(spanOf?.(id), () => context.events.moved?.(state, to, id));
    }
    return { moved, failed, lost: set.filter(({ id }) => !ids.has(id)) };
  } catch (error) {
    if (error instanceof Stopped) throw error;
    const [only] = set;
    if (only !== undefined && set.length === 1) return { moved: [], lost: [], failed: [{ item: only, error }] };
    context.events.split?.(state, set.length, error);
    const half = set.length >> 1;
    const left = await step(context, state, set.slice(0, half));
    const right = await step(context, state, set.slice(half));
    return {
      moved: [...left.moved, ...right.moved],
      lost: [...left.lost, ...right.lost],
      failed: [...left.failed, ...right.failed],
    };
  }
}

async function ask<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer>(
  { saga, actions, participants, events, world }: StepContext<Name, Item, Draft, Said>,
  state: Name,
  set: readonly Item[],
): Promise<readonly Said[]> {
  const name = saga.table[state].action ?? '';
  const action = actions[name];
  const participant = action && participants.get(action.participant);
  if (action === undefined || participant === undefined) throw new Contradiction(`nobody carries out ${name}`);
  let beganMs = world.now();
  const answers = await participant.ask(() => {
    beganMs = world.now();
    return action.ask(set);
  });
  if (answers.length !== set.length) {
    throw new Contradiction(`${name} was asked about ${set.length} and answered ${answers.length}`);
  }
  events.asked?.(name, set.length, world.now() - beganMs);
  return answers;
}

/** Works out where each answer leads. An answer that leads nowhere is the failure of its instance alone. */
function follow<Name extends string, Item extends Instance<Name>, Said extends Answer>(
  saga: Saga<Name>,
  state: Name,
  set: readonly Item[],
  answers: readonly Said[],
) {
  const moves: Move<Name, Item, Said>[] = [];
  const failed: Failed<Item>[] = [];
  for (const [index, item] of set.entries()) {
    const answer = answers[index] as Said;
    try {
      moves.push({ item, to: saga.follow(state, answer.accepted), answer });
    } catch (error) {
      failed.push({ item, error });
    }
  }
  return { moves, failed };
}
