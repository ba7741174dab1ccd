import type { RecordPage } from '../contracts/records.ts';
import type { Database } from '../kit/db.ts';
import type { BookingEntry } from './reconciliation.ts';
import { registration, type Status } from './registration.ts';
import { migrations } from './store.ts';

const { schema } = migrations;
const { table, named } = registration;
const numberOf = (status: Status) => table[status].number;

// A booking that was settled and is being undone is open since it turned around, not since it was made.
const entryColumns = `id as "bookingId", event_id as "eventId", person_id as "personId", price, status,
       case when due_at is not null then coalesce(refunding_at, occupying_at) end as "openSince"`;

const selectEntries = `
select ${entryColumns}
  from ${schema}.booking
 where id > $1
 order by id
 limit $2`;

const selectEntriesOf = `
select ${entryColumns}
  from ${schema}.booking
 where id = any($1::bigint[])`;

const countOpen = `
select count(*) as open
  from ${schema}.booking
 where id = any($1::bigint[])
   and due_at is not null`;

// Due at once, and with no hold anywhere: a settled booking is nobody's. It begins anew, and its history with it.
const occupyAgain = mend('complete', 'occupying', ['paying', 'complete']);

// It keeps the reason for which it was canceled.
const refundAgain = mend('canceled', 'refunding', ['releasing', 'canceled']);

function mend(from: Status, to: Status, forgotten: readonly Status[]): string {
  return `
update ${schema}.booking
   set status = ${numberOf(to)},
       attempts = 0,
       last_error = null,
       due_at = $2,
       ${to}_at = $2,
       ${forgotten.map((state) => `${state}_at = null`).join(', ')}
 where id = any($1::bigint[])
   and status = ${numberOf(from)}
returning id`;
}

const sequence = `pg_get_serial_sequence('${schema}.booking', 'id')`;

// What was given may be above what is stored; what is stored may be above what was given where rows were copied in.
const selectHighest = `
select coalesce(pg_sequence_last_value(${sequence}::regclass), 0) as given,
       (select coalesce(max(id), 0) from ${schema}.booking) as stored`;

// An insertion takes its id under a lock of the table that this one conflicts with: so no id is given between the
// reading of the highest and the setting of the next, and the sequence never goes back.
const lockBookings = `lock table ${schema}.booking in share row exclusive mode`;

const setHighest = `select setval(${sequence}::regclass, $1)`;

/** The highest id that was given before, and the one that ids go on above now. */
export interface Raised {
  readonly from: number;
  readonly to: number;
}

/** What a reconciliation reads of book's bookings, and how it mends them. Each statement is about a set. */
export interface ReconciliationStore {
  /** The highest id of a booking, or 0. */
  highest(): Promise<number>;
  /** In the order of booking ids. */
  entries(page: RecordPage): Promise<BookingEntry[]>;
  entriesOf(ids: readonly number[]): Promise<BookingEntry[]>;
  /** How many of the bookings are open. */
  countOpen(ids: readonly number[]): Promise<number>;
  /** Moves those that are complete back to the beginning; answers how many. */
  occupyAgain(ids: readonly number[], now: Date): Promise<number>;
  /** Moves those that are canceled back to where everything is given back; answers how many. */
  refundAgain(ids: readonly number[], now: Date): Promise<number>;
  /** Sees to it that every id to come is above `known`. Answers nothing when that was so before. */
  raiseIds(known: number): Promise<Raised | undefined>;
}

export function createReconciliationStore(database: Database): ReconciliationStore {
  const entries = async (text: string, values: readonly unknown[]) =>
    (await database.query<EntryRow>(text, values)).map(({ status, ...row }) => ({ ...row, state: named(status) }));
  return {
    highest: async () => (await readHighest(database)).stored,
    entries: ({ after, limit }) => entries(selectEntries, [after, limit]),
    entriesOf: (ids) => entries(selectEntriesOf, [ids]),
    async countOpen(ids) {
      const [counted] = await database.query<{ open: number }>(countOpen, [ids]);
      return counted?.open ?? 0;
    },
    occupyAgain: async (ids, now) => (await database.query(occupyAgain, [ids, now])).length,
    refundAgain: async (ids, now) => (await database.query(refundAgain, [ids, now])).length,
    async raiseIds(known) {
      if (isAbove(await readHighest(database), known)) return undefined;
      return database.transaction(async (sql) => {
        await sql.query(lockBookings);
        const highest = await readHighest(sql);
        if (isAbove(highest, known)) return undefined;
        const to = Math.max(highest.stored, known);
        await sql.query(setHighest, [to]);
        return { from: highest.given, to };
      });
    },
  };
}

interface EntryRow extends Omit<BookingEntry, 'state'> {
  readonly status: number;
}

interface Highest {
  readonly given: number;
  readonly stored: number;
}

async function readHighest(sql: Pick<Database, 'query'>): Promise<Highest> {
  const [highest] = await sql.query<Highest>(selectHighest);
  return highest ?? { given: 0, stored: 0 };
}

function isAbove({ given, stored }: Highest, known: number): boolean {
  return given >= Math.max(stored, known);
}
