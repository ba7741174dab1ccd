/** The ids of a person, of two events that are created for the test, and of the person's bookings at them. */
export interface Ground {
  readonly personId: number;
  /** An event with a price of 5 and 10 slots, of which two are taken. */
  readonly eventId: number;
  readonly freeEventId: number;
  /** A complete booking at the event. */
  readonly complete: number;
  /** Another complete booking at the event. */
  readonly other: number;
  /** A complete booking at the free event. */
  readonly free: number;
  /** A booking that was canceled after it was complete. */
  readonly canceled: number;
}

/** An SQL text that makes the records of a ground wrong, and the findings that must result. */
export interface Planted {
  readonly title: string;
  readonly sql: (ground: Ground) => string;
  readonly named: (ground: Ground) => readonly string[];
}

/** Planted records that can be repaired: what the repair does, and how a booking ends. */
export interface Mendable extends Planted {
  readonly mended: 'reoccupied' | 'canceled' | 'refunding' | 'undone';
  readonly ends?: {
    readonly booking: 'complete' | 'free' | 'canceled';
    readonly status: 4 | -1;
    readonly reason?: string;
  };
}

const at = `'2026-01-01'`;
const dropSlot = ({ complete, eventId }: Ground) => `
  delete from events.slot where booking_id = ${complete};
  update events.event set taken_slots = taken_slots - 1 where id = ${eventId};`;
const dropPayment = ({ complete, personId }: Ground) => `
  delete from account.payment where booking_id = ${complete};
  delete from account.transfer where booking_id = ${complete};
  update account.account set balance = balance + 5 where person_id = ${personId};`;

export const mendable: readonly Mendable[] = [
  {
    title: 'a complete booking without a slot gets a slot again',
    sql: dropSlot,
    named: ({ complete }) => [`slot_missing of booking ${complete}`],
    mended: 'reoccupied',
    ends: { booking: 'complete', status: 4 },
  },
  {
    title: 'a complete booking without a slot at a sold-out event is canceled and refunded',
    sql: (ground) => `${dropSlot(ground)} update events.event set total_slots = 1 where id = ${ground.eventId};`,
    named: ({ complete }) => [`slot_missing of booking ${complete}`],
    mended: 'reoccupied',
    ends: { booking: 'complete', status: -1, reason: 'no_slots' },
  },
  {
    title: 'a complete booking without a slot gets one at the price it paid, even if the event costs more now',
    sql: (ground) => `${dropSlot(ground)} update events.event set price = 8 where id = ${ground.eventId};`,
    named: ({ complete }) => [`slot_missing of booking ${complete}`],
    mended: 'reoccupied',
    ends: { booking: 'complete', status: 4 },
  },
  {
    title: 'a complete booking without a payment is paid again',
    sql: dropPayment,
    named: ({ complete }) => [`payment_missing of booking ${complete}`],
    mended: 'reoccupied',
    ends: { booking: 'complete', status: 4 },
  },
  {
    title: 'a complete booking without a payment, of a person without money, is canceled',
    sql: (ground) => `${dropPayment(ground)}
      update account.transfer set amount = 5 where kind = 'deposit' and person_id = ${ground.personId};
      update account.account set balance = 0, deposited = 5 where person_id = ${ground.personId};`,
    named: ({ complete }) => [`payment_missing of booking ${complete}`],
    mended: 'reoccupied',
    ends: { booking: 'complete', status: -1, reason: 'insufficient_funds' },
  },
  {
    title: 'a complete free booking without a payment gets one',
    sql: ({ free }) => `delete from account.payment where booking_id = ${free};`,
    named: ({ free }) => [`payment_missing of booking ${free}`],
    mended: 'reoccupied',
    ends: { booking: 'free', status: 4 },
  },
  {
    title: 'a complete booking without slot and payment gets both again',
    sql: (ground) => dropSlot(ground) + dropPayment(ground),
    named: ({ complete }) => [`slot_missing of booking ${complete}`, `payment_missing of booking ${complete}`],
    mended: 'reoccupied',
    ends: { booking: 'complete', status: 4 },
  },
  {
    title: 'a complete booking whose slot was released is canceled',
    sql: ({ complete, eventId }) => `
      update events.slot set state = 'released' where booking_id = ${complete};
      update events.event set taken_slots = taken_slots - 1 where id = ${eventId};`,
    named: ({ complete }) => [`slot_undone of booking ${complete}`],
    mended: 'canceled',
    ends: { booking: 'complete', status: -1, reason: 'undone' },
  },
  {
    title: 'a complete booking whose payment was refunded is canceled',
    sql: ({ complete, eventId, personId }) => `
      update account.payment set state = 'refunded' where booking_id = ${complete};
      insert into account.transfer (kind, person_id, event_id, booking_id, amount, made_at)
      values ('refund', ${personId}, ${eventId}, ${complete}, 5, ${at});
      update account.account set balance = balance + 5 where person_id = ${personId};`,
    named: ({ complete }) => [`payment_undone of booking ${complete}`],
    mended: 'canceled',
    ends: { booking: 'complete', status: -1, reason: 'undone' },
  },
  {
    title: 'a complete booking whose steps were compensated in advance is canceled',
    sql: ({ complete, eventId, personId }) => `
      delete from account.transfer where booking_id = ${complete};
      update account.account set balance = balance + 5 where person_id = ${personId};
      update account.payment set state = 'undone', amount = null where booking_id = ${complete};
      update events.slot set state = 'undone', price = null where booking_id = ${complete};
      update events.event set taken_slots = taken_slots - 1 where id = ${eventId};`,
    named: ({ complete }) => [`slot_undone of booking ${complete}`, `payment_undone of booking ${complete}`],
    mended: 'canceled',
    ends: { booking: 'complete', status: -1, reason: 'undone' },
  },
  {
    title: 'a booking whose slot was granted again at a different price is canceled and refunded',
    sql: ({ complete }) => `
      update events.slot set price = 8 where booking_id = ${complete};
      update book.booking
         set status = 3, price = 8, complete_at = null, due_at = ${at}
       where id = ${complete};`,
    named: ({ complete }) => [`price_differs of booking ${complete}`],
    mended: 'canceled',
    ends: { booking: 'complete', status: -1, reason: 'undone' },
  },
  {
    title: 'a canceled booking that holds a slot releases it',
    sql: ({ canceled, eventId }) => `
      update events.slot set state = 'granted' where booking_id = ${canceled};
      update events.event set taken_slots = taken_slots + 1 where id = ${eventId};`,
    named: ({ canceled }) => [`slot_kept of booking ${canceled}`],
    mended: 'refunding',
    ends: { booking: 'canceled', status: -1, reason: 'by_owner' },
  },
  {
    title: 'a canceled booking without a refund is refunded',
    sql: ({ canceled, personId }) => `
      update account.payment set state = 'paid' where booking_id = ${canceled};
      delete from account.transfer where booking_id = ${canceled} and kind = 'refund';
      update account.account set balance = balance - 5 where person_id = ${personId};`,
    named: ({ canceled }) => [`payment_kept of booking ${canceled}`],
    mended: 'refunding',
    ends: { booking: 'canceled', status: -1, reason: 'by_owner' },
  },
  {
    title: 'a slot and a payment without a booking are compensated',
    sql: ({ complete }) => `delete from book.booking where id = ${complete};`,
    named: ({ complete }) => [
      `slot_without_booking of booking ${complete}`,
      `payment_without_booking of booking ${complete}`,
    ],
    mended: 'undone',
  },
];

/** A booking id that book has never issued. */
export const farAbove = 70_000;

/** SQL that inserts a slot for a booking id that book has not issued yet. */
export const slotFarAbove = ({ eventId, personId }: Ground) => `
  insert into events.slot (booking_id, event_id, person_id, state, price, decided_at)
  values (${farAbove}, ${eventId}, ${personId}, 'granted', 5, ${at});
  update events.event set taken_slots = taken_slots + 1 where id = ${eventId};`;

/** Planted records that no restore causes, and that only people can repair. */
export const unmendable: readonly Planted[] = [
  {
    title: 'a payment by a person other than the owner of the booking',
    sql: ({ complete }) => `update account.payment set person_id = 2 where booking_id = ${complete};`,
    named: ({ complete }) => [`records_disagree of booking ${complete}`, `payment_misposted of booking ${complete}`],
  },
  {
    title: 'a slot at a different event than the booking',
    sql: ({ complete, eventId, freeEventId }) => `
      update events.slot set event_id = ${freeEventId} where booking_id = ${complete};
      update events.event set taken_slots = taken_slots - 1 where id = ${eventId};
      update events.event set taken_slots = taken_slots + 1 where id = ${freeEventId};`,
    named: ({ complete }) => [`records_disagree of booking ${complete}`],
  },
  {
    title: 'a payment of less than the price',
    sql: ({ complete, personId }) => `
      update account.payment set amount = 4 where booking_id = ${complete};
      update account.transfer set amount = 4 where booking_id = ${complete};
      update account.account set balance = balance + 1 where person_id = ${personId};`,
    named: ({ complete }) => [`records_disagree of booking ${complete}`],
  },
  {
    title: 'a payment with two transfers',
    sql: ({ complete, eventId, personId }) => `
      insert into account.transfer (kind, person_id, event_id, booking_id, amount, made_at)
      values ('payment', ${personId}, ${eventId}, ${complete}, 5, ${at});
      update account.account set balance = balance - 5 where person_id = ${personId};`,
    named: ({ complete }) => [`payment_misposted of booking ${complete}`],
  },
  {
    title: 'a counter that is one too high',
    sql: ({ eventId }) => `update events.event set taken_slots = taken_slots + 1 where id = ${eventId};`,
    named: ({ eventId }) => [`slots_miscounted of event ${eventId}`],
  },
  {
    title: 'an event that granted more slots than it has',
    sql: ({ eventId }) => `
      alter table events.event drop constraint never_oversold;
      update events.event set total_slots = 1 where id = ${eventId};`,
    named: ({ eventId }) => [`oversold of event ${eventId}`],
  },
  {
    title: 'a balance that differs from the sum of its transfers',
    sql: ({ personId }) => `update account.account set balance = balance + 1 where person_id = ${personId};`,
    named: ({ personId }) => [`balance_differs of person ${personId}`],
  },
  {
    title: 'transfers of a person without an account',
    sql: ({ personId }) => `delete from account.account where person_id = ${personId};`,
    named: ({ personId }) => [`account_missing of person ${personId}`],
  },
];
