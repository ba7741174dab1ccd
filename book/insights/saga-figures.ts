import type { SagaFigures as FiguresBody } from '../../contracts/book/saga-figures.ts';
import type { Reason } from '../../contracts/step.ts';
import { cacheLookups } from '../../platform/cache.ts';
import { entry } from '../../platform/collections.ts';
import type { World } from '../../platform/world.ts';
import type { Observer } from '../../saga/coordinator/observer.ts';
import { targets } from '../../saga/table.ts';
import type { BookStore } from '../bookings/store.ts';
import type { Booking } from '../saga/booking-schema.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { Latest, Rate } from './rolling-stats.ts';
import type { SagaFiguresStore } from './saga-figures-store.ts';

/** How long counts from the database are cached, in milliseconds. */
const openForMs = 1_000;
const settledForMs = 5_000;
const mostStuck = 100;

const { table, states } = bookingSaga;

interface Arrow {
  readonly from: Status;
  readonly to: Status;
  readonly label: string;
}

/** The transitions of the saga's table, each with the replies that cause it. */
const arrows: readonly Arrow[] = states.flatMap((from) =>
  targets(table[from]).map((to) => {
    const { action, accepted, refused, cancel } = table[from];
    const ways = { accepted: accepted === to, refused: refused === to };
    const answers = Object.entries(ways).flatMap(([answer, isSo]) => (isSo ? [`${action} ${answer}`] : []));
    return { from, to, label: [...answers, ...(cancel === to ? ['cancel'] : [])].join(', ') };
  }),
);

/** The reasons of cancellations by people and by repairs. No participant refuses a booking for them. */
const afterwards: ReadonlySet<Reason> = new Set(['by_owner', 'by_organizer', 'undone']);

/**
 * Whether a participant refused the booking. The reason `event_canceled` has two causes: a new booking was refused, or
 * a booking with a slot was canceled. Only the latter has a price.
 */
function isRefusal({ reason, price }: Booking): boolean {
  if (reason === null || afterwards.has(reason)) return false;
  return reason !== 'event_canceled' || price === null;
}

/** Counts what this process's engine does, and combines it with counts from the database. */
export class SagaFigures {
  readonly #world: World;
  readonly #moves = new Map<string, Rate>();
  readonly #sets = new Map<string, { readonly sizes: Latest; readonly tookMs: Latest }>();
  readonly #bookings = new Latest();
  readonly #refusals = new Map<string, number>();
  readonly #away = new Set<string>();
  readonly #count: (nothing: undefined) => ReturnType<typeof countOpen>;
  readonly #settled: (nothing: undefined) => ReturnType<SagaFiguresStore['countSettled']>;

  constructor(world: World, store: Pick<BookStore, 'countOpen'>, figures: SagaFiguresStore) {
    this.#world = world;
    for (const { from, to } of arrows) this.#moves.set(`${from} ${to}`, new Rate(world));
    this.#count = cacheLookups(world, { forMs: openForMs, atMost: 1 }, () => countOpen(store, figures));
    this.#settled = cacheLookups(world, { forMs: settledForMs, atMost: 1 }, () => figures.countSettled());
  }

  /** The observer of the engine. */
  get events(): Observer<Booking> {
    return {
      moved: (from, to) => this.#moves.get(`${from} ${to}`)?.add(),
      asked: (action, size, tookMs) => {
        const of = entry(this.#sets, action, () => ({ sizes: new Latest(), tookMs: new Latest() }));
        of.sizes.add(size);
        of.tookMs.add(tookMs);
      },
      settled: (booking, openMs) => {
        const { reason } = booking;
        this.#bookings.add(openMs);
        if (reason !== null && isRefusal(booking)) this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
      },
      away: (participant, isAway) => void (isAway ? this.#away.add(participant) : this.#away.delete(participant)),
    };
  }

  async read(): Promise<FiguresBody> {
    const [{ open, stuck }, settled] = await Promise.all([this.#count(undefined), this.#settled(undefined)]);
    const counts = new Map([...settled.counts, ...open.map(({ state, count }) => [state, count] as const)]);
    const since = open.map((each) => each.since.toISOString()).sort()[0];
    return {
      at: new Date(this.#world.now()).toISOString(),
      states: Object.fromEntries([...states.map((state) => [state, 0] as const), ...counts]),
      is_estimated: settled.isEstimated,
      arrows: arrows.map(({ from, to, label }) => {
        const { total = 0, perSecond = 0 } = this.#moves.get(`${from} ${to}`) ?? {};
        return { from, to, label, total, per_second: perSecond };
      }),
      set_sizes: Object.fromEntries(
        [...this.#sets].map(([action, { sizes }]) => [
          action,
          { p50: sizes.at(0.5), p95: sizes.at(0.95), max: sizes.at(1) },
        ]),
      ),
      latencies_ms: Object.fromEntries(
        [...this.#sets]
          .map(([action, { tookMs }]) => [action, tookMs] as const)
          .concat([['booking', this.#bookings]])
          .map(([name, of]) => [name, { p50: of.at(0.5), p95: of.at(0.95), p99: of.at(0.99) }]),
      ),
      refusals: Object.fromEntries(this.#refusals),
      open: open.reduce((sum, { count }) => sum + count, 0),
      ...(since !== undefined && { oldest_open_at: since }),
      away: [...this.#away],
      stuck: stuck.map(({ id, state, attempts, lastError, dueAt }) => ({
        booking_id: id,
        state,
        attempts,
        ...(lastError !== null && { last_error: lastError }),
        due_at: dueAt.toISOString(),
      })),
      of_this_process: ['arrows', 'set_sizes', 'latencies_ms', 'refusals', 'away'],
    };
  }
}

async function countOpen(store: Pick<BookStore, 'countOpen'>, figures: SagaFiguresStore) {
  return { open: await store.countOpen(), stuck: await figures.stuck(mostStuck) };
}
