import type { Answer, Body } from '../../../openapi/client/client.ts';

/** Short names for what the pages read of Startlist's answers; the shapes are those of the document. */

export type Me = Answer<'get', '/auth/me'>;
export type PersonItem = Answer<'get', '/auth/people'>[number];
export type Role = Me['role'];
export const roles = ['person', 'organizer', 'admin'] as const satisfies readonly Role[];

export type Token = Answer<'get', '/auth/tokens'>[number];
export type Scope = Token['scopes'][number];
export const scopes = [
  'events:read',
  'events:write',
  'bookings:read',
  'bookings:write',
  'account:read',
] as const satisfies readonly Scope[];

export type EventDetail = Body<'EventDetail'>;
/** What an organizer says of an event that is to be. */
export type EventForm = Body<'CreateEventBody'>;
/** What is to be different: null takes away what may be left out. */
export type EventChange = Body<'ChangeEventBody'>;

export type BookingDetail = Body<'BookingDetail'>;
/** The states that the pages have words and places for. */
export type State = 'occupying' | 'paying' | 'complete' | 'refunding' | 'releasing' | 'canceled';

/** Somebody who comes to an event. */
export type Attendee = Answer<'get', '/book/attendees/{event_id}'>[number];
export type CheckedIn = Answer<'post', '/book/check-in'>;
/** How an event sells. */
export type Sales = Answer<'get', '/book/sales/{event_id}'>;
export type SalesPoint = Sales['points'][number];

export type StatementItem = Body<'StatementItem'>;
/** What amounts mean to the eye: 40 with 2 digits of EUR is 0.40 EUR. */
export type Currency = Body<'Currency'>;

export type AuditEntry = Answer<'get', '/auth/trail'>[number];
export type Report = Body<'ReconciliationReport'>;
/** The saga at work, as its operators see it. */
export type SagaFigures = Answer<'get', '/book/saga'>;
export type StuckBooking = SagaFigures['stuck'][number];
