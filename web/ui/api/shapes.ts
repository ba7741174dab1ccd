import type { Answer, Body } from '../../../openapi/client/client.ts';

/** Short names for the types of the API, which are generated from its OpenAPI document. */

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
export type EventForm = Body<'CreateEventBody'>;
/** Which events a list shows. */
export type When = 'upcoming' | 'past';
/** The fields to change; null clears an optional one. */
export type EventChange = Body<'ChangeEventBody'>;

export type ByHand = Body<'BookByHandBody'>;
export type BookingAnswer = Body<'BookingAnswer'>;
export type BookingDetail = Body<'BookingDetail'>;
/** The states that the pages can name and draw. A newer server may have more. */
export type State = 'occupying' | 'paying' | 'complete' | 'refunding' | 'releasing' | 'canceled';

export type OwnAccess = Answer<'get', '/events/{id}/access'>;
export type OwnEvent = Body<'OwnEvent'>;
export type EventTeam = Body<'EventTeam'>;
export type Access = NonNullable<OwnAccess['access']>;
export const accesses = ['scan', 'manage'] as const satisfies readonly Access[];

export type Attendee = Answer<'get', '/book/attendees/{event_id}'>[number];
export type CheckedIn = Answer<'post', '/book/check-in'>;
export type Sales = Answer<'get', '/book/sales/{event_id}'>;
export type SalesPoint = Sales['points'][number];

export type StatementItem = Body<'StatementItem'>;
/** How amounts are shown: 40 is shown as 0.40 EUR if the currency is EUR with 2 digits. */
export type Currency = Body<'Currency'>;

export type AuditEntry = Answer<'get', '/auth/trail'>[number];
export type Report = Body<'ReconciliationReport'>;
export type SagaFigures = Answer<'get', '/book/saga'>;
export type StuckBooking = SagaFigures['stuck'][number];
