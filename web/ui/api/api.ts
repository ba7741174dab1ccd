import { must, mustPage, type Page, Refused, startlist } from './client.ts';
import { changePassword, signIn, signUp } from './credentials.ts';
import { forgetWrites } from './send.ts';
import type {
  Access,
  Attendee,
  BookingDetail,
  ByHand,
  EventChange,
  EventDetail,
  EventForm,
  Report,
  Role,
  Scope,
  When,
} from './shapes.ts';

/** The largest page size that the API allows. */
const limit = 1_000;

const sought = (q: string) => (q === '' ? {} : { q });

/** @throws every error but 404. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Refused) || error.status !== 404) throw error;
}

const ofId = (id: number) => ({ params: { path: { id } } });

export const people = {
  /** @throws Refused with 401 when no one is signed in. */
  me: () => must(startlist.GET('/auth/me')),
  signIn,
  signOut: () => must(startlist.POST('/logout')),
  signUp,
  signOutEverywhere: () => must(startlist.POST('/logout', { params: { query: { all: 'true' } } })),
  sessions: () => must(startlist.GET('/auth/sessions')),
  tokens: () => must(startlist.GET('/auth/tokens')),
  makeToken: (name: string, scopes: Scope[]) => must(startlist.POST('/auth/tokens', { body: { name, scopes } })),
  /** Revokes a token. One that is gone was revoked by an earlier try, or on another page. */
  revokeToken: (id: number) => must(startlist.DELETE('/auth/tokens/{id}', ofId(id))).catch(unlessGone),
  changePassword,
  setPassword: (token: string, new_password: string) =>
    must(startlist.POST('/auth/reset', { body: { token, new_password } })),
};

/** The maximum number of ids in one query. */
const mostIds = 100;

type EventsQuery = { when: When; after: number } | { ids: string };

// The response type is a union; `view: 'detail'` selects EventDetail.
const readEvents = (query: EventsQuery) =>
  mustPage(startlist.GET('/events/get', { params: { query: { view: 'detail', limit, ...query } } })) as Promise<
    Page<EventDetail>
  >;

export const events = {
  /** A page of the events to come or of those that have started. */
  page: (when: When, after: number) => readEvents({ when, after }),
  /** Reads events by their ids. Unknown ids are left out. */
  named: async (ids: readonly number[]): Promise<Map<number, EventDetail>> => {
    const wanted = [...new Set(ids)];
    const parts = Array.from({ length: Math.ceil(wanted.length / mostIds) }, (_, part) =>
      readEvents({ ids: wanted.slice(part * mostIds, (part + 1) * mostIds).join() }),
    );
    const pages = await Promise.all(parts);
    return new Map(pages.flatMap(({ items }) => items.map((event) => [event.id, event])));
  },
  one: (id: number) => must(startlist.GET('/events/get/{id}', ofId(id))),
  create: (body: EventForm) => must(startlist.POST('/events/create', { body })),
  change: (id: number, body: EventChange) => must(startlist.PATCH('/events/{id}', { ...ofId(id), body })),
  cancel: (id: number) => must(startlist.POST('/events/cancel', { body: { event_id: id } })),
};

export const bookings = {
  page: (after: number) =>
    mustPage(startlist.GET('/book/get', { params: { query: { view: 'detail', limit, after } } })) as Promise<
      Page<BookingDetail>
    >,
  one: (id: number) => must(startlist.GET('/book/get/{id}', ofId(id))),
  /** The person's bookings of an event. */
  ofEvent: async (eventId: number) => {
    const query = { view: 'detail', limit, event_id: eventId } as const;
    return (await must(startlist.GET('/book/get', { params: { query } }))) as BookingDetail[];
  },
  /** Creates a booking at the price that the person saw. The response arrives as soon as it is stored; its progress follows on the live stream. */
  make: (eventId: number, price: number) =>
    must(
      startlist.POST('/book/create', {
        body: { event_id: eventId, price },
        params: { header: { Prefer: 'respond-async' } },
      }),
    ),
  /** The outcome of a booking was seen in the list of bookings: the next one is another booking. */
  seen: () => forgetWrites('/book/create'),
  cancel: (bookingId: number) =>
    must(
      startlist.POST('/book/cancel', {
        body: { booking_id: bookingId },
        params: { header: { Prefer: 'respond-async' } },
      }),
    ),
};

/** Calls that require the admin role. */
export const operators = {
  saga: () => must(startlist.GET('/book/saga')),
  people: ({ q = '', after = 0 } = {}) =>
    mustPage(startlist.GET('/auth/people', { params: { query: { limit: pageSize, after, ...sought(q) } } })),
  changeRole: (id: number, role: Role) =>
    must(startlist.PUT('/auth/people/{id}/role', { ...ofId(id), body: { role } })),
  issueReset: (id: number) => must(startlist.POST('/auth/people/{id}/reset', ofId(id))),
  auditLog: (after?: number) => {
    const query = { order: 'newest', limit: pageSize, ...(after !== undefined && { after }) } as const;
    return mustPage(startlist.GET('/auth/trail', { params: { query } }));
  },
  // The response is JSON, not JSON lines, because of the Accept header that the client sends.
  reconcile: async () => (await must(startlist.GET('/book/reconciliation'))) as Report,
  lastReconciliation: () => must(startlist.GET('/book/reconciliation/last')),
  move: (kind: 'credit' | 'payout', user_id: number, delta: number, reference: string) =>
    must(startlist.POST(`/account/${kind}`, { body: { user_id, delta, reference } })),
};

/** The page size of people and of the audit log. */
const pageSize = 100;

export const account = {
  history: (after: number) => mustPage(startlist.GET('/account/history', { params: { query: { limit, after } } })),
  currency: () => must(startlist.GET('/account/currency')),
  balance: async () => (await must(startlist.GET('/account/get'))).balance,
  topUp: async (delta: number) => (await must(startlist.PUT('/account/deposit', { body: { delta } }))).balance,
};

const ofEvent = (event_id: number) => ({ path: { event_id } });

/** Calls for the sales, the attendees and the check-in of an event. */
export const organizing = {
  access: (eventId: number) => must(startlist.GET('/events/{id}/access', ofId(eventId))),
  /** A page of the events that one organizes or helps with. */
  mine: (after: number) => mustPage(startlist.GET('/events/mine', { params: { query: { limit, after } } })),
  team: (eventId: number) => must(startlist.GET('/events/{id}/helpers', ofId(eventId))),
  setHelper: (eventId: number, login: string, access: Access) =>
    must(startlist.PUT('/events/{id}/helpers', { ...ofId(eventId), body: { login, access } })),
  removeHelper: (id: number, user_id: number) =>
    must(startlist.DELETE('/events/{id}/helpers/{user_id}', { params: { path: { id, user_id } } })),
  handOver: (event_id: number, login: string) =>
    must(startlist.POST('/events/hand-over', { body: { event_id, login } })),
  bookByHand: (event_id: number, body: Omit<ByHand, 'event_id'>) =>
    must(startlist.POST('/book/by-hand', { body: { event_id, ...body } })),
  undoCheckIn: (booking_id: number, checked_in_at: string) =>
    must(startlist.POST('/book/check-in/undo', { body: { booking_id, checked_in_at } })),
  sales: (eventId: number) => must(startlist.GET('/book/sales/{event_id}', { params: ofEvent(eventId) })),
  /** Reads attendees. One request searches only a part of the list, so this repeats until there is a match. */
  attendees: async (eventId: number, { q = '', after = 0 } = {}): Promise<Page<Attendee>> => {
    for (let from = after; ; ) {
      const query = { limit: attendeesPage, after: from, ...sought(q) };
      const page = await mustPage(
        startlist.GET('/book/attendees/{event_id}', { params: { ...ofEvent(eventId), query } }),
      );
      if (page.items.length > 0 || page.next === undefined) return page;
      from = page.next;
    }
  },
  csvUrl: (eventId: number, separator: string) =>
    `/book/attendees/${eventId}/csv?separator=${encodeURIComponent(separator)}`,
  /** Checks a person in by ticket code, or by booking when the person has no ticket to show. */
  checkIn: (eventId: number, guest: { code: string } | { booking_id: number }) =>
    must(
      startlist.POST('/book/check-in', {
        body: { ...guest, event_id: eventId },
        signal: AbortSignal.timeout(checkInTimeoutMs),
      }),
    ),
};

const attendeesPage = 100;
/** The time limit of a check-in, in milliseconds. A connection without an answer would hold up the queue at the door. */
const checkInTimeoutMs = 10_000;
