/**
 * Runs only the SQL statements of bookings: no HTTP, no sessions, no engine, no waiting requests. The measured rate is
 * an upper bound for the other systems: no saga over these tables in one process can be faster.
 *
 * The program takes a `CeilingOrder` over IPC and answers with the measurements.
 */
import { createAccountParticipant } from '../../account/payments/participant.ts';
import { createAccountStore } from '../../account/store.ts';
import { createBookStore } from '../../book/bookings/store.ts';
import { bookingActions } from '../../book/saga/actions.ts';
import type { Booking, BookingDraft } from '../../book/saga/booking-schema.ts';
import { createEventsParticipant } from '../../events/participant.ts';
import { createEventsStore } from '../../events/store.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { realWorld } from '../../platform/world.ts';
import { percentiles } from '../load/percentiles.ts';
import type { CeilingOrder } from './ceiling.ts';

const world = realWorld();
const database = openPostgres(process.env.DATABASE_URL ?? '', 20);
const store = createBookStore(database);
const steps = bookingActions({
  events: createEventsParticipant(createEventsStore(database), world),
  account: createAccountParticipant(createAccountStore(database), world),
});

/** Takes a batch through all states. @returns the number of complete bookings. */
async function bookBatch(drafts: readonly BookingDraft[]): Promise<number> {
  const now = () => new Date(world.now());
  const stored = await store.insert(drafts, now(), new Date(world.now() + 5_000));
  let batch: Booking[] = stored.filter((booking) => booking !== undefined);
  for (const [state, step] of [
    ['occupying', steps.occupy],
    ['paying', steps.pay],
  ] as const) {
    const answers = await step.ask(batch);
    const moves = batch.map((item, index) => {
      const answer = answers[index];
      if (!answer?.accepted) throw new Error(`booking ${item.id} was refused`);
      return { item, to: state === 'occupying' ? ('paying' as const) : ('complete' as const), answer };
    });
    batch = await store.move(state, moves, now());
  }
  return batch.length;
}

async function countStored(): Promise<number> {
  const [row] = await database.query<{ count: number }>('select count(*) from book.booking');
  return row?.count ?? 0;
}

/** Runs the lanes, each of which handles one batch after another. */
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
      const batchBeganMs = performance.now();
      // `answered += await …` would read `answered` before the await and lose the bookings of other lanes.
      const complete = await bookBatch(Array.from({ length: maxBatch }, draft));
      answered += complete;
      tookMs.push(performance.now() - batchBeganMs);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const measured = { answered, failed: 0, tookMs: performance.now() - beganMs, latencyMs: percentiles(tookMs) };
  const stored = (await countStored()) - storedBefore;
  // The other systems are compared with `answered`, so it must equal the number of stored bookings.
  if (stored !== answered) throw new Error(`counted ${answered} bookings, but ${stored} are stored`);
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
