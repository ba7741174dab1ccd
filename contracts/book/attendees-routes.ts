import { Type } from 'typebox';
import { Id } from '../fields.ts';
import { keyProblems } from '../http/headers.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import { AttendeeItem, CheckedIn, CheckInBody, Sales } from './attendees.ts';

const OfEvent = Type.Object({ event_id: Id });

const ada = { login: 'runner', first_name: 'Ada', last_name: 'Runner' };
const ofEvent = {
  tag: 'bookings',
  access: 'session',
  only: 'the organizer of the event or an admin',
  params: OfEvent,
  problems: { 404: 'There is no such event.' },
} as const;

export const checkIn = defineRoute({
  method: 'POST',
  path: '/book/check-in',
  tag: 'bookings',
  operationId: 'checkIn',
  summary: 'Lets in whoever shows a ticket, or is found in the list',
  description:
    '`code` is that of a ticket; `booking_id` instead of it lets in one who has none at hand. With `event_id` nobody is let in who comes to another event, and nothing is used up. A ticket that was shown before is answered with the moment at which it first was, and changes nothing: `is_first` is false. From then on its owner no longer cancels.',
  access: 'session',
  only: 'the organizer of its event or an admin',
  headers: ['Idempotency-Key'],
  body: CheckInBody,
  example: { code: '7KQ2-M0XD-9R4T', event_id: 1 },
  answers: {
    200: {
      says: 'The ticket is good.',
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
    404: 'There is no such ticket or booking, or it is for an event of somebody else.',
    409: `The booking was canceled, or is for another event: \`reason\` is \`other_event\` then, and \`values\` say which. ${keyProblems[409]}`,
  },
});

export const listAttendees = defineRoute({
  ...ofEvent,
  method: 'GET',
  path: '/book/attendees/:event_id',
  operationId: 'listAttendees',
  summary: 'Lists those who come to an event, by their bookings',
  description:
    '`q` looks for a part of a name or a login, for a ticket, or for a booking, among 10,000 at a time: a page of a search may be short, or empty, and not the last. Its `Link` leads on. `after` is the id of a booking.',
  query: Type.Object(
    {
      ...PageQuery.properties,
      q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'what is looked for' })),
    },
    { additionalProperties: false },
  ),
  answers: {
    200: {
      says: 'A page of those who come.',
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
  summary: 'All who come to an event, as a file for spreadsheets',
  description:
    'CSV (RFC 4180) in UTF-8 with a byte order mark. A cell that a spreadsheet would take for a formula has an apostrophe in front.',
  answers: { 200: { says: 'The file.', types: { 'text/csv': Type.String() }, headers: ['Content-Disposition'] } },
});

export const showSales = defineRoute({
  ...ofEvent,
  method: 'GET',
  path: '/book/sales/:event_id',
  operationId: 'showSales',
  summary: 'Shows how an event sold',
  description: 'A curve of at most 300 points, and sums. They are up to a second old.',
  answers: {
    200: {
      says: 'How it sold.',
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
