import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import {
  book,
  bookingIn,
  createPeople,
  deposit,
  expect,
  type Person,
  signIn,
  signInAdmin,
  withSystem,
} from '../support/system.ts';

eachDatabase((_kind, open) => {
  describe('the attendees of an event as a file for spreadsheets', () => {
    const list = withList(open);
    contents(list);
    separators(list);
  });
});

type List = ReturnType<typeof withList>;

/** A system with euros and cents, an organizer, and events whose attendees booked and came in at known times. */
function withList(open: Open) {
  let admin: Person;
  const system = withSystem(open, {
    currency: { currency: 'EUR', digits: 2 },
    async prepare({ client }) {
      admin = await signInAdmin(client);
    },
  });
  return {
    system,
    admin: () => admin,
    async event(fields: object): Promise<number> {
      const body = { event_name: 'run', price: 1_250, total_slots: 9, ...fields };
      const call = { cookie: admin.cookie, body };
      return (await expect<{ id: number }>(201, system.client.ask('POST', '/events/create', call))).id;
    },
    /** Books a place, and sets when the booking was complete and checked in. */
    async attend(person: Person, eventId: number): Promise<number> {
      const { id } = bookingIn(await book(system.client, person, eventId));
      await system.database.query(
        `update book.booking set complete_at = '2026-05-01T19:00:00.123Z', checked_in_at = '2026-12-01T20:30:59Z'
          where id = $1`,
        [id],
      );
      return id;
    },
    /** The lines of a file, as bytes: a decoder would remove the byte order mark. */
    async file(eventId: number, query = ''): Promise<string[]> {
      const url = new URL(`/book/attendees/${eventId}/csv${query}`, system.client.address);
      const response = await fetch(url, { headers: { cookie: admin.cookie } });
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^text\/csv; charset=utf-8/);
      const name = `attendees-of-event-${eventId}.csv`;
      assert.equal(response.headers.get('content-disposition'), `attachment; filename="${name}"`);
      const lines = Buffer.from(await response.arrayBuffer())
        .toString()
        .split('\r\n');
      assert.equal(lines.pop(), '');
      return lines;
    },
  };
}

const head =
  '\uFEFF"booking_id","login","first_name","last_name","guest_name","price","currency","desk_reference","complete_at","checked_in_at","time_zone"';

function contents({ system, event, attend, file }: List): void {
  test('has amounts with their digits and currency, and times on the clocks of the event', async () => {
    const [person] = await createPeople(system.client, 1, 10_000, 'listed');
    assert.ok(person);
    const eventId = await event({ time_zone: 'Europe/Berlin' });
    const id = await attend(person, eventId);
    const cells = `"${id}","listed-0","Person","0","","12.50","EUR",""`;
    const times = '"2026-05-01 21:00:00","2026-12-01 21:30:59","Europe/Berlin"';
    assert.deepEqual(await file(eventId), [head, `${cells},${times}`]);
  });

  test('has times in UTC for an event without a zone', async () => {
    const [person] = await createPeople(system.client, 1, 10_000, 'in-utc');
    assert.ok(person);
    const eventId = await event({ price: 5 });
    const id = await attend(person, eventId);
    const times = '"2026-05-01 19:00:00","2026-12-01 20:30:59","UTC"';
    assert.deepEqual(await file(eventId), [head, `"${id}","in-utc-0","Person","0","","0.05","EUR","",${times}`]);
  });

  test('has only text in which a spreadsheet finds no formula', async () => {
    const { client } = system;
    const password = 'a long password';
    const names = { login: '=1+1', first_name: '@Ада "A"', last_name: 'x,y;=2;; +3' };
    await expect(201, client.ask('POST', '/register', { body: { ...names, password, email: '' } }));
    const trickster = await signIn(client, '=1+1', password);
    await deposit(client, trickster, 1_250);
    const eventId = await event({});
    await attend(trickster, eventId);
    const [, line] = await file(eventId);
    assert.match(line ?? '', /^"\d+","'=1\+1","'@Ада ""A""","x,y;'=2;; '\+3","","12\.50",/);
  });
}

function separators({ system, admin, event, attend, file }: List): void {
  test('is separated by semicolons, with decimal commas, or by tabs, where that is asked for', async () => {
    const [person] = await createPeople(system.client, 1, 10_000, 'separated');
    assert.ok(person);
    const eventId = await event({ time_zone: 'Asia/Kolkata' });
    const id = await attend(person, eventId);
    const cells = (price: string, separator: string) =>
      [
        ...[`"${id}"`, '"separated-0"', '"Person"', '"0"', '""', `"${price}"`, '"EUR"', '""'],
        ...['"2026-05-02 00:30:00"', '"2026-12-02 02:00:59"', '"Asia/Kolkata"'],
      ].join(separator);
    for (const query of ['?separator=;', '?separator=%3B', '?separator=%3b']) {
      assert.deepEqual(await file(eventId, query), [head.replaceAll(',', ';'), cells('12,50', ';')], query);
    }
    assert.deepEqual(await file(eventId, '?separator=%09'), [head.replaceAll(',', '\t'), cells('12.50', '\t')]);
    for (const query of ['?separator=,', '?separator=%2C', '']) {
      assert.deepEqual(await file(eventId, query), [head, cells('12.50', ',')], query);
    }
  });

  test('with any other separator is refused, and the refusal names the allowed ones', async () => {
    const eventId = await event({});
    for (const query of [
      '?separator=',
      '?separator=%7C',
      '?separator=;;',
      '?separator=comma',
      '?separator=,&separator=;',
    ]) {
      const path = `/book/attendees/${eventId}/csv${query}`;
      const { status, text } = await system.client.ask('GET', path, { cookie: admin().cookie });
      assert.equal(status, 400, query);
      assert.match(text, /a comma \(the default\), a semicolon \(%3B\) or a tab \(%09\)/);
    }
  });
}
