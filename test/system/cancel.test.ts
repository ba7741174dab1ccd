import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import type { Database } from '../../platform/database/database.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { brokenRules } from '../support/money.ts';
import {
  type Answer,
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  outcome,
  type Person,
  readBalance,
  signIn,
  signInAdmin,
  tally,
  withSystem,
} from '../support/system.ts';
import { until } from '../support/until.ts';

eachDatabase((_kind, open) => {
  const cancellations = withCancellations(open);
  describe('a booking is canceled by its owner', () => bookings(cancellations));
  describe('an event is canceled', () => events(cancellations));
});

type Cancellations = ReturnType<typeof withCancellations>;

/** An admin and twenty people with money. */
function withCancellations(open: Open) {
  let admin: Person;
  let people: Person[];
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      people = await createPeople(client, 20, 1_000);
    },
  });

  return {
    system,
    admin: () => admin,
    people: () => people,
    someone: (index = 0) => people[index] as Person,
    newEvent: (event: { price: number; slots: number }) => createEvent(system.client, admin, event),
    eventOf: (id: number) => expect<EventDetail>(200, system.client.ask('GET', `/events/get/${id}`)),
    cancel: ({ cookie }: Person, id: number): Promise<Answer> =>
      system.client.ask('POST', '/book/cancel', { cookie, body: { booking_id: id } }),
    cancelEvent: ({ cookie }: Person, id: number): Promise<Answer> =>
      system.client.ask('POST', '/events/cancel', { cookie, body: { event_id: id } }),
  };
}

/**
 * Waits until no booking is open. Free slots do not show this, because slots are released before bookings are marked.
 */
async function settled(database: Database): Promise<void> {
  const open = () => database.query('select id from book.booking where due_at is not null limit 1');
  await until('no booking is open', async () => (await open()).length === 0);
}

function bookings({ system, admin, people, someone, newEvent, eventOf, cancel }: Cancellations): void {
  test('money and slot are returned, and canceling again answers the same canceled booking', async () => {
    const owner = someone();
    const eventId = await newEvent({ price: 40, slots: 1 });
    const before = await readBalance(system.client, owner);
    const { id } = bookingIn(await book(system.client, owner, eventId));
    assert.equal(await readBalance(system.client, owner), before - 40);
    for (const _ of [1, 2]) {
      const answer = await cancel(owner, id);
      assert.equal(answer.status, 200);
      const booking = { id, user_id: owner.id, event_id: eventId, price: 40, status: -1, reason: 'by_owner' };
      assert.deepEqual(answer.json, booking);
    }
    assert.equal(await readBalance(system.client, owner), before);
    assert.equal((await eventOf(eventId)).free_slots, 1);
    assert.equal(
      outcome(bookingIn(await book(system.client, someone(1), eventId))),
      '4',
      'the slot can be booked again',
    );
  });

  test('twenty cancellations at once return money and slot once', async () => {
    const owner = someone(2);
    const eventId = await newEvent({ price: 40, slots: 3 });
    const { id } = bookingIn(await book(system.client, owner, eventId));
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(owner, id)));
    assert.deepEqual(tally(answers.map(bookingIn), outcome), { '-1 by_owner': 20 });
    assert.equal((await eventOf(eventId)).free_slots, 3);
    assert.deepEqual(await brokenRules(system.database), {});
  });

  test('a booking that is still active ends canceled and keeps nothing', async () => {
    const eventId = await newEvent({ price: 3, slots: 50 });
    const headers = { prefer: 'respond-async' };
    await Promise.all(
      people().flatMap((person) =>
        Array.from({ length: 10 }, async () => {
          const { id } = bookingIn(await book(system.client, person, eventId, headers));
          const answer = await cancel(person, id);
          assert.equal(answer.status, 200);
          assert.match(outcome(bookingIn(answer)), /^-1 (by_owner|no_slots)$/);
        }),
      ),
    );
    assert.equal((await eventOf(eventId)).free_slots, 50);
    assert.deepEqual(await brokenRules(system.database), {});
  });

  test('a refused booking keeps its reason', async () => {
    const { id } = bookingIn(await book(system.client, someone(), 999_999));
    assert.equal(outcome(bookingIn(await cancel(someone(), id))), '-1 no_such_event');
  });

  test('another person’s booking is not found and unchanged; an admin may cancel it', async () => {
    const eventId = await newEvent({ price: 1, slots: 1 });
    const { id } = bookingIn(await book(system.client, someone(3), eventId));
    assert.equal((await cancel(someone(4), id)).status, 404);
    assert.equal((await cancel(someone(4), 999_999)).status, 404);
    assert.equal((await eventOf(eventId)).free_slots, 0);
    assert.equal(outcome(bookingIn(await cancel(admin(), id))), '-1 by_organizer');
  });
}

function events({ system, admin, people, someone, newEvent, eventOf, cancelEvent }: Cancellations): void {
  test('no more slots are sold, and every booking ends canceled and refunded, active ones included', async () => {
    const eventId = await newEvent({ price: 2, slots: 200 });
    const before = await Promise.all(people().map((person) => readBalance(system.client, person)));
    await Promise.all(people().flatMap((person) => [1, 2, 3, 4, 5].map(() => book(system.client, person, eventId))));
    const late = people().flatMap((person) => [1, 2].map(() => book(system.client, person, eventId)));
    const canceled = await expect<EventDetail>(200, cancelEvent(admin(), eventId));
    assert.ok(canceled.cancellation);
    for (const answer of await Promise.all(late)) assert.match(outcome(bookingIn(answer)), /^(4|-1 event_canceled)$/);
    assert.equal(outcome(bookingIn(await book(system.client, someone(), eventId))), '-1 event_canceled');
    const { of } = canceled.cancellation;
    assert.ok(of >= 100);
    let progress = canceled.cancellation;
    await until('all slots are released', async () => {
      progress = (await eventOf(eventId)).cancellation ?? progress;
      assert.equal(progress.of, of);
      return progress.slots_given_back >= of;
    });
    assert.equal(progress.slots_given_back, of);
    await settled(system.database);
    const balances = await Promise.all(people().map((person) => readBalance(system.client, person)));
    assert.deepEqual(balances, before);
    const lists = await Promise.all(people().map(({ cookie }) => system.client.ask('GET', '/book/get', { cookie })));
    const bookings = lists.flatMap(({ json }) => json as { event_id: number; status: number }[]);
    const ofEvent = bookings.filter(({ event_id }) => event_id === eventId);
    assert.deepEqual(
      tally(ofEvent, ({ status }) => status),
      { '-1': ofEvent.length },
    );
    assert.deepEqual(await brokenRules(system.database), {});
  });

  test('canceling it twice has the effect of once', async () => {
    const eventId = await newEvent({ price: 2, slots: 1 });
    const first = await expect<EventDetail>(200, cancelEvent(admin(), eventId));
    assert.deepEqual(await expect<EventDetail>(200, cancelEvent(admin(), eventId)), first);
    assert.deepEqual(first.cancellation?.of, 0);
  });

  test('another person gets 403, an unknown event 404, a request without a session 401', async () => {
    const eventId = await newEvent({ price: 2, slots: 1 });
    assert.equal((await cancelEvent(someone(), eventId)).status, 403);
    assert.equal((await cancelEvent(await signIn(system.client, 'user', 'userpassword'), eventId)).status, 403);
    assert.equal((await cancelEvent(admin(), 999_999)).status, 404);
    assert.equal((await system.client.ask('POST', '/events/cancel', { body: { event_id: eventId } })).status, 401);
    assert.equal((await eventOf(eventId)).cancellation, undefined);
  });
}
