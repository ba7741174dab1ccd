import { ask, newKey, send } from './ask.ts';
import type {
  Attendee,
  BookingDetail,
  CheckedIn,
  EventChange,
  EventDetail,
  EventForm,
  Me,
  Role,
  Sales,
} from './shapes.ts';

/** The largest page of a list that there is. */
const limit = 1_000;

export const people = {
  /** Whoever is signed in. @throws Refused with 401 when nobody is. */
  async me(): Promise<Me> {
    const { headers } = await send('GET', '/auth');
    const read = (name: string) => decodeURIComponent(headers.get(`x-user-${name}`) ?? '');
    return {
      id: Number(read('id')),
      login: read('login'),
      role: read('role') as Role,
      email: read('email'),
      first_name: read('first-name'),
      last_name: read('last-name'),
    };
  },
  signIn: (login: string, password: string) => ask('POST', '/login', { body: { login, password } }),
  signOut: () => ask('POST', '/logout'),
  signUp: (body: { login: string; password: string; email: string; first_name: string; last_name: string }) =>
    ask<{ id: number }>('POST', '/register', { body }),
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
  async list(): Promise<BookingDetail[]> {
    const items = await ask<{ id: number }[]>('GET', `/book/get?limit=${limit}`);
    return Promise.all(items.map(({ id }) => bookings.one(id)));
  },
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

export const account = {
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
    ask<Attendee[]>(
      'GET',
      `/book/attendees/${eventId}?limit=${attendeesPage}&after=${after}&q=${encodeURIComponent(q)}`,
    ),
  csvUrl: (eventId: number) => `/book/attendees/${eventId}/csv`,
  checkIn: (code: string) => ask<CheckedIn>('POST', '/book/check-in', { body: { code } }),
};

/** How many of those who come are read at a time. */
export const attendeesPage = 100;
