import type { Auth } from '../../contracts/auth/calls.ts';
import type { ReconciliationProgress } from '../../contracts/book/reconciliation.ts';
import type { BalanceEntry, RecordPage, SlotCounter } from '../../contracts/records.ts';
import { type Finding, isOpen, judgeTrio } from './rules.ts';
import { judgeBalance, judgeCounter, judgeOrganizer, judgePerson, judgeTransfers } from './totals-rules.ts';
import { usualPageSize, type WalkOptions, walkRows, walkTrios } from './walks.ts';

export interface CompareOptions extends WalkOptions {
  /** Names of people, from auth. */
  readonly names: Auth['names'];
  /** Updated during the comparison. */
  readonly progress?: Progress;
}

export type Progress = ReconciliationProgress;

/** The result of a comparison. */
export interface Report extends Progress {
  /** At most 100 findings; `found` counts all. */
  readonly findings: readonly Finding[];
  readonly beganAt: Date;
  readonly tookMs: number;
}

/**
 * The page size for events and accounts. Small, because reading an event or an account sums up all its slots or
 * transfers.
 */
const sumPageSize = 100;
const maxFindings = 100;

export function startProgress(): Progress {
  return { checked: { bookings: 0, slots: 0, payments: 0, events: 0, accounts: 0, transfers: 0 }, open: 0, found: 0 };
}

/**
 * Compares the records of the three services page by page, without locks and with a few pages in memory at most.
 * @throws Unavailable when a service does not answer for some seconds.
 */
export async function compareRecords(options: CompareOptions): Promise<Report> {
  const { world, progress = startProgress() } = options;
  const beganMs = world.now();
  const findings: Finding[] = [];
  const add = (found: readonly Finding[]) => {
    progress.found += found.length;
    findings.push(...found.slice(0, maxFindings - findings.length));
  };
  for await (const found of compareBookings(options, progress)) add(found);
  for await (const found of compareTotals(options, progress)) add(found);
  return { ...progress, findings, beganAt: new Date(beganMs), tookMs: world.now() - beganMs };
}

async function* compareBookings(options: CompareOptions, progress: Progress): AsyncGenerator<Finding[]> {
  const { checked } = progress;
  for await (const { trios, offenders } of walkTrios(options)) {
    for (const trio of trios) {
      checked.bookings += Number(trio.booking !== undefined);
      checked.slots += Number(trio.slot !== undefined);
      checked.payments += Number(trio.payment !== undefined);
      progress.open += Number(isOpen(trio));
    }
    yield offenders.flatMap((trio) => judgeTrio(trio, options.world.now()));
  }
}

async function* compareTotals(options: CompareOptions, { checked }: Progress): AsyncGenerator<Finding[]> {
  const { records, names, pageSize = usualPageSize } = options;
  const { events, account } = records;
  const readCounters = withPeople(names, events.slotCounters, ({ organizerId }) => organizerId);
  const counters = { read: readCounters, judge: judgeEvent, limit: sumPageSize };
  for await (const { rows, found } of walkRows(options, { ...counters, key: ({ eventId }) => eventId })) {
    checked.events += rows.length;
    yield found;
  }
  const readBalances = withPeople(names, account.balances, ({ personId }) => personId);
  const balances = { read: readBalances, judge: judgeAccount, limit: sumPageSize };
  for await (const { rows, found } of walkRows(options, { ...balances, key: ({ personId }) => personId })) {
    checked.accounts += rows.length;
    yield found;
  }
  const transfers = { read: account.transferSums, judge: judgeTransfers, limit: pageSize };
  for await (const { rows, found } of walkRows(options, { ...transfers, key: (sum) => sum.lastTransferId })) {
    for (const sum of rows) checked.transfers += sum.transfers;
    yield found;
  }
}

type Known<Row> = Row & { readonly isKnown: boolean };

/** Adds to each row whether auth knows its person, with one call for each page. A row without a person has `true`. */
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
