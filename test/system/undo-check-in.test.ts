import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckedIn, CheckInUndone } from '../../contracts/book/attendees.ts';
import type { BookingDetail } from '../../contracts/book/schemas.ts';
import { eachDatabase } from '../support/databases/databases.ts';
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

eachDatabase((_kind, open) => {
  let admin: Person;
  let person: Person;
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      [person] = (await createPeople(client, 1, 100)) as [Person];
    },
  });
  const ask = (who: Person, path: string, body: object, headers = {}) =>
    system.client.ask('POST', path, { cookie: who.cookie, body, headers });
  const checkIn = (id: number) => expect<CheckedIn>(200, ask(admin, '/book/check-in', { booking_id: id }));
  const undo = (id: number, headers = {}) =>
    expect<CheckInUndone>(200, ask(admin, '/book/check-in/undo', { booking_id: id }, headers));
  const booked = async () => {
    const eventId = await createEvent(system.client, admin, { price: 5, slots: 9 });
    return { eventId, id: bookingIn(await book(system.client, person, eventId)).id };
  };

  test('an undone check-in: the ticket is valid again, and its owner can cancel', async () => {
    const { eventId, id } = await booked();
    assert.equal((await checkIn(id)).is_first, true);
    assert.equal((await ask(person, '/book/cancel', { booking_id: id })).status, 409);
    assert.deepEqual(await undo(id), { booking_id: id, event_id: eventId, was_checked_in: true });
    const shown = await system.client.ask('GET', `/book/get/${id}`, { cookie: person.cookie });
    assert.equal((shown.json as BookingDetail).checked_in_at, undefined);
    assert.equal((await checkIn(id)).is_first, true);
    await undo(id);
    assert.equal(outcome(bookingIn(await ask(person, '/book/cancel', { booking_id: id }))), '-1 by_owner');
  });

  test('undoing twice, or what was never checked in, changes nothing; a repeat with its key gets the first answer', async () => {
    const { id } = await booked();
    assert.equal((await undo(id)).was_checked_in, false);
    await checkIn(id);
    const key = { 'idempotency-key': '"undo-1"' };
    assert.equal((await undo(id, key)).was_checked_in, true);
    assert.equal((await undo(id, key)).was_checked_in, true);
    assert.equal((await undo(id)).was_checked_in, false);
  });

  test('an undo that names a check-in leaves a later one alone', async () => {
    const { id } = await booked();
    const first = await checkIn(id);
    await undo(id);
    const second = await checkIn(id);
    assert.notEqual(second.checked_in_at, first.checked_in_at);
    const undoOf = async ({ checked_in_at }: CheckedIn) => {
      const answer = ask(admin, '/book/check-in/undo', { booking_id: id, checked_in_at });
      return (await expect<CheckInUndone>(200, answer)).was_checked_in;
    };
    assert.equal(await undoOf(first), false);
    assert.equal((await checkIn(id)).is_first, false);
    assert.equal(await undoOf(second), true);
  });

  test('only those who may check in may undo it, and only for a valid booking', async () => {
    const { id } = await booked();
    assert.equal((await ask(person, '/book/check-in/undo', { booking_id: id })).status, 404);
    assert.equal((await ask(admin, '/book/check-in/undo', { booking_id: 999_999 })).status, 404);
    await expect(200, ask(person, '/book/cancel', { booking_id: id }));
    assert.equal((await ask(admin, '/book/check-in/undo', { booking_id: id })).status, 409);
  });

  test('the audit log has the check-in and its undoing, by whom and for whom', async () => {
    const { eventId, id } = await booked();
    await checkIn(id);
    await undo(id);
    let entries: { action: string; by: { id: number }; to: { id: number }; details: object }[] = [];
    await until('the audit log has both', async () => {
      const path = `/auth/trail?user_id=${person.id}&order=newest&limit=2`;
      entries = (await system.client.ask('GET', path, { cookie: admin.cookie })).json as typeof entries;
      return entries[0]?.action === 'check_in_undone' && JSON.stringify(entries[0].details).includes(`${id}`);
    });
    assert.deepEqual(
      entries.map(({ action, by, to, details }) => ({ action, by: by.id, to: to.id, details })),
      ['check_in_undone', 'checked_in'].map((action) => ({
        action,
        by: admin.id,
        to: person.id,
        details: { booking_id: id, event_id: eventId },
      })),
    );
  });
});
