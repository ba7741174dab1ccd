import { Type } from 'typebox';
import { View } from '../events/schemas.ts';
import { ById, Id } from '../fields.ts';
import { eventStreamType, keyProblems } from '../http/headers.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import { BookingAnswer, BookingDetail, BookingItem, CancelBookingBody, CreateBookingBody } from './schemas.ts';

const complete = { id: 1, user_id: 1, event_id: 1, price: 5, status: 4 };
const refused = { id: 4, user_id: 1, event_id: 1, status: -1 };
const underWay = { id: 1, user_id: 1, event_id: 1, status: 1 };

const settling = {
  says: 'It has not settled yet. Look again where `Location` says.',
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
    'The answer comes when the booking has settled: `status` 4 is complete; -1 is canceled, for a `reason`. An unknown event is such a reason. When it takes longer, or with `Prefer: respond-async`, the answer is 202. A 503 promises that nothing was stored. Sent again with the same `Idempotency-Key`, it is answered with the booking that was made first, as it stands then.',
  access: 'session',
  scope: 'bookings:write',
  headers: ['Prefer', 'Idempotency-Key'],
  body: CreateBookingBody,
  example: { event_id: 1 },
  answers: {
    201: {
      says: 'It has settled.',
      body: BookingAnswer,
      headers: ['Location', 'Preference-Applied'],
      example: complete,
    },
    202: { ...settling, example: underWay },
  },
  problems: { 422: keyProblems[422] },
});

export const cancelBooking = defineRoute({
  method: 'POST',
  path: '/book/cancel',
  tag: 'bookings',
  operationId: 'cancelBooking',
  summary: 'Cancels a booking, and pays it back',
  description:
    'Canceling again changes nothing. Owners may until `cancel_until` of the event, and until their ticket was used; its organizer and admins may later, too.',
  access: 'session',
  only: 'its owner, the organizer of its event, or an admin',
  scope: 'bookings:write',
  headers: ['Prefer', 'Idempotency-Key'],
  body: CancelBookingBody,
  example: { booking_id: 1 },
  answers: {
    200: {
      says: 'It has settled.',
      body: BookingAnswer,
      headers: ['Location', 'Preference-Applied'],
      example: { ...complete, status: -1, reason: 'by_owner' },
    },
    202: { ...settling, example: { ...complete, status: -3, reason: 'by_owner' } },
  },
  problems: {
    422: keyProblems[422],
    404: 'You have no such booking.',
    409: 'It is too late for its owner: the event says so, or the ticket was used.',
  },
});

export const listBookings = defineRoute({
  method: 'GET',
  path: '/book/get',
  tag: 'bookings',
  operationId: 'listBookings',
  summary: "Lists one's bookings by their ids",
  access: 'session',
  only: "anyone their own; an admin another's with `user_id`",
  scope: 'bookings:read',
  description: 'With `view=detail` each is shown in full.',
  query: Type.Object(
    { ...PageQuery.properties, user_id: Type.Optional(Id), view: Type.Optional(View) },
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
  summary: 'Shows a booking, with the moments at which it reached each state',
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
  problems: { 404: 'You have no such booking.' },
});

export const watchBookings = defineRoute({
  method: 'GET',
  path: '/book/live',
  tag: 'bookings',
  operationId: 'watchBookings',
  summary: "Shows one's bookings as they move",
  description:
    'A stream of server-sent events: each `booking` is a booking in full, first the newest ten as they stand, then whenever one of them moves, on whichever replica. An `id` comes by itself, behind all that was sent: after a break send the last one as `Last-Event-ID`.',
  access: 'session',
  scope: 'bookings:read',
  headers: ['Last-Event-ID'],
  answers: { 200: { says: 'The stream.', types: { [eventStreamType]: Type.String() } } },
  problems: { 503: 'Too many watch already.' },
});
