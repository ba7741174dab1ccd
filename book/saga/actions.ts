import type { Account, PayRequest } from '../../contracts/account/calls.ts';
import type { Events, OccupyRequest } from '../../contracts/events/calls.ts';
import type { StepRequest } from '../../contracts/step.ts';
import { Contradiction } from '../../platform/errors.ts';
import type { Action } from '../../saga/coordinator/steps.ts';
import type { Booking, StepReply } from './booking-schema.ts';
import type { Step } from './table.ts';

/** The services that take part in a booking. */
export interface Participants {
  readonly events: Events;
  readonly account: Account;
}

/** How each step of the saga's table is carried out. */
export function bookingActions({ events, account }: Participants): Record<Step, Action<Booking, StepReply>> {
  return {
    occupy: { participant: 'events', ask: (set) => events.occupy(set.map(occupyRequestOf)) },
    pay: { participant: 'account', ask: (set) => account.pay(set.map(payRequestOf)) },
    refund: { participant: 'account', ask: (set) => account.refund(set.map(requestOf)) },
    release: { participant: 'events', ask: (set) => events.release(set.map(requestOf)) },
  };
}

/** The booking's id is the idempotency key of every step. */
function requestOf({ id, eventId, personId }: Booking): StepRequest {
  return { bookingId: id, eventId, personId };
}

/**
 * A booking that already has a price was made by hand or is under repair: it was paid at that price, even if the event's
 * price has changed.
 */
function occupyRequestOf(booking: Booking): OccupyRequest {
  const { price, expectedPrice } = booking;
  if (price !== null) return { ...requestOf(booking), price };
  return expectedPrice === undefined ? requestOf(booking) : { ...requestOf(booking), expectedPrice };
}

function payRequestOf(booking: Booking): PayRequest {
  const request = { ...requestOf(booking), amount: priceOf(booking) };
  const { by, deskReference } = booking.byHand ?? {};
  if (by === undefined || deskReference === undefined) return request;
  return { ...request, desk: { reference: deskReference, by } };
}

function priceOf({ id, price }: Booking): number {
  if (price === null) throw new Contradiction(`booking ${id} has no price to pay`);
  return price;
}
