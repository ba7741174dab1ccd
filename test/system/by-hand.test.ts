import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AttendeeItem, CheckedIn } from '../../contracts/book/attendees.ts';
import type { BookingDetail } from '../../contracts/book/schemas.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { brokenRules } from '../support/money.ts';
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
import { until } from '../support/until.ts';

eachDatabase((_kind, open) => {
  const desk = withDesk(open);
  describe('a booking by hand', () => bookings(desk));
  describe('money taken at the desk', () => money(desk));
});

type Desk = ReturnType<typeof withDesk>;

function withDesk(open: Open) {
  let admin: Person;
  let person: Person;
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      [person] = (await createPeople(client, 1, 100)) as [Person];
    },
  });
  const ask = (who: Person, method: string, path: string, body?: object, headers = {}) =>
    system.client.ask(method, path, { cookie: who.cookie, ...(body && { body }), headers });
  return {
    system,
    ask,
    admin: () => admin,
    person: () => person,
    async event(fields: object = {}) {
      const body = { event_name: 'run', price: 5, total_slots: 2, ...fields };
      return (await expect<{ id: number }>(201, ask(admin, 'POST', '/events/create', body))).id;
    },
    byHand: async (body: object, headers = {}) => {
      const answer = await ask(admin, 'POST', '/book/by-hand', body, headers);
      return { status: answer.status, booking: bookingIn(answer) };
    },
    show: (who: Person, id: number) => expect<BookingDetail>(200, ask(who, 'GET', `/book/get/${id}`)),
    attendees: (id: number) => expect<AttendeeItem[]>(200, ask(admin, 'GET', `/book/attendees/${id}`)),
    balances: async () => [await readBalance(system.client, admin), await readBalance(system.client, person)],
    rules: async () => assert.deepEqual(await brokenRules(system.database), {}),
  };
}

function bookings({ system, ask, admin, person, event, byHand, show, attendees, balances, rules }: Desk): void {
  test('is made for a person outside the times and limits of the sale, free, but never beyond the slots', async () => {
    const id = await event({ starts_at: '2020-01-01T00:00:00Z', max_per_person: 1 });
    const before = await balances();
    for (const _ of [1, 2]) {
      const { status, booking } = await byHand({ event_id: id, login: 'PERSON-0' });
      assert.deepEqual([status, outcome(booking), booking.user_id, booking.price], [201, '4', person().id, 0]);
    }
    assert.equal(outcome((await byHand({ event_id: id, login: 'person-0' })).booking), '-1 no_slots');
    assert.deepEqual(await balances(), before);
    await rules();
  });

  test('for a guest belongs to the organizer, and the guest is named at the door, in the list and on the ticket', async () => {
    const id = await event();
    const { booking } = await byHand({ event_id: id, guest_name: 'Семён Королёв' });
    const { ticket_code: code, guest_name: guest } = await show(admin(), booking.id);
    assert.equal(guest, 'Семён Королёв');
    const [attendee] = await attendees(id);
    assert.deepEqual([attendee?.guest_name, attendee?.user_id], ['Семён Королёв', admin().id]);
    const found = await ask(admin(), 'GET', `/book/attendees/${id}?q=${encodeURIComponent('королёв')}`);
    assert.equal((found.json as object[]).length, 1);
    const checkedIn = await expect<CheckedIn>(200, ask(admin(), 'POST', '/book/check-in', { code }));
    assert.equal(checkedIn.guest_name, 'Семён Королёв');
  });

  test('for a guest belongs to the event: whoever manages it at the moment shows and cancels it, not who typed it', async () => {
    const id = await event();
    const [helper] = await createPeople(system.client, 1, 0, 'desk-helper');
    assert.ok(helper);
    const setRole = (role: string) => expect(200, ask(admin(), 'PUT', `/auth/people/${helper.id}/role`, { role }));
    await setRole('organizer');
    await expect(200, ask(admin(), 'PUT', `/events/${id}/helpers`, { login: helper.login, access: 'manage' }));
    const call = { event_id: id, guest_name: 'Guest' };
    const [first, second] = [
      bookingIn(await ask(helper, 'POST', '/book/by-hand', call)),
      bookingIn(await ask(helper, 'POST', '/book/by-hand', call)),
    ];
    assert.match((await show(helper, first.id)).ticket_code ?? '', /-/);
    await expect(200, ask(admin(), 'DELETE', `/events/${id}/helpers/${helper.id}`));
    assert.equal((await ask(helper, 'POST', '/book/by-hand', call)).status, 403, 'at once, not a second later');
    assert.equal((await ask(helper, 'POST', '/book/cancel', { booking_id: first.id })).status, 404);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.equal((await ask(helper, 'GET', `/book/get/${first.id}`)).status, 404);
    const own = (await ask(helper, 'GET', '/book/get?view=detail')).json as BookingDetail[];
    assert.deepEqual(
      own.map(({ ticket_code: code }) => code),
      [undefined, undefined],
    );
    assert.match((await show(admin(), second.id)).ticket_code ?? '', /-/);
    const canceled = bookingIn(await ask(admin(), 'POST', '/book/cancel', { booking_id: second.id }));
    assert.equal(outcome(canceled), '-1 by_organizer');
  });

  test('is made once for an idempotency key, and is in the audit log', async () => {
    const id = await event();
    const headers = { 'idempotency-key': '"by-hand-1"' };
    const body = { event_id: id, login: 'person-0' };
    const first = await byHand(body, headers);
    assert.deepEqual((await byHand(body, headers)).booking, first.booking);
    assert.equal((await attendees(id)).length, 1);
    const look = async () => {
      const path = '/auth/trail?action=booked_by_hand&order=newest&limit=1';
      const [entry] = (await ask(admin(), 'GET', path)).json as [{ details: { booking_id: number } }?];
      return entry?.details;
    };
    const expected = { booking_id: first.booking.id, event_id: id };
    await until('the audit log has the booking', async () => (await look())?.booking_id === first.booking.id);
    assert.deepEqual(await look(), expected);
  });

  test('needs exactly one of login and guest, a known login and an event of one’s own', async () => {
    const id = await event();
    const asAdmin = async (body: object) => (await ask(admin(), 'POST', '/book/by-hand', body)).status;
    assert.equal(await asAdmin({ event_id: id }), 400);
    assert.equal(await asAdmin({ event_id: id, login: 'user', guest_name: 'x' }), 400);
    assert.equal(await asAdmin({ event_id: id, login: 'nobody at all' }), 400);
    assert.equal(await asAdmin({ event_id: 999_999, guest_name: 'x' }), 404);
    assert.equal((await ask(person(), 'POST', '/book/by-hand', { event_id: id, guest_name: 'x' })).status, 403);
  });

  test('does not sell at a price that a buyer did not see: an ordinary booking beside it pays the price', async () => {
    const id = await event({ price: 7 });
    await byHand({ event_id: id, login: 'person-0' });
    const bought = bookingIn(await book(system.client, person(), id));
    assert.deepEqual([outcome(bought), bought.price], ['4', 7]);
  });
}

function money({ ask, admin, person, event, byHand, show, balances, rules }: Desk): void {
  test('pays for the booking and leaves every balance as it is; canceled, it goes back to the desk', async () => {
    const id = await event();
    const before = await balances();
    const paid = { amount: 6, reference: 'receipt 1' };
    const { booking } = await byHand({ event_id: id, login: 'person-0', paid });
    assert.deepEqual([outcome(booking), booking.price], ['4', 6]);
    assert.equal((await show(person(), booking.id)).desk_reference, 'receipt 1');
    assert.deepEqual(await balances(), before);
    await rules();
    await expect(200, ask(person(), 'POST', '/book/cancel', { booking_id: booking.id }));
    assert.deepEqual(await balances(), before);
    await rules();
    const path = `/account/history?user_id=${person().id}`;
    const lines = (await ask(admin(), 'GET', path)).json as { kind: string; amount: number; reference?: string }[];
    assert.deepEqual(
      lines.slice(-4).map(({ kind, amount, reference = '' }) => [kind, amount, reference]),
      [
        ['credit', 6, 'receipt 1'],
        ['payment', -6, ''],
        ['refund', 6, ''],
        ['payout', -6, `receipt 1: refund of booking ${booking.id}`],
      ],
    );
  });

  test('a reference pays once: for a second booking it is refused, and the slot is free again', async () => {
    const id = await event();
    const paid = { amount: 5, reference: 'receipt 2' };
    assert.equal(outcome((await byHand({ event_id: id, login: 'person-0', paid })).booking), '4');
    const again = await byHand({ event_id: id, guest_name: 'Guest', paid });
    assert.deepEqual([again.status, outcome(again.booking)], [201, '-1 reference_used']);
    const spaced = await byHand({ event_id: id, login: 'person-0', paid: { ...paid, reference: ' receipt 2\u3000' } });
    assert.equal(outcome(spaced.booking), '-1 reference_used');
    const credit = { user_id: person().id, delta: 6, reference: 'receipt 2' };
    assert.equal((await ask(admin(), 'POST', '/account/credit', credit)).status, 409);
    assert.equal(outcome((await byHand({ event_id: id, guest_name: 'Guest' })).booking), '4');
    await rules();
  });

  test('an amount above 10^12 is refused: it would use up what a person may ever pay in', async () => {
    const id = await event();
    const paid = { amount: 1e12 + 1, reference: 'receipt of too much' };
    const answer = await ask(admin(), 'POST', '/book/by-hand', { event_id: id, guest_name: 'Guest', paid });
    assert.equal(answer.status, 400);
  });

  test('a refund is never refused, even if its reference is used already', async () => {
    const id = await event();
    const paid = { amount: 5, reference: 'receipt 3' };
    const { booking } = await byHand({ event_id: id, guest_name: 'Guest', paid });
    const reference = `receipt 3: refund of booking ${booking.id}`;
    await expect(201, ask(admin(), 'POST', '/account/credit', { user_id: person().id, delta: 1, reference }));
    const canceled = bookingIn(await ask(admin(), 'POST', '/book/cancel', { booking_id: booking.id }));
    assert.equal(outcome(canceled), '-1 by_organizer');
    await rules();
  });
}
