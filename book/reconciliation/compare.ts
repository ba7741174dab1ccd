import type { Auth } from '../../contracts/auth/calls.ts';
import type { ReconciliationProgress } from '../../contracts/book/reconciliation.ts';
import type { AccountRecords, BalanceEntry, EventsRecords, RecordPage, SlotCounter } from '../../contracts/records.ts';
import { Unavailable } from '../../platform/errors.ts';
import { pause, type World } from '../../platform/world.ts';
import {
  type Finding,
  isOpen,
  joinAll,
  joinPages,
  judgeBalance,
  judgeCounter,
  judgeOrganizer,
  judgePerson,
  judgeTransfers,
  judgeTrio,
  type Trio,
} from './rules.ts';
import type { ReconciliationStore } from './store.ts';

/** The records of book's participants. */
export interface ParticipantRecords {
  readonly events: EventsRecords;
  readonly account: AccountRecords;
}

/** What a reconciliation is made with. */
export interface CompareOptions {
  readonly store: ReconciliationStore;
  readonly records: ParticipantRecords;
  /** Tells who there is. */
  readonly names: Auth['names'];
  readonly world: World;
  /** How long what looks wrong is left alone before it is read once more, in milliseconds. */
  readonly pauseMs?: number;
  /** How many rows of a kind are read at once. */
  readonly pageSize?: number;
  /** Counts what has been checked so far; a new one without it. */
  readonly progress?: Progress;
  /** Whether to leave off. */
  readonly isStopped?: () => boolean;
}

/** How far a reconciliation has come. */
export type Progress = ReconciliationProgress;

/** What a reconciliation says. */
export interface Report extends Progress {
  /** The first of what was found; `found` is how much there was. */
  readonly findings: readonly Finding[];
  readonly beganAt: Date;
  readonly tookMs: number;
}

/** What looks wrong is read so often again, and named only when it does each time. The first time is at once. */
const readings = 3;
const usualPauseMs = 250;
const usualPageSize = 1_000;
/** An event or an account stands for all slots or transfers it has. */
const sumPageSize = 100;
const mostFindings = 100;
/** How often a page is asked for before a service is given up, and how long the first pause is, in milliseconds. */
const tries = 6;
const shortestPauseMs = 100;
/** The longest pause between two pages, in milliseconds. */
const longestRestMs = 1_000;

export function startProgress(): Progress {
  return { checked: { bookings: 0, slots: 0, payments: 0, events: 0, accounts: 0, transfers: 0 }, open: 0, found: 0 };
}

/**
 * Compares the records of the three services, page by page, without locks and with no more than a few pages in memory.
 * After each page it rests for as long as that took, so that bookings have half of the time at least.
 * @throws Unavailable when a service does not answer for some seconds.
 */
export async function compareRecords(options: CompareOptions): Promise<Report> {
  const { world, records, names, progress = startProgress(), pageSize = usualPageSize } = options;
  const { events, account } = records;
  const { checked } = progress;
  const beganMs = world.now();
  const findings: Finding[] = [];
  const name = (found: readonly Finding[]) => {
    progress.found += found.length;
    findings.push(...found.slice(0, mostFindings - findings.length));
  };
  for await (const { trios, offenders } of walkTrios(options)) {
    for (const trio of trios) {
      checked.bookings += Number(trio.booking !== undefined);
      checked.slots += Number(trio.slot !== undefined);
      checked.payments += Number(trio.payment !== undefined);
      progress.open += Number(isOpen(trio));
    }
    name(offenders.flatMap((trio) => judgeTrio(trio, world.now())));
  }
  const readCounters = withPeople(names, events.slotCounters, ({ organizerId }) => organizerId);
  const counters = { read: readCounters, judge: judgeEvent, limit: sumPageSize };
  for await (const { rows, found } of walkRows(options, { ...counters, key: ({ eventId }) => eventId })) {
    checked.events += rows.length;
    name(found);
  }
  const readBalances = withPeople(names, account.balances, ({ personId }) => personId);
  const balances = { read: readBalances, judge: judgeAccount, limit: sumPageSize };
  for await (const { rows, found } of walkRows(options, { ...balances, key: ({ personId }) => personId })) {
    checked.accounts += rows.length;
    name(found);
  }
  const transfers = { read: account.transferSums, judge: judgeTransfers, limit: pageSize };
  for await (const { rows, found } of walkRows(options, { ...transfers, key: (sum) => sum.lastTransferId })) {
    for (const sum of rows) checked.transfers += sum.transfers;
    name(found);
  }
  return { ...progress, findings, beganAt: new Date(beganMs), tookMs: world.now() - beganMs };
}

/** A row, and whether auth knows the person that it is about. */
type Known<Row> = Row & { readonly isKnown: boolean };

/** Reads a page, and asks auth once who of it there is. A row that is about nobody is as good as known. */
function withPeople<Row>(
  names: Auth['names'],
  read: (page: RecordPage) => Promise<readonly Row[]>,
  personOf: (row: Row) => number | undefined,
): (page: RecordPage) => Promise<Known<Row>[]> {
  return async (page) => {
    const rows = await read(page);
    const ids = [...new Set(rows.flatMap((row) => personOf(row) ?? []))];
    const answers = ids.length === 0 ? [] : await names(ids);
    const strangers = new Set<number | undefined>(ids.filter((_id, index) => answers[index] === null));
    return rows.map((row) => ({ ...row, isKnown: !strangers.has(personOf(row)) }));
  };
}

const judgeEvent = (row: Known<SlotCounter>) => [...judgeCounter(row), ...judgeOrganizer(row)];
const judgeAccount = (row: Known<BalanceEntry>) => [...judgeBalance(row), ...judgePerson(row)];

/** A part of all bookings, with those that are wrong however often they are read. */
export interface TrioSet {
  readonly trios: readonly Trio[];
  readonly offenders: readonly Trio[];
}

/**
 * Walks all bookings, and all slots and payments with them, in the order of the ids: those that were there when it
 * began. Those that come meanwhile may come faster than they are read.
 */
export async function* walkTrios(options: CompareOptions): AsyncGenerator<TrioSet> {
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

/** The highest id that any of the three knows. */
async function highestId({ store, records }: CompareOptions): Promise<number> {
  const participants = await Promise.all([records.events.highestBooking({}), records.account.highestBooking({})]);
  return Math.max(await store.highest(), ...participants.map(({ bookingId }) => bookingId));
}

const idOf = ({ bookingId }: Trio) => bookingId;

/** Reads ids again, at once and then after pauses. Answers those under which something is wrong each time. */
export async function confirm(options: CompareOptions, ids: readonly number[]): Promise<Trio[]> {
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
 * Reads what the services have under some ids, the bookings last. One that has just got there may be shown with older
 * records; the next reading shows it with those of its state, because a
 * booking returns to one that it has left only when it is mended, and then it is named no more.
 */
async function readTrios({ store, records }: CompareOptions, ids: readonly number[]): Promise<Trio[]> {
  const [slots, payments] = await Promise.all([
    records.events.slotRecordsOf(ids),
    records.account.paymentRecordsOf(ids),
  ]);
  return joinAll({ bookings: await store.entriesOf(ids), slots, payments });
}

/** Rows that can be judged one by one, in the order of their keys. */
interface Rows<Row> {
  readonly read: (page: RecordPage) => Promise<readonly Row[]>;
  readonly judge: (row: Row) => Finding[];
  readonly key: (row: Row) => number;
  readonly limit: number;
}

/** Walks such rows. What is found on a page is named when it is found whenever the page is read again. */
async function* walkRows<Row>(
  options: CompareOptions,
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
      const again = new Set((await ask()).flatMap(judge).map(whereabouts));
      found = found.filter((finding) => again.has(whereabouts(finding)));
    }
    yield { rows, found };
    after = key(last);
    await rest(world, tookMs);
  }
}

/** What a finding is about, whatever its figures. */
function whereabouts({ kind, bookingId, eventId, personId }: Finding): string {
  return `${kind} ${bookingId} ${eventId} ${personId}`;
}

/**
 * Asks for a page; again after pauses, and for a smaller one, when there is no answer: it may have been too much for
 * the time that a statement has.
 */
export async function askPatiently<Answer>(
  { world, isStopped }: CompareOptions,
  limit: number,
  ask: (limit: number) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    if (isStopped?.()) throw new Unavailable('this process is about to end');
    try {
      return await ask(Math.max(1, limit >> (2 * attempt)));
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt + 1 === tries) throw error;
      await pause(world, shortestPauseMs * 2 ** attempt);
    }
  }
}

function rest(world: World, tookMs: number): Promise<void> {
  return pause(world, Math.min(longestRestMs, tookMs));
}
