import { metricsOf, type Registry } from '../../platform/telemetry/metrics.ts';
import { pause, type World } from '../../platform/world.ts';
import type { Engine } from '../../saga/coordinator/engine.ts';
import type { EngineEvents } from '../../saga/coordinator/observer.ts';
import type { Answer } from '../../saga/coordinator/store.ts';
import { targets } from '../../saga/table.ts';
import type { Booking } from '../bookings/booking-schema.ts';
import type { BookStore, OpenBookings } from '../bookings/store.ts';
import { registration, type Status } from '../registration.ts';

/** The bounds of the histogram of set sizes: the largest set has 500. */
const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Turns what the engine tells into metrics. Every arrow of the saga's table is there from the start, with 0. */
export function bookingEvents(registry: Registry): EngineEvents<Booking> {
  const { counter, gauge, histogram, fastHistogram } = metricsOf(registry);
  const created = counter('bookings_created_total', 'Bookings that were stored');
  const moves = counter('booking_moves_total', 'Bookings that went from one state to another', ['from', 'to']);
  for (const state of registration.states) {
    for (const to of targets(registration.table[state])) moves.inc({ from: state, to }, 0);
  }
  const settled = counter('bookings_settled_total', 'Bookings that settled here, with their reason', [
    'state',
    'reason',
  ]);
  settled.inc({ state: 'complete', reason: 'none' }, 0);
  const settling = fastHistogram('booking_settle_seconds', 'From being asked for, or canceled, to settled').with({});
  const setSizes = histogram('step_set_size', 'Bookings that an action was asked about at once', ['action'], sizes);
  const durations = histogram('step_duration_seconds', 'How long an action took to answer a set', ['action']);
  const splits = counter('sets_split_total', 'Sets that failed, and were split by halves', ['state']);
  const alone = counter('bookings_failed_alone_total', 'Times that a booking failed by itself', ['state']);
  for (const state of registration.open) for (const each of [splits, alone]) each.inc({ state }, 0);
  const away = gauge('participant_away', '1 while a participant does not answer; store is the own database', [
    'participant',
  ]);
  const unanswered = counter('participant_unanswered_total', 'Questions without an answer, all asked again', [
    'participant',
  ]);
  for (const participant of ['events', 'account', 'store']) {
    away.set({ participant }, 0);
    unanswered.inc({ participant }, 0);
  }
  const recovered = counter('bookings_recovered_total', 'Open bookings that were taken up from somebody else');
  const failures = counter('housekeeping_failures_total', 'Times that looking after open bookings failed');
  return {
    stored: (count) => created.inc(count),
    asked(action, size, tookMs) {
      setSizes.observe({ action }, size);
      durations.observe({ action }, tookMs / 1_000);
    },
    moved: (from, to) => moves.inc({ from, to }),
    settled({ state, reason }, openMs) {
      settled.inc({ state, reason: reason ?? 'none' });
      settling.observe(openMs / 1_000);
    },
    unanswered: (participant) => unanswered.inc({ participant }),
    away: (participant, isAway) => away.set({ participant }, Number(isAway)),
    split: (state) => splits.inc({ state }),
    stuck: (_id, state) => alone.inc({ state }),
    recovered: (count) => recovered.inc(count),
    failed: () => failures.inc(),
  };
}

/** What of an engine is measured. */
type Measured = Pick<Engine<Status, Booking, never, Answer>, 'held'>;

/** For how long what was read of the open bookings is told again, and how long a reading may take, in milliseconds. */
const rememberMs = 1_000;
const longestReadMs = 1_000;

/**
 * Tells of the bookings that are open now: those that this process holds, and those of the whole database, which every
 * replica reads and tells alike. Nothing is told of these while the database does not answer.
 */
export function measureOpen(registry: Registry, engine: Measured, store: BookStore, world: World): void {
  const { gauge } = metricsOf(registry);
  let read: { readonly atMs: number; readonly open: Promise<OpenBookings[] | undefined> } | undefined;
  const look = async () => {
    const late = pause(world, longestReadMs).then(() => undefined);
    return Promise.race([store.countOpen().catch(() => undefined), late]);
  };
  const open = () => {
    if (read === undefined || world.now() - read.atMs >= rememberMs) read = { atMs: world.now(), open: look() };
    return read.open;
  };
  gauge('bookings_held', 'Open bookings that this process holds, by kind', ['kind'], (held) => {
    for (const [kind, { count }] of Object.entries(engine.held)) held.set({ kind }, count);
  });
  gauge('bookings_held_limit', 'How many open bookings this process holds at most, by kind', ['kind'], (most) => {
    for (const [kind, { limit }] of Object.entries(engine.held)) most.set({ kind }, limit);
  });
  gauge('bookings_open', 'Open bookings in the database', ['state'], async (counts) => {
    const states = await open();
    counts.reset();
    if (states === undefined) return;
    for (const state of registration.open) counts.set({ state }, 0);
    for (const { state, count } of states) counts.set({ state }, count);
  });
  gauge('bookings_stuck', 'Open bookings in the database that failed by themselves', ['state'], async (stuck) => {
    const states = await open();
    stuck.reset();
    if (states === undefined) return;
    for (const state of registration.open) stuck.set({ state }, 0);
    for (const { state, stuck: count } of states) stuck.set({ state }, count);
  });
  gauge('booking_oldest_open_seconds', 'How long the oldest open booking is open; 0 without any', [], async (age) => {
    const states = await open();
    age.reset();
    if (states === undefined) return age.remove();
    const since = states.map(({ since }) => world.now() - since.getTime());
    age.set(Math.max(0, ...since) / 1_000);
  });
}
