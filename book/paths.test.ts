import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Database } from '../platform/database/database.ts';
import { realWorld } from '../platform/world.ts';
import { Engine } from '../saga/coordinator/engine.ts';
import type { Action } from '../saga/coordinator/steps.ts';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { createBookStore } from './bookings/store.ts';
import type { Booking, BookingDraft, StepReply } from './saga/booking-schema.ts';
import { bookingSaga, type Status } from './saga/table.ts';

type Choice = 'accepted' | 'refused' | 'cancel';

/** One path through the saga's table: for each state, what happens there and which state follows. */
type Path = readonly { readonly state: Status; readonly choice: Choice; readonly to: Status }[];

/** All paths from a state to the settled states, read from the saga's table. */
function pathsFrom(state: Status): Path[] {
  const { accepted, refused, cancel } = bookingSaga.table[state];
  const ends: Path[] = cancel === undefined && accepted === undefined ? [[]] : [];
  // A settled state is left only by a cancellation, or not at all.
  if (accepted === undefined && cancel !== undefined) ends.push([]);
  const leads = { accepted, refused: refused === 'never' ? undefined : refused, cancel };
  for (const [choice, to] of Object.entries(leads) as [Choice, Status | undefined][]) {
    if (to !== undefined) ends.push(...pathsFrom(to).map((rest) => [{ state, choice, to }, ...rest]));
  }
  return ends;
}

const paths = pathsFrom(bookingSaga.first);

/** Runs one booking for each path, all concurrently. The person id of a booking is the number of its path. */
async function walk(database: Database) {
  const store = createBookStore(database);
  const choiceOf = (booking: Booking) =>
    paths[booking.personId - 1]?.find(({ state }) => state === booking.state)?.choice;
  const action = (participant: string): Action<Booking, StepReply> => ({
    participant,
    async ask(set) {
      // The cancellation arrives while the step is in progress; the step's reply arrives after the booking has moved
      // on.
      const canceled = set.filter((booking) => choiceOf(booking) === 'cancel');
      await Promise.all(canceled.map(({ id }) => engine.cancel(id, 'by_owner', 0)));
      return set.map((booking) => {
        const isFirst = booking.state === bookingSaga.first;
        if (choiceOf(booking) !== 'refused') return { accepted: true, ...(isFirst && { price: 5 }) };
        return { accepted: false, reason: isFirst ? 'no_slots' : 'insufficient_funds' };
      });
    },
  });
  const engine = new Engine<Status, Booking, BookingDraft, StepReply>({
    saga: bookingSaga,
    store,
    world: realWorld(),
    actions: { occupy: action('events'), pay: action('account'), refund: action('account'), release: action('events') },
  });
  const bookings = await Promise.all(
    paths.map(async (path, index) => {
      const { id = 0 } = (await engine.create({ personId: index + 1, eventId: 1 }, 10_000)) ?? {};
      const last = path.find(({ state, choice }) => choice === 'cancel' && !bookingSaga.open.includes(state));
      if (last !== undefined) await engine.cancel(id, 'by_owner', 10_000);
      return { path, ...(await store.get(id)) };
    }),
  );
  await engine.stop();
  return bookings;
}

test('the number of paths through the table is fixed, and every transition is on one of them', () => {
  const arrows = new Set(paths.flat().map(({ state, choice }) => `${state} ${choice}`));
  const drawn = bookingSaga.states.flatMap((state) =>
    (['accepted', 'refused', 'cancel'] as const).flatMap((choice) => {
      const to = bookingSaga.table[state][choice];
      return to === undefined || to === 'never' ? [] : [`${state} ${choice}`];
    }),
  );
  assert.deepEqual([...arrows].sort(), drawn.sort());
  assert.equal(paths.length, 6);
});

eachDatabase((_kind, open) => {
  describe('every path through the table', () => {
    test('visits the states of the path, settles as the table says, and keeps the first reason', async () => {
      for (const { path, booking, history } of await walk(await open())) {
        const words = path.map(({ state, choice }) => `${state} ${choice}`).join(', ');
        const passed = [bookingSaga.first, ...path.map(({ to }) => to)];
        assert.deepEqual(new Set(Object.keys(history ?? {})), new Set(passed), words);
        assert.equal(booking?.state, passed.at(-1), words);
        const turn = path.find(({ choice }) => choice !== 'accepted');
        const why =
          turn?.choice === 'cancel' ? 'by_owner' : turn?.state === 'occupying' ? 'no_slots' : 'insufficient_funds';
        assert.equal(booking?.reason, turn === undefined ? null : why, words);
        assert.equal(
          booking?.price === null,
          !path.some(({ state, choice }) => state === bookingSaga.first && choice === 'accepted'),
          words,
        );
      }
    });
  });
});
