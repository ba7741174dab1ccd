import type { RecordPage } from '../../contracts/records.ts';
import type { Database } from '../../platform/database/database.ts';
import { Identity, type Raised } from '../../platform/database/sequence.ts';
import { registration, type Status } from '../registration.ts';
import { numberOf, schema } from '../schema.ts';
import type { BookingEntry } from './rules.ts';

const { named } = registration;

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
const occupyAgain = repair('complete', 'occupying', ['paying', 'complete']);

// It keeps the reason for which it was canceled.
const refundAgain = repair('canceled', 'refunding', ['releasing', 'canceled']);

function repair(from: Status, to: Status, forgotten: readonly Status[]): string {
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

// Each along an index. Whoever books names an event as they like, so that only those count that once gave a slot: what
// is complete, or was, and of the open bookings those that have a price.
const selectHighestKnown = `
select (select coalesce(max(person_id), 0) from ${schema}.booking) as "personId",
       greatest((select coalesce(max(event_id), 0) from ${schema}.booking where complete_at is not null),
                (select coalesce(max(event_id), 0)
                   from ${schema}.booking
                  where due_at is not null
                    and price is not null)) as "eventId"`;

const identity = new Identity(`${schema}.booking`);

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
  /** The highest person and the highest event that bookings are about; 0 for none. */
  highestKnown(): Promise<{ readonly personId: number; readonly eventId: number }>;
}

export function createReconciliationStore(database: Database): ReconciliationStore {
  const entries = async (text: string, values: readonly unknown[]) =>
    (await database.query<EntryRow>(text, values)).map(({ status, ...row }) => ({ ...row, state: named(status) }));
  return {
    highest: () => identity.highest(database),
    entries: ({ after, limit }) => entries(selectEntries, [after, limit]),
    entriesOf: (ids) => entries(selectEntriesOf, [ids]),
    async countOpen(ids) {
      const [counted] = await database.query<{ open: number }>(countOpen, [ids]);
      return counted?.open ?? 0;
    },
    occupyAgain: async (ids, now) => (await database.query(occupyAgain, [ids, now])).length,
    refundAgain: async (ids, now) => (await database.query(refundAgain, [ids, now])).length,
    raiseIds: (known) => identity.raise(database, known),
    async highestKnown() {
      const [known] = await database.query<{ personId: number; eventId: number }>(selectHighestKnown);
      return known ?? { personId: 0, eventId: 0 };
    },
  };
}

interface EntryRow extends Omit<BookingEntry, 'state'> {
  readonly status: number;
}
