import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReconciliationReport } from '../../contracts/book/reconciliation.ts';
import type { SagaFigures } from '../../contracts/book/saga-figures.ts';
import type { BookingDetail, BookingItem } from '../../contracts/book/schemas.ts';
import { bothDatabases } from '../support/databases/databases.ts';
import { Viewer } from '../support/streams.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  outcome,
  type Person,
  signInAdmin,
  withSystem,
} from '../support/system.ts';
import { until } from '../support/until.ts';

// What a newer version may have written: a state and a reason that this version does not know.
const number = 77;
const state = 'state_77';
const reason = 'weather_too_fine';

bothDatabases((_kind, open) => {
  let admin: Person;
  let person: Person;
  let eventId: number;
  const system = withSystem(open, {
    async prepare({ client, database }) {
      admin = await signInAdmin(client);
      [person] = (await createPeople(client, 1, 1_000)) as [Person];
      eventId = await createEvent(client, admin, { price: 5, slots: 50 });
      await database.query('alter table book.booking drop constraint open_is_due');
    },
  });
  const ask = <Body>(status: number, path: string, who = person) =>
    expect<Body>(status, system.client.ask('GET', path, { cookie: who.cookie }));
  const booked = async () => bookingIn(await book(system.client, person, eventId)).id;

  /** Writes what a newer version would: a booking in its state, with its reason. */
  async function plant(id: number, dueAt: Date | null): Promise<void> {
    const text = 'update book.booking set status = $2, reason = $3, due_at = $4 where id = $1';
    await system.database.query(text, [id, number, reason, dueAt]);
  }

  describe('a booking in a state of a newer version', () => {
    test('is shown as it is, alone, in lists and in the stream, and counts as open', async () => {
      const id = await booked();
      const viewer = await Viewer.open<BookingDetail>(system.client.address, '/book/live', { cookie: person.cookie });
      await viewer.until(({ events }) => events.some(({ data }) => data.id === id));
      await plant(id, null);
      await viewer.until(({ events }) => events.some(({ data }) => data.id === id && data.state === state));
      viewer.close();
      const shown = await ask<BookingDetail>(200, `/book/get/${id}`);
      assert.deepEqual([shown.status, shown.state, shown.reason], [number, state, reason]);
      const [detail] = await ask<BookingDetail[]>(200, `/book/get?view=detail&after=${id - 1}`);
      assert.deepEqual(detail, shown);
      const [item] = await ask<BookingItem[]>(200, `/book/get?after=${id - 1}`);
      assert.deepEqual(item, { id, user_id: person.id, event_id: eventId, price: 5, status: number });
      const figures = await ask<SagaFigures>(200, '/book/saga', admin);
      assert.equal(figures.states[state], 1);
    });

    test('is neither taken over nor canceled by this version', async () => {
      const id = await booked();
      await plant(id, new Date(0));
      const call = { cookie: person.cookie, body: { booking_id: id } };
      await expect(503, system.client.ask('POST', '/book/cancel', call));
      // A booking of a process that is gone, due later than the planted one: it is taken over, the planted one is not.
      const gone =
        'insert into book.booking (person_id, event_id, status, occupying_at, due_at) values ($1, $2, 1, $3, $3)';
      await system.database.query(gone, [person.id, eventId, new Date(1)]);
      const isOpen = 'select from book.booking where status = 1';
      await until('the booking of the gone process settles', async () => {
        return (await system.database.query(isOpen)).length === 0;
      });
      const [row] = await system.database.query<{ status: number; due: Date }>(
        'select status, due_at as due from book.booking where id = $1',
        [id],
      );
      assert.deepEqual(row, { status: number, due: new Date(0) });
      await plant(id, null);
    });

    test('answers a repeated request with 202', async () => {
      const headers = { 'idempotency-key': '"newer"' };
      const { id } = bookingIn(await book(system.client, person, eventId, headers));
      await plant(id, null);
      const repeated = await book(system.client, person, eventId, { ...headers, prefer: 'respond-async' });
      assert.deepEqual([repeated.status, outcome(bookingIn(repeated))], [202, `${number} ${reason}`]);
    });

    test('is no error of its booking in a reconciliation, whatever states its slot and payment have', async () => {
      const complete = await booked();
      await system.database.query(
        'alter table events.slot drop constraint slot_state_check, drop constraint granted_at_a_price',
      );
      await system.database.query('alter table account.payment drop constraint payment_state_check');
      for (const table of ['events.slot', 'account.payment'])
        await system.database.query(`update ${table} set state = 'promoted' where booking_id = $1`, [complete]);
      const headers = { accept: 'application/json' };
      const call = { cookie: admin.cookie, headers };
      const report = await expect<ReconciliationReport>(200, system.client.ask('GET', '/book/reconciliation', call));
      const kinds = report.findings.map(({ kind }) => kind);
      // Only the participants' own sums notice that a row was changed by hand; a newer participant sums it up itself.
      assert.deepEqual(kinds, ['slots_miscounted', 'payment_misposted']);
      const restored = [complete];
      await system.database.query("update events.slot set state = 'granted' where booking_id = any($1)", [restored]);
      await system.database.query("update account.payment set state = 'paid' where booking_id = any($1)", [restored]);
    });
  });

  for (const [participant, insert] of [
    [
      'events',
      `insert into events.slot (booking_id, event_id, person_id, state, reason, decided_at)
       values ($1, $2, $3, 'refused', $4, now())`,
    ],
    [
      'account',
      `insert into account.payment (booking_id, event_id, person_id, state, amount, reason, decided_at)
       values ($1, $2, $3, 'refused', 5, $4, now())`,
    ],
  ] as const) {
    test(`a reason that only a newer ${participant} knows is stored and shown as it is`, async () => {
      const next = (await booked()) + 1;
      await system.database.query(insert, [next, eventId, person.id, reason]);
      const answer = await book(system.client, person, eventId);
      assert.deepEqual([answer.status, bookingIn(answer).id], [201, next]);
      assert.equal(outcome(bookingIn(answer)), `-1 ${reason}`);
      const shown = await ask<BookingDetail>(200, `/book/get/${next}`);
      assert.equal(shown.reason, reason);
    });
  }
});
