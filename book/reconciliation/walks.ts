import type { AccountRecords, EventsRecords, RecordPage } from '../../contracts/records.ts';
import { Unavailable } from '../../platform/errors.ts';
import { pause, type World } from '../../platform/world.ts';
import { joinAll, joinPages } from './joins.ts';
import { type Finding, judgeTrio, type Trio } from './rules.ts';
import type { ReconciliationStore } from './store.ts';

/** The records of book's participants. */
export interface ParticipantRecords {
  readonly events: EventsRecords;
  readonly account: AccountRecords;
}

export interface WalkOptions {
  readonly store: ReconciliationStore;
  readonly records: ParticipantRecords;
  readonly world: World;
  /** The pause before a suspected error is read again. */
  readonly pauseMs?: number;
  readonly pageSize?: number;
  readonly isStopped?: () => boolean;
}

/**
 * How many readings must show an error before it is a finding. For bookings, they follow the reading of the page; for
 * other rows, the reading of the page is the first of them.
 */
const readings = 3;
const usualPauseMs = 250;
export const usualPageSize = 1_000;
/** The maximum number of requests for one page of records before the walk fails. */
const tries = 6;
/**
 * The pause before a page of records is requested a second time, in milliseconds. Each further pause is twice as long.
 */
const shortestPauseMs = 100;
/** The longest pause between two pages of records, in milliseconds. */
const longestRestMs = 1_000;

/** One page of records, and those among them that show an error in every reading. */
export interface TrioBatch {
  readonly trios: readonly Trio[];
  readonly offenders: readonly Trio[];
}

/**
 * Walks all bookings, slots and payments in the order of booking ids, up to the highest id at the start, because new
 * bookings may arrive faster than they are read.
 */
export async function* walkTrios(options: WalkOptions): AsyncGenerator<TrioBatch> {
  const { store, records, world, pageSize = usualPageSize } = options;
  const last = await askPatiently(options, 1, () => highestId(options));
  for (let after: number | undefined = 0; after !== undefined && after < last; ) {
    const from: number = after;
    const beganMs = world.now();
    const page = await askPatiently(options, pageSize, async (limit) => {
      const [bookings, slots, payments] = await Promise.all([
        store.entries({ after: from, limit }),
        records.events.slotRecords({ after: from, limit }),
        records.account.paymentRecords({ after: from, limit }),
      ]);
      return joinPages({ bookings, slots, payments }, limit);
    });
    const tookMs = world.now() - beganMs;
    const suspects = page.trios.filter((trio) => judgeTrio(trio, world.now()).length > 0);
    yield { trios: page.trios, offenders: await confirm(options, suspects.map(idOf)) };
    after = page.next;
    await rest(world, tookMs);
  }
}

/** The highest booking id in any of the three services. */
async function highestId({ store, records }: WalkOptions): Promise<number> {
  const participants = await Promise.all([records.events.highestBooking({}), records.account.highestBooking({})]);
  return Math.max(await store.highest(), ...participants.map(({ bookingId }) => bookingId));
}

const idOf = ({ bookingId }: Trio) => bookingId;

/**
 * Reads the records of some ids again, at once and then after pauses.
 * @returns those with an error in every reading.
 */
export async function confirm(options: WalkOptions, ids: readonly number[]): Promise<Trio[]> {
  const { world, pauseMs = usualPauseMs } = options;
  let offenders: Trio[] = [];
  let suspects = ids;
  for (let reading = 0; reading < readings && suspects.length > 0; reading += 1) {
    if (reading > 0) await pause(world, pauseMs);
    const trios = await askPatiently(options, suspects.length, () => readTrios(options, suspects));
    offenders = trios.filter((trio) => judgeTrio(trio, world.now()).length > 0);
    suspects = offenders.map(idOf);
  }
  return offenders;
}

/**
 * Reads the records of some booking ids, the bookings last. A booking that has just changed state may appear with older
 * slot and payment records. The next reading corrects that, because only a repair moves a booking back to an earlier
 * state.
 */
async function readTrios({ store, records }: WalkOptions, ids: readonly number[]): Promise<Trio[]> {
  const [slots, payments] = await Promise.all([
    records.events.slotRecordsOf(ids),
    records.account.paymentRecordsOf(ids),
  ]);
  return joinAll({ bookings: await store.entriesOf(ids), slots, payments });
}

/** One kind of row: how its pages are read, in the order of its keys, and how each row is judged. */
export interface Rows<Row> {
  readonly read: (page: RecordPage) => Promise<readonly Row[]>;
  readonly judge: (row: Row) => Finding[];
  readonly key: (row: Row) => number;
  readonly limit: number;
}

/** Walks rows page by page. Only an error that shows in every reading of its page is a finding. */
export async function* walkRows<Row>(
  options: WalkOptions,
  { read, judge, key, limit }: Rows<Row>,
): AsyncGenerator<{ rows: readonly Row[]; found: Finding[] }> {
  const { world, pauseMs = usualPauseMs } = options;
  for (let after = 0; ; ) {
    const beganMs = world.now();
    const ask = () => askPatiently(options, limit, (atMost) => read({ after, limit: atMost }));
    const rows = await ask();
    const tookMs = world.now() - beganMs;
    const last = rows.at(-1);
    if (last === undefined) return;
    let found = rows.flatMap(judge);
    for (let reading = 1; reading < readings && found.length > 0; reading += 1) {
      await pause(world, pauseMs);
      const again = new Set((await ask()).flatMap(judge).map(subjectOf));
      found = found.filter((finding) => again.has(subjectOf(finding)));
    }
    yield { rows, found };
    after = key(last);
    await rest(world, tookMs);
  }
}

/** Identifies a finding without its figures, which change between readings. */
function subjectOf({ kind, bookingId, eventId, personId }: Finding): string {
  return `${kind} ${bookingId} ${eventId} ${personId}`;
}

/**
 * Requests a page of records. Without an answer it retries after a pause with a smaller page, because the larger one
 * may have hit the statement timeout.
 * @throws Unavailable after several attempts, and when the process stops.
 */
export async function askPatiently<Answer>(
  { world, isStopped }: WalkOptions,
  limit: number,
  ask: (limit: number) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    if (isStopped?.()) throw new Unavailable('this process is shutting down');
    try {
      return await ask(Math.max(1, limit >> (2 * attempt)));
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt + 1 === tries) throw error;
      await pause(world, shortestPauseMs * 2 ** attempt);
    }
  }
}

/**
 * Pauses as long as it took to read the page, but at most `longestRestMs`. Unless a page takes longer than that,
 * bookings get at least half of the databases' time.
 */
function rest(world: World, tookMs: number): Promise<void> {
  return pause(world, Math.min(longestRestMs, tookMs));
}
