import { Type } from 'typebox';
import { View } from '../events/schemas.ts';
import { ById, Id } from '../fields.ts';
import { eventStreamType, keyProblems } from '../http/headers.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import {
  BookByHandBody,
  BookingAnswer,
  BookingDetail,
  BookingItem,
  CancelBookingBody,
  CreateBookingBody,
} from './schemas.ts';

const complete = { id: 1, user_id: 1, event_id: 1, price: 5, status: 4 };
const refused = { id: 4, user_id: 1, event_id: 1, status: -1 };
const underWay = { id: 1, user_id: 1, event_id: 1, status: 1 };

const settling = {
  says: 'The booking has not settled yet. Poll the URL in `Location`.',
  body: BookingAnswer,
  headers: ['Location', 'Preference-Applied'],
} as const;

export const createBooking = defineRoute({
  method: 'POST',
  path: '/book/create',
  tag: 'bookings',
  operationId: 'createBooking',
  summary: 'Books a slot',
  description:
    'Responds when the booking has settled: `status` 4 is complete, -1 is canceled, with a `reason`. With `price`, a booking at any other price is canceled with the reason `price_changed`. A booking of an unknown event is canceled with the reason `no_such_event`. If settling takes too long, or with `Prefer: respond-async`, the response is 202. A 503 guarantees that nothing was stored. A repeated request with the same `Idempotency-Key` returns the current state of the booking created first.',
  access: 'session',
  scope: 'bookings:write',
  headers: ['Prefer', 'Idempotency-Key'],
  body: CreateBookingBody,
  example: { event_id: 1 },
  answers: {
    201: {
      says: 'The booking has settled.',
      body: BookingAnswer,
      headers: ['Location', 'Preference-Applied'],
      example: complete,
    },
    202: { ...settling, example: underWay },
  },
  problems: { 422: keyProblems[422] },
});

export const bookByHand = defineRoute({
  method: 'POST',
  path: '/book/by-hand',
  tag: 'bookings',
  operationId: 'bookByHand',
  summary: 'Books a slot for a person or a guest',
  description:
    'For a person with a `login`, or for a guest with a `guest_name`, whose booking belongs to the organizer. Without `paid` the booking is free. Booked outside the times and limits of the sale, but never beyond the slots. What was paid at the desk leaves all balances as they are, and the desk returns it when the booking is canceled. Responses are those of `POST /book/create`; the reason `reference_used` says that another payment has this reference, and `amount_too_large` that the total that a person may ever pay in would be exceeded.',
  access: 'session',
  only: 'the organizer, a helper who manages the event, or an admin',
  headers: ['Prefer', 'Idempotency-Key'],
  body: BookByHandBody,
  example: { event_id: 1, guest_name: 'Ada Runner', paid: { amount: 5, reference: 'receipt 2026-118' } },
  answers: {
    201: {
      says: 'The booking has settled.',
      body: BookingAnswer,
      headers: ['Location', 'Preference-Applied'],
      example: complete,
    },
    202: { ...settling, example: underWay },
  },
  problems: { 422: keyProblems[422], 404: 'The event does not exist.' },
});

export const cancelBooking = defineRoute({
  method: 'POST',
  path: '/book/cancel',
  tag: 'bookings',
  operationId: 'cancelBooking',
  summary: 'Cancels a booking, and refunds it',
  description:
    'Canceling again changes nothing. The owner may cancel until the event’s `cancel_until`, or else its start, and until check-in; for seven days after a change of date or place; and never for a shorter time than promised when the booking was made. The organizer and admins may cancel at any time.',
  access: 'session',
  only: 'its owner, the organizer, a helper who manages the event, or an admin',
  scope: 'bookings:write',
  headers: ['Prefer', 'Idempotency-Key'],
  body: CancelBookingBody,
  example: { booking_id: 1 },
  answers: {
    200: {
      says: 'The booking has settled.',
      body: BookingAnswer,
      headers: ['Location', 'Preference-Applied'],
      example: { ...complete, status: -1, reason: 'by_owner' },
    },
    202: { ...settling, example: { ...complete, status: -3, reason: 'by_owner' } },
  },
  problems: {
    422: keyProblems[422],
    404: 'You have no booking with this id.',
    409: 'The deadline of the event has passed, or the ticket was used. The organizer can still cancel.',
  },
});

export const listBookings = defineRoute({
  method: 'GET',
  path: '/book/get',
  tag: 'bookings',
  operationId: 'listBookings',
  summary: "Lists a person's bookings in the order of ids",
  access: 'session',
  only: 'the owner of the bookings, or an admin with `user_id`',
  scope: 'bookings:read',
  description: '`view=detail` returns each booking in full. `event_id` selects the bookings of one event.',
  query: Type.Object(
    { ...PageQuery.properties, user_id: Type.Optional(Id), event_id: Type.Optional(Id), view: Type.Optional(View) },
    { additionalProperties: false },
  ),
  answers: {
    200: {
      says: 'A page of bookings.',
      body: Type.Array(Type.Union([BookingDetail, BookingItem])),
      headers: ['Link'],
      example: [complete, refused],
    },
  },
});

export const getBooking = defineRoute({
  method: 'GET',
  path: '/book/get/:id',
  tag: 'bookings',
  operationId: 'getBooking',
  summary: 'Shows a booking, with the time at which it reached each state',
  access: 'session',
  only: 'its owner or an admin',
  scope: 'bookings:read',
  params: ById,
  answers: {
    200: {
      says: 'The booking.',
      body: BookingDetail,
      example: {
        ...complete,
        state: 'complete',
        history: [
          { state: 'occupying', at: '2026-03-01T09:00:00.000Z' },
          { state: 'paying', at: '2026-03-01T09:00:00.004Z' },
          { state: 'complete', at: '2026-03-01T09:00:00.007Z' },
        ],
        ticket_code: '7KQ2-M0XD-9R4T',
      },
    },
  },
  problems: { 404: 'You have no booking with this id.' },
});

export const watchBookings = defineRoute({
  method: 'GET',
  path: '/book/live',
  tag: 'bookings',
  operationId: 'watchBookings',
  summary: 'Streams your bookings as they change',
  description:
    'A stream of server-sent events. Each `booking` event is a booking in full: first your newest ten, then each one that changes, on any replica. An `id` is sent in a frame without data, after the bookings that it covers. To resume after a break, send the last one as `Last-Event-ID`.',
  access: 'session',
  scope: 'bookings:read',
  headers: ['Last-Event-ID'],
  answers: { 200: { says: 'The stream.', types: { [eventStreamType]: Type.String() } } },
  problems: { 503: 'Too many open streams.' },
});
