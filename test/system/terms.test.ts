import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import {
  book,
  bookingIn,
  createPeople,
  expect,
  outcome,
  type Person,
  readBalance,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
/** Longer than book caches an event. */
const untilBookLooksAgain = () => new Promise((resolve) => setTimeout(resolve, 1_100));

eachDatabase((_kind, open) => {
  const terms = withTerms(open);
  describe('the price that a buyer saw', () => prices(terms));
  describe('when an event is sold', () => sales(terms));
  describe('until when an owner may cancel', () => cancellations(terms));
});

type Terms = ReturnType<typeof withTerms>;

function withTerms(open: Open) {
  let admin: Person;
  let person: Person;
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      [person] = (await createPeople(client, 1, 10_000)) as [Person];
    },
  });
  const ask = (who: Person, method: string, path: string, body?: object) =>
    system.client.ask(method, path, { cookie: who.cookie, ...(body && { body }) });
  return {
    admin: () => admin,
    person: () => person,
    balance: () => readBalance(system.client, person),
    create: (fields: object) =>
      ask(admin, 'POST', '/events/create', { event_name: 'run', price: 5, total_slots: 9, ...fields }),
    async event(fields: object = {}) {
      const body = { event_name: 'run', price: 5, total_slots: 9, ...fields };
      return (await expect<{ id: number }>(201, ask(admin, 'POST', '/events/create', body))).id;
    },
    change: (id: number, body: object) => ask(admin, 'PATCH', `/events/${id}`, body),
    book: async (body: object) => {
      const answer = await ask(person, 'POST', '/book/create', body);
      return { status: answer.status, booking: bookingIn(answer) };
    },
    booked: async (id: number) => bookingIn(await book(system.client, person, id)).id,
    cancel: (id: number) => ask(person, 'POST', '/book/cancel', { booking_id: id }),
  };
}

function prices({ event, change, book, balance }: Terms): void {
  test('another price is refused and charges nothing; the price of the moment is taken', async () => {
    const id = await event();
    const before = await balance();
    await expect(200, change(id, { price: 500 }));
    const refused = await book({ event_id: id, price: 5 });
    assert.deepEqual([refused.status, outcome(refused.booking)], [201, '-1 price_changed']);
    assert.equal(refused.booking.price, undefined);
    assert.equal(await balance(), before);
    const taken = await book({ event_id: id, price: 500 });
    assert.equal(outcome(taken.booking), '4');
    assert.equal(await balance(), before - 500);
  });

  test('a lower price is refused as well, and a free event is not a price that was seen', async () => {
    const id = await event({ price: 7 });
    assert.equal(outcome((await book({ event_id: id, price: 8 })).booking), '-1 price_changed');
    assert.equal(outcome((await book({ event_id: id, price: 0 })).booking), '-1 price_changed');
    assert.equal(outcome((await book({ event_id: id })).booking), '4');
  });
}

function sales({ event, create, change, book }: Terms): void {
  test('an event that has started is not sold, whether or not it has a name for that', async () => {
    const over = await event({ starts_at: inDays(-300) });
    assert.equal(outcome((await book({ event_id: over })).booking), '-1 sales_closed');
    const closed = await event({ starts_at: inDays(9), sale_closes_at: inDays(-1) });
    assert.equal(outcome((await book({ event_id: closed })).booking), '-1 sales_closed');
    const walkIn = await event({ starts_at: inDays(-0.1), sale_closes_at: inDays(1) });
    assert.equal(outcome((await book({ event_id: walkIn })).booking), '4');
  });

  test('dates that leave no time for the sale are refused, and the event stays as it was', async () => {
    const wrong = await create({ starts_at: inDays(1), sale_opens_at: inDays(2) });
    assert.equal(wrong.status, 400);
    const { field, reason } = wrong.json as { field: string; reason: string };
    assert.deepEqual([field, reason], ['sale_opens_at', 'opens_after_start']);
    assert.equal((await create({ sale_opens_at: inDays(2), sale_closes_at: inDays(2) })).status, 400);
    const id = await event({ starts_at: inDays(3), sale_opens_at: inDays(2) });
    assert.equal((await change(id, { starts_at: inDays(1) })).status, 400);
    const changed = await expect<EventDetail>(200, change(id, { starts_at: inDays(1), sale_opens_at: null }));
    assert.equal(changed.revision, 1);
  });
}

function cancellations({ event, change, booked, cancel, balance }: Terms): void {
  test('not after the start, unless the organizer says so', async () => {
    const before = await balance();
    const id = await event({ starts_at: inDays(-0.1), sale_closes_at: inDays(1) });
    const late = await cancel(await booked(id));
    assert.equal(late.status, 409);
    assert.equal((late.json as { reason: string }).reason, 'too_late');
    assert.equal(await balance(), before - 5);
    const lenient = await event({ starts_at: inDays(-0.1), sale_closes_at: inDays(1), cancel_until: inDays(1) });
    await expect(200, cancel(await booked(lenient)));
    assert.equal(await balance(), before - 5);
  });

  test('a deadline that moves to the past shuts cancellation for later bookings only', async () => {
    const id = await event({ starts_at: inDays(30) });
    const early = await booked(id);
    await expect(200, change(id, { cancel_until: '2020-01-01T00:00:00Z' }));
    const later = await booked(id);
    await untilBookLooksAgain();
    await expect(200, cancel(early));
    assert.equal((await cancel(later)).status, 409);
  });

  test('an event that moves lets its earlier owners go, even after a deadline', async () => {
    const id = await event({ starts_at: inDays(30), venue: 'a field', cancel_until: '2020-01-01T00:00:00Z' });
    const early = await booked(id);
    assert.equal((await cancel(early)).status, 409);
    await expect(200, change(id, { venue: 'a hall' }));
    const later = await booked(id);
    await untilBookLooksAgain();
    await expect(200, cancel(early));
    assert.equal((await cancel(later)).status, 409);
  });
}
