/**
 * The statements of a booking and nothing else: no HTTP, no sessions, no engine, nobody who waits. It is what the rows
 * with HTTP are held against: no saga over these tables, from one process, can be faster.
 *
 * Told over its channel how to run, it answers how many bookings it completed.
 */
import { createAccountParticipant } from '../../account/participant.ts';
import { createAccountStore } from '../../account/store.ts';
import type { Booking, BookingDraft } from '../../book/bookings/booking-schema.ts';
import { createBookStore } from '../../book/bookings/store.ts';
import { bookingSteps } from '../../book/steps.ts';
import { createEventsParticipant } from '../../events/participant.ts';
import { createEventsStore } from '../../events/store.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { realWorld } from '../../platform/world.ts';
import { percentiles } from '../load/percentiles.ts';
import type { CeilingOrder } from './ceiling.ts';

const world = realWorld();
const database = openPostgres(process.env.DATABASE_URL ?? '', 20);
const store = createBookStore(database);
const steps = bookingSteps({
  events: createEventsParticipant(createEventsStore(database), world),
  account: createAccountParticipant(createAccountStore(database), world),
});

/** Takes a set the whole way. @returns how many of it are complete. */
async function bookSet(drafts: readonly BookingDraft[]): Promise<number> {
  const now = () => new Date(world.now());
  const stored = await store.insert(drafts, now(), new Date(world.now() + 5_000));
  let set: Booking[] = stored.filter((booking) => booking !== undefined);
  for (const [state, step] of [
    ['occupying', steps.occupy],
    ['paying', steps.pay],
  ] as const) {
    const answers = await step.ask(set);
    const moves = set.map((item, index) => {
      const answer = answers[index];
      if (!answer?.accepted) throw new Error(`booking ${item.id} was refused`);
      return { item, to: state === 'occupying' ? ('paying' as const) : ('complete' as const), answer };
    });
    set = await store.move(state, moves, now());
  }
  return set.length;
}

async function countStored(): Promise<number> {
  const [row] = await database.query<{ count: number }>('select count(*) from book.booking');
  return row?.count ?? 0;
}

/** So many lanes, each of which takes one set after the other. */
async function run({ seconds, lanes, maxBatch, personIds, eventIds }: CeilingOrder) {
  const tookMs: number[] = [];
  const storedBefore = await countStored();
  const beganMs = performance.now();
  const endMs = beganMs + seconds * 1_000;
  let answered = 0;
  let next = 0;
  const draft = (): BookingDraft => {
    next += 1;
    return { personId: personIds[next % personIds.length] ?? 0, eventId: eventIds[next % eventIds.length] ?? 0 };
  };
  const lane = async () => {
    while (performance.now() < endMs) {
      const setBeganMs = performance.now();
      // Not `answered += await …`: that adds to what was there before the wait, and the lanes would forget each other.
      const complete = await bookSet(Array.from({ length: maxBatch }, draft));
      answered += complete;
      tookMs.push(performance.now() - setBeganMs);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const measured = { answered, failed: 0, tookMs: performance.now() - beganMs, latencyMs: percentiles(tookMs) };
  const stored = (await countStored()) - storedBefore;
  // All others are held against this: it must not count what is not there, nor forget any.
  if (stored !== answered) throw new Error(`${answered} bookings were counted, and ${stored} are stored`);
  return measured;
}

process.on('message', (order: CeilingOrder) => {
  void run(order).then(
    (measured) => process.send?.(measured),
    (error: Error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
});
process.once('SIGTERM', () => void database.close().then(() => process.exit(0)));
process.once('disconnect', () => process.exit(0));
process.send?.({ listening: { port: 0, internalPort: 0 } });
