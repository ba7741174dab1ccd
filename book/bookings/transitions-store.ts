import { targets } from '../../saga/table.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { bookingColumns, numberOf, schema } from '../schema.ts';

/*
 * The statements that move bookings, generated from the saga's table.
 */

const { table, states, open, cancelable } = bookingSaga;
const settledNumbers = states.filter((status) => !open.includes(status)).map(numberOf);

// One statement for each open state. Each sets only the timestamps of the states that its bookings can move to.
export const moveBookings = Object.fromEntries(open.map((from) => [from, moveFrom(from)])) as Record<Status, string>;

function moveFrom(from: Status): string {
  const { accepted, refused } = table[from];
  const moments = targets({ number: 0, ...(accepted && { accepted }), ...(refused && { refused }) }).map(
    (to) => `${to}_at = case when t.status = ${numberOf(to)} then $5 else b.${to}_at end`,
  );
  return `
update ${schema}.booking as b
   set status = t.status,
       price = coalesce(t.price, b.price),
       reason = coalesce(b.reason, t.reason),
       attempts = 0,
       last_error = null,
       due_at = case when t.status in (${settledNumbers.join(', ')}) then null else b.due_at end,
       ${moments.join(',\n       ')}
  from unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[]) as t (id, status, price, reason)
 where b.id = t.id
   and b.status = ${numberOf(from)}
returning b.id`;
}

// `coalesce` keeps the first reason. The check-in is tested here, under the row's lock, because a check-in and a
// cancellation may arrive at the same time.
export const cancelBookings = `
update ${schema}.booking as b
   set status = case b.status ${cancelable.map((from) => `when ${numberOf(from)} then ${cancelNumber(from)}`).join(' ')} end,
       reason = coalesce(b.reason, t.reason),
       attempts = 0,
       last_error = null,
       due_at = $4,
       ${cancelTargets()
         .map((to) => `${to}_at = coalesce(b.${to}_at, $3)`)
         .join(',\n       ')}
  from unnest($1::bigint[], $2::text[]) as t (id, reason)
 where b.id = t.id
   and b.status in (${cancelable.map(numberOf).join(', ')})
   and (b.checked_in_at is null or t.reason <> 'by_owner')
returning ${bookingColumns},
          case ${latestFirst()
            .map((from) => `when b.${from}_at is not null then ${numberOf(from)}`)
            .join(' ')} end as "was"`;

/** The cancelable states, latest first. The previous state of a canceled row is the latest one that has a timestamp. */
function latestFirst(): Status[] {
  return cancelable.toSorted((a, b) => bookingSaga.rank(b) - bookingSaga.rank(a));
}

function cancelNumber(from: Status): number {
  return numberOf(table[from].cancel ?? from);
}

function cancelTargets(): Status[] {
  return [...new Set(cancelable.flatMap((from) => table[from].cancel ?? []))];
}
