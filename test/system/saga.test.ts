import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReconciliationReport } from '../../contracts/book/reconciliation.ts';
import type { SagaFigures } from '../../contracts/book/saga-figures.ts';
import { bothDatabases } from '../support/databases/databases.ts';
import { Viewer } from '../support/streams.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  type Person,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

// No other system suite runs on both databases in `npm test`, or begins with an empty database.
bothDatabases((_kind, open) => {
  let admin: Person;
  let people: Person[];
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      people = await createPeople(client, 2, 10);
    },
  });

  const figures = () => expect<SagaFigures>(200, system.client.ask('GET', '/book/saga', { cookie: admin.cookie }));
  const arrow = ({ arrows }: SagaFigures, from: string, to: string) =>
    arrows.find((each) => each.from === from && each.to === to);
  const person = (index: number) => people[index] as Person;

  test('an admin sees the bookings by state, the transitions, and the reasons of refusals', async () => {
    const eventId = await createEvent(system.client, admin, { price: 7, slots: 2 });
    const { id } = bookingIn(await book(system.client, person(0), eventId));
    await book(system.client, person(0), eventId);
    await book(system.client, person(1), eventId);
    await book(system.client, person(1), eventId);
    const call = { cookie: person(0).cookie, body: { booking_id: id } };
    await expect(200, system.client.ask('POST', '/book/cancel', call));
    const told = await figures();
    assert.deepEqual(told.states, { occupying: 0, paying: 0, complete: 1, refunding: 0, releasing: 0, canceled: 3 });
    assert.equal(told.is_estimated, false);
    assert.equal(arrow(told, 'occupying', 'paying')?.total, 3);
    assert.deepEqual(arrow(told, 'paying', 'releasing'), {
      ...arrow(told, 'paying', 'releasing'),
      label: 'pay refused',
      total: 1,
    });
    assert.equal(arrow(told, 'complete', 'refunding')?.label, 'cancel');
    assert.deepEqual(told.refusals, { insufficient_funds: 1, no_slots: 1 });
    assert.deepEqual([told.open, told.away, told.stuck, told.oldest_open_at], [0, [], [], undefined]);
    assert.ok((told.set_sizes.occupy?.max ?? 0) >= 1);
    assert.ok((told.latencies_ms.booking?.p99 ?? 0) >= (told.latencies_ms.booking?.p50 ?? 1));
  });

  test('canceling an event refuses later bookings; bookings that had a slot are not counted as refused', async () => {
    const eventId = await createEvent(system.client, admin, { price: 1, slots: 2 });
    await book(system.client, person(0), eventId);
    const call = { cookie: admin.cookie, body: { event_id: eventId } };
    await expect(200, system.client.ask('POST', '/events/cancel', call));
    while ((await figures()).arrows.every(({ from, total }) => from !== 'releasing' || total < 3)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await book(system.client, person(1), eventId);
    assert.equal((await figures()).refusals.event_canceled, 1);
  });

  test('a booking whose step fails is listed with its error, and counts as open', async () => {
    await system.database.query(
      `insert into book.booking (person_id, event_id, status, due_at, attempts, last_error, occupying_at)
       values (1, 1, 1, $1, 3, 'Error: poison', $2)`,
      [new Date(Date.now() + 600_000), new Date('2026-01-01T00:00:00Z')],
    );
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { stuck, open: count, oldest_open_at: oldest, states } = await figures();
    assert.equal(stuck.length, 1);
    assert.partialDeepStrictEqual(stuck[0], { state: 'occupying', attempts: 3, last_error: 'Error: poison' });
    assert.deepEqual([count, oldest, states.occupying], [1, '2026-01-01T00:00:00.000Z', 1]);
  });

  test('is streamed every second, to admins only', async (t) => {
    const viewer = await Viewer.open<SagaFigures>(system.client.address, '/book/saga/live', { cookie: admin.cookie });
    t.after(() => viewer.close());
    await viewer.until(({ events }) => events.length >= 2);
    assert.equal(viewer.last?.event, 'saga');
    assert.deepEqual(Object.keys(viewer.last?.data ?? {}), Object.keys(await figures()));
    for (const path of ['/book/saga', '/book/saga/live', '/book/reconciliation/last']) {
      assert.equal((await system.client.ask('GET', path, { cookie: person(0).cookie })).status, 403);
      assert.equal((await system.client.ask('GET', path)).status, 401);
    }
  });

  test('the last reconciliation is shown until the next one, and none before the first', async () => {
    const { cookie } = admin;
    assert.equal((await system.client.ask('GET', '/book/reconciliation/last', { cookie })).status, 404);
    const report = await expect<ReconciliationReport>(
      200,
      system.client.ask('GET', '/book/reconciliation', { cookie }),
    );
    assert.deepEqual(await expect(200, system.client.ask('GET', '/book/reconciliation/last', { cookie })), report);
  });
});
