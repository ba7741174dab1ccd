import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventTeam, OwnEvent } from '../../contracts/events/helpers.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  type Person,
  signIn,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

eachDatabase((_kind, open) => {
  const access = withAccess(open);
  describe('who runs an event', () => teams(access));
  describe('a role that was taken away', () => demotions(access));
});

type Access = ReturnType<typeof withAccess>;

/** An admin, two organizers and two people. */
function withAccess(open: Open) {
  let admin: Person;
  let people: Person[];
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      people = await createPeople(client, 4, 100);
      for (const { id } of people.slice(0, 2)) await setRole(id, 'organizer');
    },
  });
  const ask = (who: Person, method: string, path: string, body?: object) =>
    system.client.ask(method, path, { cookie: who.cookie, ...(body && { body }) });
  const setRole = (id: number, role: string) => expect(200, ask(admin, 'PUT', `/auth/people/${id}/role`, { role }));
  const person = (index: number) => people[index] as Person;
  return {
    system,
    ask,
    setRole,
    admin: () => admin,
    person,
    newEvent: (of = person(0)) => createEvent(system.client, of, { price: 5, slots: 50 }),
    booked: async (who: Person, eventId: number) => bookingIn(await book(system.client, who, eventId)).id,
    help: (who: Person, eventId: number, login: string, access: string) =>
      ask(who, 'PUT', `/events/${eventId}/helpers`, { login, access }),
    /** What a caller can do at an event with one booking, as the statuses of the requests. */
    async reach(credential: object, eventId: number, bookingId: number) {
      const requests = {
        attendees: ['GET', `/book/attendees/${eventId}`],
        csv: ['GET', `/book/attendees/${eventId}/csv`],
        sales: ['GET', `/book/sales/${eventId}`],
        helpers: ['GET', `/events/${eventId}/helpers`],
        change: ['PATCH', `/events/${eventId}`, { venue: 'a hall' }],
        checkIn: ['POST', '/book/check-in', { booking_id: bookingId }],
        undo: ['POST', '/book/check-in/undo', { booking_id: bookingId }],
        byHand: ['POST', '/book/by-hand', { event_id: eventId, guest_name: 'Guest' }],
        cancelBooking: ['POST', '/book/cancel', { booking_id: bookingId }],
        cancel: ['POST', '/events/cancel', { event_id: eventId }],
      } as const;
      const statuses: Record<string, number> = {};
      for (const [name, [method, path, body]] of Object.entries(requests))
        statuses[name] = (await system.client.ask(method, path, { ...credential, ...(body && { body }) })).status;
      return statuses;
    },
  };
}

const all = {
  attendees: 200,
  csv: 200,
  sales: 200,
  helpers: 200,
  change: 200,
  checkIn: 200,
  undo: 200,
  byHand: 201,
  cancelBooking: 200,
  cancel: 200,
};
const nothing = {
  attendees: 403,
  csv: 403,
  sales: 403,
  helpers: 403,
  change: 403,
  checkIn: 404,
  undo: 404,
  byHand: 403,
  cancelBooking: 404,
  cancel: 403,
};

function teams({ ask, person, admin, newEvent, booked, help, reach }: Access): void {
  test('the organizer can do everything, other organizers and people nothing', async () => {
    const eventId = await newEvent();
    const id = await booked(person(2), eventId);
    assert.deepEqual(await reach(person(1), eventId, id), nothing);
    assert.deepEqual(await reach(person(3), eventId, id), nothing);
    assert.deepEqual(await reach(person(0), eventId, id), all);
  });

  test('a helper who manages can do everything but take the event over', async () => {
    const eventId = await newEvent();
    const id = await booked(person(2), eventId);
    await expect(200, help(person(0), eventId, 'PERSON-1', 'manage'));
    const takeOver = await ask(person(1), 'POST', '/events/hand-over', { event_id: eventId, login: 'person-1' });
    assert.equal(takeOver.status, 403);
    assert.deepEqual(await reach(person(1), eventId, id), all);
  });

  test('a helper who scans sees the attendees, checks them in and undoes that, and no more', async () => {
    const eventId = await newEvent();
    const id = await booked(person(2), eventId);
    const team = await expect<EventTeam>(200, help(person(0), eventId, 'person-3', 'scan'));
    assert.deepEqual(team.helpers, [
      { user_id: person(3).id, login: 'person-3', first_name: 'Person', last_name: '3', access: 'scan' },
    ]);
    const scans = { ...nothing, attendees: 200, checkIn: 200, undo: 200 };
    const [seen] = (await ask(person(3), 'GET', `/book/attendees/${eventId}`)).json as { price?: number }[];
    assert.equal(seen?.price, undefined, 'what people paid is for those who manage');
    assert.deepEqual(await reach(person(3), eventId, id), scans);
    const mine = await expect<OwnEvent[]>(200, ask(person(3), 'GET', `/events/mine?after=${eventId - 1}`));
    assert.deepEqual(
      mine.map(({ id, access }) => ({ id, access })),
      [{ id: eventId, access: 'scan' }],
    );
    assert.deepEqual((await ask(person(3), 'GET', `/events/${eventId}/access`)).json, { access: 'scan' });
    await expect(200, ask(person(0), 'DELETE', `/events/${eventId}/helpers/${person(3).id}`));
    assert.deepEqual((await ask(person(3), 'GET', `/events/${eventId}/access`)).json, {});
    assert.deepEqual((await ask(person(3), 'GET', '/events/mine')).json, []);
  });

  test('only an organizer can manage, nobody is helper of their own event, and an unknown login is named', async () => {
    const eventId = await newEvent();
    const reasonOf = async (login: string, access: string) => {
      const { status, json } = await help(person(0), eventId, login, access);
      return [status, (json as { reason?: string }).reason];
    };
    assert.deepEqual(await reasonOf('person-3', 'manage'), [409, 'not_an_organizer']);
    assert.deepEqual(await reasonOf('person-0', 'scan'), [409, 'is_organizer']);
    assert.deepEqual(await reasonOf('nobody at all', 'scan'), [400, 'unknown_login']);
    // A stranger is refused before the login is looked up, and learns nothing about it.
    assert.equal((await help(person(2), eventId, 'nobody at all', 'scan')).status, 403);
    const handOver = { event_id: eventId, login: 'nobody at all' };
    assert.equal((await ask(person(2), 'POST', '/events/hand-over', handOver)).status, 403);
    assert.equal((await help(person(0), 999_999, 'person-3', 'scan')).status, 404);
  });

  test('an event is handed to another organizer, and the earlier one has no access any more', async () => {
    const eventId = await newEvent();
    const id = await booked(person(2), eventId);
    await expect(200, help(person(0), eventId, 'person-1', 'manage'));
    const handOver = (who: Person, login: string) =>
      ask(who, 'POST', '/events/hand-over', { event_id: eventId, login });
    assert.equal((await handOver(person(0), 'person-3')).status, 409);
    const team = await expect<EventTeam>(200, handOver(person(0), 'person-1'));
    assert.deepEqual([team.organizer.login, team.helpers], ['person-1', []]);
    assert.equal((await handOver(person(0), 'person-0')).status, 403);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.deepEqual(await reach(person(0), eventId, id), nothing);
    await expect(200, handOver(admin(), 'person-0'));
  });
}

function demotions({ system, ask, setRole, person, admin, newEvent, booked, reach }: Access): void {
  test('a demoted organizer keeps nothing, by session and by token, and gets it back with the role', async () => {
    const eventId = await newEvent(person(1));
    const id = await booked(person(2), eventId);
    const scopes = ['events:read', 'events:write', 'bookings:write', 'bookings:read'];
    const made = await expect<{ token: string }>(201, ask(person(1), 'POST', '/auth/tokens', { name: 'x', scopes }));
    const token = { headers: { authorization: `Bearer ${made.token}` } };
    await setRole(person(1).id, 'person');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.deepEqual(await reach(person(1), eventId, id), nothing);
    const byToken = await reach(token, eventId, id);
    const sessionOnly = { attendees: 403, csv: 403, sales: 403, checkIn: 403, undo: 403, byHand: 403 };
    assert.deepEqual(byToken, { ...nothing, ...sessionOnly });
    await setRole(person(1).id, 'organizer');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.deepEqual(await reach(person(1), eventId, id), all);
  });

  test('a demotion binds writes of money, roles and events at once, not after the second for which roles are cached', async () => {
    const eventId = await newEvent(admin());
    const [second] = await createPeople(system.client, 1, 0, 'second-admin');
    assert.ok(second);
    await setRole(second.id, 'admin');
    const writes = [
      ['POST', '/account/credit', { user_id: second.id, delta: 5, reference: 'after the demotion' }],
      ['POST', '/account/payout', { user_id: second.id, delta: 5, reference: 'after the demotion' }],
      ['PUT', `/auth/people/${second.id}/role`, { role: 'admin' }],
      ['POST', `/auth/people/${second.id}/reset`, undefined],
      ['POST', '/events/create', { event_name: 'x', price: 1, total_slots: 1 }],
      ['PATCH', `/events/${eventId}`, { price: 1 }],
      ['PUT', `/events/${eventId}/helpers`, { login: 'user', access: 'scan' }],
      ['POST', '/events/cancel', { event_id: eventId }],
      ['POST', '/book/by-hand', { event_id: eventId, guest_name: 'x' }],
      ['POST', '/book/reconciliation/mend', undefined],
    ] as const;
    for (const [method, path, body] of writes) {
      await setRole(second.id, 'admin');
      // A new session, whose role is not cached yet.
      const session = await signIn(system.client, second.login, 'password 0');
      await expect(200, ask(session, 'GET', '/auth/people?limit=1'));
      await setRole(second.id, 'person');
      assert.equal((await ask(session, method, path, body)).status, 403, path);
    }
  });
}
