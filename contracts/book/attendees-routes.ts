import { Type } from 'typebox';
import { Id } from '../fields.ts';
import { keyProblems } from '../http/headers.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import {
  AttendeeItem,
  CheckedIn,
  CheckInBody,
  CheckInUndone,
  csvSeparators,
  Sales,
  UndoCheckInBody,
} from './attendees.ts';

const OfEvent = Type.Object({ event_id: Id });

const ada = { login: 'runner', first_name: 'Ada', last_name: 'Runner' };
const ofEvent = {
  tag: 'bookings',
  access: 'session',
  only: 'the organizer, a helper who manages the event, or an admin',
  params: OfEvent,
  problems: { 404: 'The event does not exist.' },
} as const;

export const checkIn = defineRoute({
  method: 'POST',
  path: '/book/check-in',
  tag: 'bookings',
  operationId: 'checkIn',
  summary: 'Checks in an attendee',
  description:
    'Send either `code`, the code of a ticket, or `booking_id`, for an attendee without a ticket at hand. With `event_id`, a ticket for another event is rejected and stays valid. A second check-in changes nothing: the response has the time of the first check-in, and `is_first` is false. After check-in the owner can no longer cancel the booking.',
  access: 'session',
  only: 'the organizer, a helper of the event, or an admin',
  headers: ['Idempotency-Key'],
  body: CheckInBody,
  example: { code: '7KQ2-M0XD-9R4T', event_id: 1 },
  answers: {
    200: {
      says: 'The attendee is checked in, by this or an earlier request.',
      body: CheckedIn,
      example: {
        booking_id: 1,
        event_id: 1,
        user_id: 3,
        person: ada,
        checked_in_at: '2026-05-01T18:40:00.000Z',
        is_first: true,
      },
    },
  },
  problems: {
    ...keyProblems,
    404: 'The ticket or booking does not exist, or you do not manage its event.',
    409: `The booking is not complete or was canceled. If \`reason\` is \`other_event\`, the ticket is for another event, which \`values\` names. ${keyProblems[409]}`,
  },
});

export const undoCheckIn = defineRoute({
  method: 'POST',
  path: '/book/check-in/undo',
  tag: 'bookings',
  operationId: 'undoCheckIn',
  summary: 'Undoes a check-in',
  description:
    'The ticket can be checked in again, and the owner can cancel again. Recorded in the audit log. Undoing again changes nothing.',
  access: 'session',
  only: 'the organizer, a helper of the event, or an admin',
  headers: ['Idempotency-Key'],
  body: UndoCheckInBody,
  example: { booking_id: 1 },
  answers: {
    200: {
      says: 'The attendee is not checked in.',
      body: CheckInUndone,
      example: { booking_id: 1, event_id: 1, was_checked_in: true },
    },
  },
  problems: {
    ...keyProblems,
    404: 'The booking does not exist, or you have no access to its event.',
    409: `The booking is not complete or was canceled. ${keyProblems[409]}`,
  },
});

export const listAttendees = defineRoute({
  ...ofEvent,
  only: 'the organizer, a helper of the event, or an admin',
  method: 'GET',
  path: '/book/attendees/:event_id',
  operationId: 'listAttendees',
  summary: 'Lists the attendees of an event',
  description:
    'Attendees are listed in the order of booking ids; `after` is a booking id. `q` is a ticket code, a booking id, or words that the name and login contain; case, accents and the order of the words do not matter. One request searches up to 10,000 attendees, so a page of a search may be short or empty and still have a `Link` to the next one.',
  query: Type.Object(
    {
      ...PageQuery.properties,
      q: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 100,
          description: 'part of a name or login, a ticket code, or a booking id',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  answers: {
    200: {
      says: 'A page of attendees.',
      body: Type.Array(AttendeeItem),
      headers: ['Link'],
      example: [{ booking_id: 1, user_id: 3, ...ada, price: 5, complete_at: '2026-03-01T09:00:00.007Z' }],
    },
  },
});

export const exportAttendees = defineRoute({
  ...ofEvent,
  method: 'GET',
  path: '/book/attendees/:event_id/csv',
  operationId: 'exportAttendees',
  summary: 'Exports the attendees of an event as CSV',
  description:
    'CSV (RFC 4180) in UTF-8 with a byte order mark. Amounts have their decimal digits, times are those of the clocks in the time zone of the event (or UTC). With `separator=;` the decimal sign is a comma, as in the spreadsheets that expect semicolons. Whatever a spreadsheet would read as a formula has an apostrophe in front.',
  query: Type.Object(
    {
      separator: Type.Optional(
        Type.Enum([...csvSeparators], { description: 'a comma (the default), a semicolon (%3B) or a tab (%09)' }),
      ),
    },
    { additionalProperties: false },
  ),
  answers: { 200: { says: 'The file.', types: { 'text/csv': Type.String() }, headers: ['Content-Disposition'] } },
});

export const showSales = defineRoute({
  ...ofEvent,
  method: 'GET',
  path: '/book/sales/:event_id',
  operationId: 'showSales',
  summary: 'Shows the sales of an event',
  description:
    'A curve of at most 300 points, and totals. The figures are up to a second old. Sums of money are exact also above 2^53 - 1: read them as big integers where they may grow so large.',
  answers: {
    200: {
      says: 'The sales.',
      body: Sales,
      example: {
        points: [{ at: '2026-03-01T09:00:00.007Z', taken: 3 }],
        rate_per_second: 0.3,
        taken: 3,
        total_slots: 3,
        money_taken: 15,
        refunded: 0,
      },
    },
  },
});
