import { ask, newKey } from './ask.ts';
import type {
  Attendee,
  BookingDetail,
  CheckedIn,
  Currency,
  EventChange,
  EventDetail,
  EventForm,
  Me,
  PersonItem,
  Report,
  Role,
  SagaFigures,
  Sales,
  Session,
  StatementItem,
  Token,
  TrailEntry,
} from './shapes.ts';

/** The largest page of a list that there is. */
const limit = 1_000;

/** What is looked for, as a part of a query; whoever looks for nothing is shown all. */
const sought = (q: string) => (q === '' ? '' : `&q=${encodeURIComponent(q)}`);

export const people = {
  /** Whoever is signed in. @throws Refused with 401 when nobody is. */
  me: () => ask<Me>('GET', '/auth/me'),
  signIn: (login: string, password: string) => ask('POST', '/login', { body: { login, password } }),
  signOut: () => ask('POST', '/logout'),
  signUp: (body: { login: string; password: string; email: string; first_name: string; last_name: string }) =>
    ask<{ id: number }>('POST', '/register', { body }),
  signOutEverywhere: () => ask('POST', '/logout?all=true'),
  sessions: () => ask<Session[]>('GET', '/auth/sessions'),
  tokens: () => ask<Token[]>('GET', '/auth/tokens'),
  makeToken: (name: string, scopes: readonly string[]) =>
    ask<Token & { token: string }>('POST', '/auth/tokens', { body: { name, scopes } }),
  revokeToken: (id: number) => ask('DELETE', `/auth/tokens/${id}`),
  changePassword: (old_password: string, new_password: string) =>
    ask('POST', '/auth/password', { body: { old_password, new_password } }),
  setPassword: (token: string, new_password: string) => ask('POST', '/auth/reset', { body: { token, new_password } }),
};

export const events = {
  list: (organizerId?: number) =>
    ask<EventDetail[]>(
      'GET',
      `/events/get?view=detail&limit=${limit}${organizerId === undefined ? '' : `&organizer_id=${organizerId}`}`,
    ),
  one: (id: number) => ask<EventDetail>('GET', `/events/get/${id}`),
  create: (form: EventForm) =>
    ask<{ id: number }>('POST', '/events/create', { body: form, headers: { 'idempotency-key': newKey() } }),
  change: (id: number, change: EventChange) => ask<EventDetail>('PATCH', `/events/${id}`, { body: change }),
  cancel: (id: number) => ask<EventDetail>('POST', '/events/cancel', { body: { event_id: id } }),
};

export const bookings = {
  list: () => ask<BookingDetail[]>('GET', `/book/get?view=detail&limit=${limit}`),
  one: (id: number) => ask<BookingDetail>('GET', `/book/get/${id}`),
  /** Does not wait until it has settled: how it gets on is followed. */
  make: (eventId: number, key = newKey()) =>
    ask<{ id: number }>('POST', '/book/create', {
      body: { event_id: eventId },
      headers: { prefer: 'respond-async', 'idempotency-key': key },
    }),
  cancel: (bookingId: number) =>
    ask<{ id: number }>('POST', '/book/cancel', {
      body: { booking_id: bookingId },
      headers: { prefer: 'respond-async' },
    }),
};

/** What only an admin may ask. */
export const operators = {
  saga: () => ask<SagaFigures>('GET', '/book/saga'),
  people: ({ q = '', after = 0 } = {}) =>
    ask<PersonItem[]>('GET', `/auth/people?limit=${peoplePage}&after=${after}${sought(q)}`),
  changeRole: (id: number, role: Role) => ask<PersonItem>('PUT', `/auth/people/${id}/role`, { body: { role } }),
  issueReset: (id: number) => ask<{ token: string; expires_at: string }>('POST', `/auth/people/${id}/reset`),
  trail: (after?: number) =>
    ask<TrailEntry[]>(
      'GET',
      `/auth/trail?order=newest&limit=${peoplePage}${after === undefined ? '' : `&after=${after}`}`,
    ),
  reconcile: () => ask<Report>('GET', '/book/reconciliation'),
  lastReconciliation: () => ask<Report>('GET', '/book/reconciliation/last'),
  move: (kind: 'credit' | 'payout', user_id: number, delta: number, reference: string) =>
    ask<StatementItem>('POST', `/account/${kind}`, {
      body: { user_id, delta, reference },
      headers: { 'idempotency-key': newKey() },
    }),
};

/** How many people, or entries of the trail, are read at a time. */
export const peoplePage = 100;

export const account = {
  history: () => ask<StatementItem[]>('GET', `/account/history?limit=${limit}`),
  currency: () => ask<Currency>('GET', '/account/currency'),
  balance: async () => (await ask<{ balance: number }>('GET', '/account/get')).balance,
  topUp: async (delta: number, key = newKey()) =>
    (
      await ask<{ balance: number }>('PUT', '/account/deposit', {
        body: { delta },
        headers: { 'idempotency-key': key },
      })
    ).balance,
};

/** What an organizer sees of an event's bookings. */
export const evening = {
  sales: (eventId: number) => ask<Sales>('GET', `/book/sales/${eventId}`),
  attendees: (eventId: number, { q = '', after = 0 } = {}) =>
    ask<Attendee[]>('GET', `/book/attendees/${eventId}?limit=${attendeesPage}&after=${after}${sought(q)}`),
  csvUrl: (eventId: number) => `/book/attendees/${eventId}/csv`,
  checkIn: (code: string) => ask<CheckedIn>('POST', '/book/check-in', { body: { code } }),
};

/** How many of those who come are read at a time. */
export const attendeesPage = 100;
