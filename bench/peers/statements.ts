/**
 * The statements of both peers. Each step is one idempotent statement on Startlist's tables, so a step that is repeated
 * after a crash changes nothing. With one round trip and one commit per step, the row of a hot event is locked as
 * briefly as possible.
 */
import pg from 'pg';

/** A booking before its first step. */
export interface Draft {
  readonly bookingId: number;
  readonly eventId: number;
  readonly personId: number;
}

export type Slot = { readonly accepted: true; readonly price: number } | { readonly accepted: false };

export interface Booked {
  readonly id: number;
  readonly user_id: number;
  readonly event_id: number;
  readonly price?: number;
  readonly status: number;
  readonly reason?: string;
}

// `due_at` is infinity because Startlist's recovery must not take over the peer's bookings.
const insertBooking = `
insert into book.booking (id, person_id, event_id, status, occupying_at, due_at)
overriding system value
values ($1, $2, $3, 1, $4, 'infinity')
    on conflict (id) do nothing`;

const occupySlot = `
with known as (
  select state, price from events.slot where booking_id = $1),
granted as (
  update events.event
     set taken_slots = taken_slots + 1
   where id = $2 and taken_slots < total_slots and canceled_at is null
     and not exists (select from events.slot where booking_id = $1)
  returning price),
written as (
  insert into events.slot (booking_id, event_id, person_id, state, price, reason, decided_at)
  select $1, $2, $3, case when g.price is null then 'refused' else 'granted' end, g.price,
         case when g.price is null then 'no_slots' end, $4
    from (values (1)) as one left join granted as g on true
   where not exists (select from known)
  returning state, price)
select state, price from known union all select state, price from written`;

const payBooking = `
with known as (
  select state from account.payment where booking_id = $1),
charged as (
  update account.account
     set balance = balance - $4
   where person_id = $3 and balance >= $4 and not exists (select from account.payment where booking_id = $1)
  returning person_id),
moved as (
  insert into account.transfer (kind, person_id, event_id, booking_id, amount, made_at)
  select 'payment', person_id, $2, $1, $4, $5 from charged),
written as (
  insert into account.payment (booking_id, event_id, person_id, state, amount, reason, decided_at)
  select $1, $2, $3, case when c.person_id is null then 'refused' else 'paid' end, $4,
         case when c.person_id is null then 'insufficient_funds' end, $5
    from (values (1)) as one left join charged as c on true
   where not exists (select from known)
  returning state)
select state from known union all select state from written`;

const releaseSlot = `
with released as (
  update events.slot set state = 'released', decided_at = $2 where booking_id = $1 and state = 'granted'
  returning event_id)
update events.event as e
   set taken_slots = e.taken_slots - 1
  from released
 where e.id = released.event_id`;

const settleBooking = `
update book.booking
   set status = $2::smallint, price = $3, reason = $4, due_at = null,
       complete_at = case $2::smallint when 4 then $5::timestamptz end, canceled_at = case $2::smallint when -1 then $5::timestamptz end
 where id = $1 and status = 1`;

/** The steps of a booking, on a pool of connections. */
export class Steps {
  readonly #pool: pg.Pool;

  constructor(connectionString: string, connections: number) {
    this.#pool = new pg.Pool({ connectionString, max: connections });
  }

  async store({ bookingId, personId, eventId }: Draft): Promise<void> {
    await this.#run('store', insertBooking, [bookingId, personId, eventId, new Date()]);
  }

  async occupy({ bookingId, eventId, personId }: Draft): Promise<Slot> {
    const [row] = await this.#run('occupy', occupySlot, [bookingId, eventId, personId, new Date()]);
    return row?.state === 'granted' ? { accepted: true, price: Number(row.price) } : { accepted: false };
  }

  async pay({ bookingId, eventId, personId }: Draft, amount: number): Promise<boolean> {
    const [row] = await this.#run('pay', payBooking, [bookingId, eventId, personId, amount, new Date()]);
    return row?.state === 'paid';
  }

  async release({ bookingId }: Draft): Promise<void> {
    await this.#run('release', releaseSlot, [bookingId, new Date()]);
  }

  async settle(booked: Booked): Promise<void> {
    const { id, status, price = null, reason = null } = booked;
    await this.#run('settle', settleBooking, [id, status, price, reason, new Date()]);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #run(name: string, text: string, values: unknown[]): Promise<{ state?: string; price?: string }[]> {
    return (await this.#pool.query({ name, text, values })).rows;
  }
}

export function complete({ bookingId, personId, eventId }: Draft, price: number): Booked {
  return { id: bookingId, user_id: personId, event_id: eventId, price, status: 4 };
}

export function canceled({ bookingId, personId, eventId }: Draft, reason: string): Booked {
  return { id: bookingId, user_id: personId, event_id: eventId, status: -1, reason };
}
