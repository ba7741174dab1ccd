import { entry } from '../../platform/collections.ts';
import { metricsOf, type Registry } from '../../platform/telemetry/metrics.ts';
import { pause, type World } from '../../platform/world.ts';
import type { Engine } from '../../saga/coordinator/engine.ts';
import type { Observer } from '../../saga/coordinator/observer.ts';
import type { Answer } from '../../saga/coordinator/store.ts';
import { targets } from '../../saga/table.ts';
import type { BookStore, OpenBookings } from '../bookings/store.ts';
import type { Booking } from '../saga/booking-schema.ts';
import { bookingSaga, type Status } from '../saga/table.ts';

/** The buckets of batch sizes. The largest batch has 500 bookings. */
const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/**
 * Counts what the engine reports. Counters of transitions and failures start at 0, so their first rates are correct.
 */
export function bookingEvents(registry: Registry): Observer<Booking> {
  return { ...countTransitions(registry), ...measureSteps(registry), ...countFailures(registry) };
}

function countTransitions(registry: Registry): Observer<Booking> {
  const { counter, fastHistogram } = metricsOf(registry);
  const created = counter('bookings_created_total', 'Bookings stored');
  const transitions = childrenOf(counter('booking_moves_total', 'State transitions of bookings', ['from', 'to']));
  for (const state of bookingSaga.states) {
    for (const to of targets(bookingSaga.table[state])) transitions(state, to).inc(0);
  }
  const settled = childrenOf(
    counter('bookings_settled_total', 'Bookings that this process settled, by state and reason', ['state', 'reason']),
  );
  settled('complete', 'none').inc(0);
  const settling = fastHistogram(
    'booking_settle_seconds',
    'Time from the request for a booking or its cancellation until it settles',
  ).with({});
  return {
    stored: (count) => created.inc(count),
    batchMoved: (from, to, count) => transitions(from, to).inc(count),
    settled({ state, reason }, openMs) {
      settled(state, reason ?? 'none').inc();
      settling.observe(openMs / 1_000);
    },
  };
}

interface Child {
  inc(count?: number): void;
}

/**
 * Returns a function that finds a counter's child for a pair of labels. Each child is bound once, so that the hot path
 * creates no labels object.
 */
function childrenOf(counter: { labels(...values: string[]): Child }): (first: string, second: string) => Child {
  const children = new Map<string, Map<string, Child>>();
  const bind = (first: string, second: string) => {
    const child = counter.labels(first, second);
    entry(children, first, () => new Map<string, Child>()).set(second, child);
    return child;
  };
  return (first, second) => children.get(first)?.get(second) ?? bind(first, second);
}

function measureSteps(registry: Registry): Observer<Booking> {
  const { histogram } = metricsOf(registry);
  const batchSizes = histogram('step_set_size', 'Bookings per batch of an action', ['action'], sizes);
  const durations = histogram('step_duration_seconds', 'Time that a participant took to answer a batch', ['action']);
  return {
    asked(action, size, tookMs) {
      batchSizes.observe({ action }, size);
      durations.observe({ action }, tookMs / 1_000);
    },
  };
}

function countFailures(registry: Registry): Observer<Booking> {
  const { counter, gauge } = metricsOf(registry);
  const splits = counter('sets_split_total', 'Batches that failed and were split into halves', ['state']);
  const alone = counter('bookings_failed_alone_total', 'Failed steps of single bookings', ['state']);
  for (const state of bookingSaga.open) for (const each of [splits, alone]) each.inc({ state }, 0);
  const away = gauge('participant_away', '1 while a participant does not answer; "store" is the database of book', [
    'participant',
  ]);
  const unanswered = counter('participant_unanswered_total', 'Calls without a reply; each is retried', ['participant']);
  for (const participant of ['events', 'account', 'store']) {
    away.set({ participant }, 0);
    unanswered.inc({ participant }, 0);
  }
  const recovered = counter('bookings_recovered_total', 'Open bookings that this process took over');
  const failures = counter('housekeeping_failures_total', 'Failures to renew leases or to take over open bookings');
  return {
    unanswered: (participant) => unanswered.inc({ participant }),
    away: (participant, isAway) => away.set({ participant }, Number(isAway)),
    split: (state) => splits.inc({ state }),
    stuck: (_id, state) => alone.inc({ state }),
    recovered: (count) => recovered.inc(count),
    failed: () => failures.inc(),
  };
}

type Measured = Pick<Engine<Status, Booking, never, Answer>, 'leased'>;

/** How long a count of the open bookings is cached for all gauges, in milliseconds. */
const cachedMs = 1_000;
/** How long a count of the open bookings may take, in milliseconds. */
const longestReadMs = 1_000;

export function measureOpen(registry: Registry, engine: Measured, store: BookStore, world: World): void {
  measureLeased(registry, engine);
  measureStored(registry, store, world);
}

function measureLeased(registry: Registry, engine: Measured): void {
  const { gauge } = metricsOf(registry);
  // The label of bulk work stays "mass", because dashboards use it.
  gauge('bookings_held', 'Open bookings that this process runs, by kind', ['kind'], (held) => {
    held.set({ kind: 'live' }, engine.leased.regular.count);
    held.set({ kind: 'mass' }, engine.leased.bulk.count);
  });
  gauge('bookings_held_limit', 'Limit on the open bookings that this process runs, by kind', ['kind'], (limit) => {
    limit.set({ kind: 'live' }, engine.leased.regular.limit);
    limit.set({ kind: 'mass' }, engine.leased.bulk.limit);
  });
}

/**
 * Measures the open bookings in the database. All replicas report the same values, and none while the database is down.
 */
function measureStored(registry: Registry, store: BookStore, world: World): void {
  const { gauge } = metricsOf(registry);
  let read: { readonly atMs: number; readonly open: Promise<OpenBookings[] | undefined> } | undefined;
  const count = () => {
    const late = pause(world, longestReadMs).then(() => undefined);
    return Promise.race([store.countOpen().catch(() => undefined), late]);
  };
  const open = () => {
    if (read === undefined || world.now() - read.atMs >= cachedMs) read = { atMs: world.now(), open: count() };
    return read.open;
  };
  const byState = (name: string, help: string, figureOf: (state: OpenBookings) => number) =>
    gauge(name, help, ['state'], async (values) => {
      const states = await open();
      values.reset();
      if (states === undefined) return;
      for (const state of bookingSaga.open) values.set({ state }, 0);
      for (const each of states) values.set({ state: each.state }, figureOf(each));
    });
  byState('bookings_open', 'Open bookings in the database', (each) => each.count);
  byState('bookings_stuck', 'Open bookings in the database whose last step failed', (each) => each.stuck);
  gauge('booking_oldest_open_seconds', 'Age of the oldest open booking; 0 when none is open', [], async (age) => {
    const states = await open();
    age.reset();
    if (states === undefined) return age.remove();
    const since = states.map(({ since }) => world.now() - since.getTime());
    age.set(Math.max(0, ...since) / 1_000);
  });
}
