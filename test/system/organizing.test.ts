import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  outcome,
  type Person,
  readBalance,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

eachDatabase((_kind, open) => {
  const organizing = withOrganizing(open);
  describe('an event is changed', () => changes(organizing));
  describe('who gets a slot', () => limits(organizing));
});

type Organizing = ReturnType<typeof withOrganizing>;

/** A Startlist with an admin, who organizes the events, and two people with money. */
function withOrganizing(open: Open) {
  let admin: Person;
  let people: Person[];
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      people = await createPeople(client, 2, 100);
    },
  });

  return {
    system,
    admin: () => admin,
    people: () => people,
    person: (index: number) => people[index] as Person,
    newEvent: (event: { price: number; slots: number }) => createEvent(system.client, admin, event),
    change: (eventId: number, body: object, { cookie } = admin) =>
      system.client.ask('PATCH', `/events/${eventId}`, { cookie, body }),
  };
}

function changes({ system, admin, people, person, newEvent, change }: Organizing): void {
  test('it shows the texts of its organizer, and removed texts are gone', async () => {
    const { client } = system;
    const body = {
      event_name: 'red run',
      price: 40,
      total_slots: 5,
      starts_at: '2130-05-01T21:00:00+02:00',
      venue: 'a field',
      description: 'two\nlines',
      max_per_person: 2,
    };
    const created = await client.ask('POST', '/events/create', { cookie: admin().cookie, body });
    const { id } = await expect<{ id: number }>(201, Promise.resolve(created));
    assert.deepEqual(created.json, { id, event_name: 'red run', price: 40, total_slots: 5 });
    const changed = await expect<EventDetail>(200, change(id, { venue: null, cancel_until: '2130-05-01T12:00:00Z' }));
    const { created_at: _, changed_at: changedAt, ...rest } = changed;
    const fields = { description: 'two\nlines', max_per_person: 2, cancel_until: '2130-05-01T12:00:00.000Z' };
    const item = { id, event_name: 'red run', price: 40, total_slots: 5, free_slots: 5, organizer_id: admin().id };
    const revised = { revision: 1, moved_at: changedAt, earlier_terms: [{ replaced_at: changedAt }] };
    assert.deepEqual(rest, { ...item, starts_at: '2130-05-01T19:00:00.000Z', ...fields, ...revised });
    assert.deepEqual((await client.ask('GET', `/events/get/${id}`)).json, changed);
    const [listed] = (await client.ask('GET', `/events/get?view=detail&after=${id - 1}&limit=1`)).json as object[];
    assert.deepEqual(listed, changed);
    const own = await client.ask('GET', `/events/get?organizer_id=${admin().id}&after=${id - 1}`);
    assert.deepEqual(own.json, [{ id, event_name: 'red run', price: 40, total_slots: 5 }]);
    assert.deepEqual((await client.ask('GET', `/events/get?organizer_id=${person(0).id}`)).json, []);
  });

  test('a new price applies to new bookings, and a refund returns what was paid', async () => {
    const { client } = system;
    const [first, second] = [person(0), person(1)];
    const eventId = await newEvent({ price: 40, slots: 5 });
    const { id } = bookingIn(await book(client, first, eventId));
    await expect(200, change(eventId, { price: 5 }));
    assert.equal(bookingIn(await book(client, second, eventId)).price, 5);
    const balance = await readBalance(client, first);
    const { cookie } = first;
    await expect(200, client.ask('POST', '/book/cancel', { cookie, body: { booking_id: id } }));
    assert.equal(await readBalance(client, first), balance + 40);
  });

  test('slots cannot drop below those taken: 409 gives that number', async () => {
    const eventId = await newEvent({ price: 0, slots: 3 });
    for (const each of people()) await expect(201, book(system.client, each, eventId));
    const refused = await change(eventId, { total_slots: 1 });
    assert.equal(refused.status, 409);
    assert.partialDeepStrictEqual(refused.json, {
      field: 'total_slots',
      detail: '2 slots are taken: total_slots cannot be lower.',
    });
    assert.partialDeepStrictEqual((await change(eventId, { total_slots: 2 })).json, { free_slots: 0 });
    assert.equal(outcome(bookingIn(await book(system.client, person(0), eventId))), '-1 no_slots');
  });

  test('nothing changes for another person, an unknown event or a canceled one', async () => {
    const eventId = await newEvent({ price: 0, slots: 3 });
    assert.equal((await change(eventId, { price: 1 }, person(0))).status, 403);
    assert.equal((await change(9_999, { price: 1 })).status, 404);
    const call = { cookie: admin().cookie, body: { event_id: eventId } };
    await expect(200, system.client.ask('POST', '/events/cancel', call));
    assert.equal((await change(eventId, { price: 1 })).status, 409);
  });
}

function limits({ system, person, newEvent, change }: Organizing): void {
  test('before sales open every booking is refused with that reason and costs nothing', async () => {
    const eventId = await newEvent({ price: 5, slots: 3 });
    const opens = new Date(Date.now() + 60_000).toISOString();
    await expect(200, change(eventId, { sale_opens_at: opens }));
    const balance = await readBalance(system.client, person(0));
    assert.equal(outcome(bookingIn(await book(system.client, person(0), eventId))), '-1 sales_not_open');
    await expect(200, change(eventId, { sale_opens_at: null }));
    assert.equal(outcome(bookingIn(await book(system.client, person(0), eventId))), '4');
    assert.equal(await readBalance(system.client, person(0)), balance - 5);
  });

  test('the limit per person holds, also when it is set later and when all requests arrive at once', async () => {
    const eventId = await newEvent({ price: 0, slots: 50 });
    await expect(201, book(system.client, person(0), eventId));
    await expect(200, change(eventId, { max_per_person: 3 }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => book(system.client, person(0), eventId)));
    const complete = answers.map(bookingIn).filter(({ status }) => status === 4);
    assert.equal(complete.length, 2);
    assert.equal(outcome(bookingIn(await book(system.client, person(1), eventId))), '4');
    const call = { cookie: person(0).cookie, body: { booking_id: complete[0]?.id } };
    await expect(200, system.client.ask('POST', '/book/cancel', call));
    assert.equal(outcome(bookingIn(await book(system.client, person(0), eventId))), '4', 'a slot was released');
    assert.equal(outcome(bookingIn(await book(system.client, person(0), eventId))), '-1 limit_per_person');
  });
}
