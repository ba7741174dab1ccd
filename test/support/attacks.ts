import assert from 'node:assert/strict';
import { book, bookingIn, type Client, createEvent, createPeople, type Person, signInAdmin } from './system.ts';

interface Attack {
  readonly method: string;
  readonly path: string;
  readonly call: Parameters<Client['ask']>[2];
  /** The status of the expected error. */
  readonly status: number;
}

/** Tries forbidden requests through `client`, and checks that none has an effect. */
export async function tryAttacks(client: Client): Promise<void> {
  const admin = await signInAdmin(client);
  const eventId = await createEvent(client, admin, { price: 1, slots: 10 });
  const [victim, attacker] = (await createPeople(client, 2, 10, 'attacked')) as [Person, Person];
  const { cookie } = attacker;
  const booking = bookingIn(await book(client, victim, eventId));
  const creates = (body: unknown, headers = {}) => ({
    method: 'POST',
    path: '/book/create',
    call: { cookie, body, headers },
  });
  const elsewhere = { origin: 'https://elsewhere.example' };
  const attacks: Record<string, Attack> = {
    'a header that claims a person': {
      method: 'GET',
      path: '/account/get',
      call: { headers: { 'x-user-id': String(victim.id), 'x-user-role': 'admin' } },
      status: 401,
    },
    'another’s booking': { method: 'GET', path: `/book/get/${booking.id}`, call: { cookie }, status: 404 },
    'another’s booking, canceled': {
      method: 'POST',
      path: '/book/cancel',
      call: { cookie, body: { booking_id: booking.id } },
      status: 404,
    },
    'another’s event': {
      method: 'PATCH',
      path: `/events/${eventId}`,
      call: { cookie, body: { price: 0 } },
      status: 403,
    },
    'a page of another site': { ...creates({ event_id: eventId }, elsewhere), status: 403 },
    'a page of another site, without a session': {
      method: 'POST',
      path: '/login',
      call: { body: { login: 'user', password: 'userpassword' }, headers: elsewhere },
      status: 403,
    },
    'a prototype': { ...creates(`{"event_id":${eventId},"__proto__":{"user_id":1}}`), status: 400 },
    'an unknown field': { ...creates({ event_id: eventId, user_id: admin.id }), status: 400 },
    'an internal route': { method: 'POST', path: '/internal/occupy', call: { cookie, body: [] }, status: 404 },
  };
  for (const [what, { method, path, call, status }] of Object.entries(attacks)) {
    assert.equal((await client.ask(method, path, call)).status, status, what);
  }
  assert.deepEqual((await client.ask('GET', '/book/get', { cookie })).json, [], 'nothing was booked');
  const { status } = bookingIn(await client.ask('GET', `/book/get/${booking.id}`, { cookie: victim.cookie }));
  assert.equal(status, booking.status, 'and nothing was canceled');
}
