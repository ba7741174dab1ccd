import type { RecordPage } from '../../contracts/records.ts';
import type { Database } from '../../platform/database/database.ts';
import { type Raised, Sequence } from '../../platform/database/sequence.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { numberOf, schema } from '../schema.ts';
import type { BookingEntry } from './rules.ts';

const { named } = bookingSaga;

// A canceled booking became open again when it was canceled, not when it was created.
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

// The booking is due at once, because no process holds a lease on a settled one. The later part of its history is
// reset, but not when it was made: its owner relies on the terms of that time.
const occupyAgain = moveBack(
  'complete',
  'occupying',
  ['paying', 'complete'],
  ['booked_at = coalesce(booked_at, occupying_at)'],
);

// The reason of the cancellation is kept.
const refundAgain = moveBack('canceled', 'refunding', ['releasing', 'canceled']);

function moveBack(from: Status, to: Status, forgotten: readonly Status[], keep: readonly string[] = []): string {
  return `
update ${schema}.booking
   set status = ${numberOf(to)},
       attempts = 0,
       last_error = null,
       due_at = $2,
       ${to}_at = $2,
       ${[...keep, ...forgotten.map((state) => `${state}_at = null`)].join(', ')}
 where id = any($1::bigint[])
   and status = ${numberOf(from)}
returning id`;
}

// Each subquery uses an index. Clients can name any event id in a booking, so event ids are taken only from bookings
// that were granted a slot: those that were ever complete, and the open ones with a price.
const selectHighestKnown = `
select (select coalesce(max(person_id), 0) from ${schema}.booking) as "personId",
       greatest((select coalesce(max(event_id), 0) from ${schema}.booking where complete_at is not null),
                (select coalesce(max(event_id), 0)
                   from ${schema}.booking
                  where due_at is not null
                    and price is not null)) as "eventId"`;

const sequence = new Sequence(`${schema}.booking`);

/** Reads bookings for comparisons, and moves them for repairs. */
export interface ReconciliationStore {
  /** The highest booking id; 0 without bookings. */
  highest(): Promise<number>;
  /** Reads a page of bookings, in the order of their ids. */
  entries(page: RecordPage): Promise<BookingEntry[]>;
  entriesOf(ids: readonly number[]): Promise<BookingEntry[]>;
  countOpen(ids: readonly number[]): Promise<number>;
  /** Moves complete bookings back to occupying. @returns how many. */
  occupyAgain(ids: readonly number[], now: Date): Promise<number>;
  /** Moves canceled bookings back to refunding. @returns how many. */
  refundAgain(ids: readonly number[], now: Date): Promise<number>;
  /** Makes every new id greater than `known`. @returns undefined when that was the case already. */
  raiseIds(known: number): Promise<Raised | undefined>;
  /** The highest person and event ids in bookings; 0 without any. */
  highestKnown(): Promise<{ readonly personId: number; readonly eventId: number }>;
}

export function createReconciliationStore(database: Database): ReconciliationStore {
  const entries = async (text: string, values: readonly unknown[]) =>
    (await database.query<EntryRow>(text, values)).map(({ status, ...row }) => ({ ...row, state: named(status) }));
  return {
    highest: () => sequence.highest(database),
    entries: ({ after, limit }) => entries(selectEntries, [after, limit]),
    entriesOf: (ids) => entries(selectEntriesOf, [ids]),
    async countOpen(ids) {
      const [counted] = await database.query<{ open: number }>(countOpen, [ids]);
      return counted?.open ?? 0;
    },
    occupyAgain: async (ids, now) => (await database.query(occupyAgain, [ids, now])).length,
    refundAgain: async (ids, now) => (await database.query(refundAgain, [ids, now])).length,
    raiseIds: (known) => sequence.raise(database, known),
    async highestKnown() {
      const [known] = await database.query<{ personId: number; eventId: number }>(selectHighestKnown);
      return known ?? { personId: 0, eventId: 0 };
    },
  };
}

interface EntryRow extends Omit<BookingEntry, 'state'> {
  readonly status: number;
}
