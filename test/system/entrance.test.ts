import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AttendeeItem, CheckedIn, Sales } from '../../contracts/book/attendees.ts';
import type { BookingDetail } from '../../contracts/book/schemas.ts';
import { eachDatabase, type Kind, type Open } from '../support/databases/databases.ts';
import { untilAllBeforeHaveEnded } from '../support/databases/meeting.ts';
import { brokenRules } from '../support/money.ts';
import { Viewer } from '../support/streams.ts';
import {
  book,
  bookingIn,
  createEvent,
  createPeople,
  expect,
  outcome,
  type Person,
  signIn,
  signInAdmin,
  startSystem,
  withSystem,
} from '../support/system.ts';

eachDatabase((kind, open) => {
  const entrance = withEntrance(open);
  describe('a ticket code', () => {
    ticketCodes(entrance);
    checkIns(entrance);
    checkInsAndCancellations(kind, entrance);
  });
  cancellationDeadline(entrance);
  describe('the start list', () => startList(entrance));
  sales(entrance);
  largeSales(entrance);
  describe('a person’s bookings are streamed live', () => liveBookings(kind, entrance));
});

type Entrance = ReturnType<typeof withEntrance>;

/** Four people with money, an organizer and an admin, and what they do before an event and at its entrance. */
function withEntrance(open: Open) {
  let admin: Person;
  let organizer: Person;
  let people: Person[];
  const system = withSystem(open, {
    async prepare({ client, database }) {
      admin = await signInAdmin(client);
      people = await createPeople(client, 4, 1_000);
      await createPeople(client, 1, 0, 'organizer');
      await database.query("update auth.person set role = 'organizer' where login = 'organizer-0'");
      organizer = await signIn(client, 'organizer-0', 'password 0');
    },
  });

  const ask = (who: Person, method: string, path: string, body?: object) =>
    system.client.ask(method, path, { cookie: who.cookie, ...(body && { body }) });
  return {
    system,
    ask,
    admin: () => admin,
    organizer: () => organizer,
    people: () => people,
    person: (index: number) => people[index] as Person,
    newEvent: (event: { name?: string; price: number; slots: number }, of = organizer) =>
      createEvent(system.client, of, event),
    booked: async (who: Person, eventId: number) => bookingIn(await book(system.client, who, eventId)).id,
    show: (who: Person, id: number) => expect<BookingDetail>(200, ask(who, 'GET', `/book/get/${id}`)),
    checkIn: (who: Person, code: string | undefined) => ask(who, 'POST', '/book/check-in', { code }),
    cancel: (who: Person, id: number) => ask(who, 'POST', '/book/cancel', { booking_id: id }),
  };
}

function ticketCodes(entrance: Entrance): void {
  const { system, ask, admin, organizer, person, newEvent, booked, show, checkIn, cancel } = entrance;

  test('is visible to its owner only, from completion until cancellation', async () => {
    const eventId = await newEvent({ price: 5, slots: 2 });
    const [first, second] = [await booked(person(0), eventId), await booked(person(1), eventId)];
    const code = (await show(person(0), first)).ticket_code;
    assert.match(code ?? '', /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    assert.notEqual((await show(person(1), second)).ticket_code, code);
    assert.equal((await show(admin(), first)).ticket_code, undefined);
    const refused = await booked(person(2), eventId);
    assert.equal((await show(person(2), refused)).ticket_code, undefined);
    const [detail] = (await ask(person(0), 'GET', `/book/get?view=detail&after=${first - 1}`)).json as BookingDetail[];
    assert.deepEqual(detail, await show(person(0), first));
    await expect(200, cancel(person(0), first));
    assert.equal((await show(person(0), first)).ticket_code, undefined);
    assert.equal((await checkIn(organizer(), code)).status, 409);
  });

  test('of another event is as unknown as one that does not exist', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 }, admin());
    const code = (await show(person(0), await booked(person(0), eventId))).ticket_code;
    const answers = [];
    for (const [who, given] of [
      [organizer(), code],
      [organizer(), '0000-0000-0000'],
      [organizer(), 'no ticket at all'],
      [person(0), code],
    ] as const) {
      const { status, json } = await checkIn(who, given);
      answers.push({ status, json });
    }
    for (const answer of answers) assert.deepEqual(answer, answers[1]);
    assert.equal(answers[0]?.status, 404);
  });

  test('is not drawn when an admin reads another person’s booking', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const id = await booked(person(0), eventId);
    await show(admin(), id);
    const drawn = 'select ticket_code as code from book.booking where id = $1';
    assert.deepEqual(await system.database.query(drawn, [id]), [{ code: null }]);
    await show(person(0), id);
    assert.notDeepEqual(await system.database.query(drawn, [id]), [{ code: null }]);
  });

  test('is drawn at its owner’s first read, once, even with many reads at once', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const id = await booked(person(0), eventId);
    const codes = await Promise.all(Array.from({ length: 8 }, async () => (await show(person(0), id)).ticket_code));
    const [code] = codes;
    assert.ok(code !== undefined);
    assert.deepEqual(new Set(codes), new Set([code]));
    assert.equal((await expect<CheckedIn>(200, checkIn(organizer(), code))).booking_id, id);
  });
}

function checkIns(entrance: Entrance): void {
  const { system, ask, admin, organizer, person, newEvent, booked, show, checkIn, cancel } = entrance;

  test('checks in once: a second scan shows when the first was, and changes nothing', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const id = await booked(person(0), eventId);
    const code = (await show(person(0), id)).ticket_code ?? '';
    const first = await expect<CheckedIn>(200, checkIn(organizer(), code.toLowerCase().replaceAll('-', ' ')));
    const who = { login: 'person-0', first_name: 'Person', last_name: '0' };
    const { checked_in_at: at, ...rest } = first;
    assert.deepEqual(rest, { booking_id: id, event_id: eventId, user_id: person(0).id, person: who, is_first: true });
    assert.deepEqual(await expect(200, checkIn(admin(), code)), { ...first, is_first: false });
    assert.equal((await show(person(0), id)).checked_in_at, at);
    const late = await cancel(person(0), id);
    assert.equal(late.status, 409);
    assert.match((late.json as { detail: string }).detail, new RegExp(at));
    assert.equal(outcome(bookingIn(await cancel(organizer(), id))), '-1 by_organizer');
  });

  test('is read from a scanner that types under another keyboard layout', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const code = (await show(person(0), await booked(person(0), eventId))).ticket_code ?? '';
    for (const layout of ['йцукенгшщзфывапролдячсмить', 'йцукенгшўзфывапролдячсміть', ';ςερτυθιοπασδφγηξκλζχψωβνμ']) {
      const typed = code
        .toLowerCase()
        .replaceAll(/[a-z]/g, (key) => layout['qwertyuiopasdfghjklzxcvbnm'.indexOf(key)] ?? '');
      for (const text of [typed, typed.toUpperCase().replaceAll(';', ':')])
        await expect(200, checkIn(organizer(), text));
    }
  });

  test('a repeat with the same idempotency key gets the first answer', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const code = (await show(person(0), await booked(person(0), eventId))).ticket_code;
    const call = { cookie: organizer().cookie, body: { code }, headers: { 'idempotency-key': '"door-1"' } };
    const first = await expect<CheckedIn>(200, system.client.ask('POST', '/book/check-in', call));
    assert.equal(first.is_first, true);
    assert.deepEqual(await expect(200, system.client.ask('POST', '/book/check-in', call)), first);
  });

  test('at another event is refused, the refusal names the right event, and the code stays unused', async () => {
    const [here, there] = [
      await newEvent({ price: 0, slots: 5 }),
      await newEvent({ name: 'the other run', price: 0, slots: 5 }),
    ];
    const id = await booked(person(0), there);
    const { ticket_code: code } = await show(person(0), id);
    const values = { booking_id: id, event_id: there, event_name: 'the other run' };
    for (const guest of [{ code }, { booking_id: id }]) {
      const refused = await ask(organizer(), 'POST', '/book/check-in', { ...guest, event_id: here });
      assert.equal(refused.status, 409);
      assert.partialDeepStrictEqual(refused.json, { field: 'event_id', reason: 'other_event', values });
    }
    assert.equal((await show(person(0), id)).checked_in_at, undefined);
    const right = ask(organizer(), 'POST', '/book/check-in', { code, event_id: there });
    assert.equal((await expect<CheckedIn>(200, right)).is_first, true);
  });

  test('is optional: the organizer or a helper checks in by booking, once, if it is complete', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const [id, canceled] = [await booked(person(0), eventId), await booked(person(1), eventId)];
    await expect(200, cancel(person(1), canceled));
    const letIn = (who: Person, body: object) => ask(who, 'POST', '/book/check-in', body);
    const { ticket_code: code } = await show(person(0), id);
    for (const body of [{}, { event_id: eventId }, { code, booking_id: id }]) {
      assert.equal((await letIn(organizer(), body)).status, 400);
    }
    assert.equal((await letIn(person(0), { booking_id: id })).status, 404, 'a person cannot check themselves in');
    assert.equal((await letIn(organizer(), { booking_id: canceled })).status, 409);
    const first = await expect<CheckedIn>(200, letIn(organizer(), { booking_id: id, event_id: eventId }));
    assert.deepEqual([first.booking_id, first.is_first], [id, true]);
    assert.deepEqual(await expect(200, letIn(admin(), { booking_id: id })), { ...first, is_first: false });
    assert.deepEqual(await expect(200, checkIn(organizer(), code)), { ...first, is_first: false });
  });
}

function checkInsAndCancellations(kind: Kind, entrance: Entrance): void {
  const { system, ask, organizer, person, newEvent, booked, show, checkIn, cancel } = entrance;

  test('a repeat with the same idempotency key gets the first answer even after the event was canceled', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const id = await booked(person(0), eventId);
    const { ticket_code: code } = await show(person(0), id);
    const call = { cookie: organizer().cookie, body: { code }, headers: { 'idempotency-key': '"door-2"' } };
    const first = await expect<CheckedIn>(200, system.client.ask('POST', '/book/check-in', call));
    await expect(200, cancel(organizer(), id));
    assert.equal((await checkIn(organizer(), code)).status, 409);
    assert.deepEqual(await expect(200, system.client.ask('POST', '/book/check-in', call)), first);
  });

  // PGlite has one connection, so nothing runs concurrently.
  if (kind === 'PostgreSQL')
    test('check-in and cancellation at once: exactly one of them succeeds', async () => {
      const eventId = await newEvent({ price: 1, slots: 100 });
      for (let round = 0; round < 25; round += 1) {
        const id = await booked(person(0), eventId);
        const code = (await show(person(0), id)).ticket_code;
        const [entered, canceled] = await Promise.all([checkIn(organizer(), code), cancel(person(0), id)]);
        const { checked_in_at: at, status } = await show(person(0), id);
        if (entered.status === 200) assert.deepEqual([canceled.status, status, at !== undefined], [409, 4, true]);
        else assert.deepEqual([entered.status, canceled.status, status, at], [409, 200, -1, undefined]);
      }
      assert.deepEqual(await brokenRules(system.database), {});
    });

  test('a booking that was checked in is still canceled with its event', async () => {
    const eventId = await newEvent({ price: 0, slots: 5 });
    const id = await booked(person(0), eventId);
    await expect(200, checkIn(organizer(), (await show(person(0), id)).ticket_code));
    const viewer = await Viewer.open<BookingDetail>(system.client.address, '/book/live', {
      cookie: person(0).cookie,
    });
    await expect(200, ask(organizer(), 'POST', '/events/cancel', { event_id: eventId }));
    await viewer.until(({ events }) => events.some(({ data }) => data.id === id && data.reason === 'event_canceled'));
    viewer.close();
  });
}

function cancellationDeadline({ ask, admin, organizer, person, newEvent, booked, cancel }: Entrance): void {
  test('after the cancellation deadline the owner cannot cancel, but the organizer and admins can', async () => {
    const eventId = await newEvent({ price: 5, slots: 5 });
    await expect(200, ask(organizer(), 'PATCH', `/events/${eventId}`, { cancel_until: '2020-01-01T00:00:00Z' }));
    const [first, second] = [await booked(person(0), eventId), await booked(person(0), eventId)];
    const late = await cancel(person(0), first);
    assert.equal(late.status, 409);
    assert.match((late.json as { detail: string }).detail, /2020-01-01T00:00:00/);
    assert.equal((await cancel(person(1), first)).status, 404);
    assert.equal(outcome(bookingIn(await cancel(organizer(), first))), '-1 by_organizer');
    assert.equal(outcome(bookingIn(await cancel(admin(), second))), '-1 by_organizer');
    assert.equal((await cancel(person(0), first)).status, 200, 'a canceled booking stays canceled');
  });
}

function startList({ system, ask, organizer, people, person, newEvent, booked, show, cancel }: Entrance): void {
  test('is paged, searchable, and shows names only to the people who run the event', async () => {
    const eventId = await newEvent({ price: 5, slots: 9 });
    const ids: number[] = [];
    for (const each of people()) ids.push(await booked(each, eventId));
    await expect(200, cancel(person(3), ids[3] ?? 0));
    const path = `/book/attendees/${eventId}`;
    const list = async (query = '') => expect<AttendeeItem[]>(200, ask(organizer(), 'GET', `${path}${query}`));
    const all = await list();
    assert.deepEqual(
      all.map(({ booking_id: id, login }) => [id, login]),
      [0, 1, 2].map((index) => [ids[index], `person-${index}`]),
    );
    const page = await ask(organizer(), 'GET', `${path}?limit=2`);
    assert.deepEqual(page.json, all.slice(0, 2));
    assert.equal(page.headers.link, `<${path}?limit=2&after=${ids[1]}>; rel="next"`);
    assert.deepEqual(await list(`?limit=2&after=${ids[1]}`), all.slice(2));
    const code = (await show(person(1), ids[1] ?? 0)).ticket_code ?? '';
    for (const q of ['PERSON 1', 'person-1', String(ids[1]), code.toLowerCase()]) {
      assert.deepEqual(await list(`?q=${encodeURIComponent(q)}`), all.slice(1, 2), q);
    }
    assert.deepEqual(await list('?q=nobody'), []);
    for (const each of ['', '/csv']) {
      assert.equal((await ask(person(0), 'GET', `${path}${each}`)).status, 403);
      assert.equal((await system.client.ask('GET', `${path}${each}`)).status, 401);
      assert.equal((await ask(organizer(), 'GET', `/book/attendees/9999${each}`)).status, 404);
    }
  });

  test('a search reads a limited number of entries at a time, and following the links finds the last one', async () => {
    const eventId = await newEvent({ price: 0, slots: 20_000 });
    await system.database.query(
      `insert into book.booking (person_id, event_id, status, price, occupying_at, complete_at)
       select 1000000 + place, $1, 4, 0, $2, $2 from generate_series(1, 10500) as place`,
      [eventId, new Date()],
    );
    const last = await booked(person(2), eventId);
    const pages: number[][] = [];
    for (let path: string | undefined = `/book/attendees/${eventId}?q=person-2`; path !== undefined; ) {
      const { json, headers } = await ask(organizer(), 'GET', path);
      pages.push((json as AttendeeItem[]).map(({ booking_id: id }) => id));
      path = /^<(.*)>; rel="next"$/.exec(String(headers.link))?.[1];
    }
    assert.deepEqual(pages, [[], [last]]);
  });
}

function sales({ ask, admin, organizer, people, person, newEvent, booked, cancel }: Entrance): void {
  test('sales of an event: curve, taken slots, money in and money refunded', async () => {
    const eventId = await newEvent({ price: 5, slots: 9 });
    const ids: number[] = [];
    for (const each of [...people(), ...people()]) ids.push(await booked(each, eventId));
    await expect(200, cancel(person(0), ids[0] ?? 0));
    const sales = await expect<Sales>(200, ask(organizer(), 'GET', `/book/sales/${eventId}`));
    const { points, ...sums } = sales;
    assert.deepEqual(sums, { rate_per_second: 0.8, taken: 7, total_slots: 9, money_taken: 40, refunded: 5 });
    assert.equal(points.at(-1)?.taken, 7);
    assert.ok(points.length > 1 && points.length <= 300);
    assert.deepEqual(
      points,
      points.toSorted((a, b) => a.at.localeCompare(b.at)),
    );
    assert.equal((await ask(person(0), 'GET', `/book/sales/${eventId}`)).status, 403);
    const none = await newEvent({ price: 5, slots: 9 });
    const empty = { points: [], rate_per_second: 0, taken: 0, total_slots: 9, money_taken: 0, refunded: 0 };
    assert.deepEqual(await expect(200, ask(admin(), 'GET', `/book/sales/${none}`)), empty);
  });
}

function largeSales({ ask, organizer, system, newEvent, booked, cancel }: Entrance): void {
  const most = Number.MAX_SAFE_INTEGER;
  const sumOf = (text: string, name: string) => new RegExp(`"${name}":(\\d+)[,}]`).exec(text)?.[1];

  test('sums of sales are exact beyond 2^53 and 2^63, when bookings are canceled and made again', async () => {
    const [rich] = await createPeople(system.client, 1, most, 'rich');
    assert.ok(rich);
    const eventId = await newEvent({ price: most, slots: 9 });
    for (let time = 0; time < 3; time += 1) await expect(200, cancel(rich, await booked(rich, eventId)));
    await booked(rich, eventId);
    const sales = async () => {
      const { status, text } = await ask(organizer(), 'GET', `/book/sales/${eventId}`);
      assert.equal(status, 200);
      return [sumOf(text, 'money_taken'), sumOf(text, 'refunded')];
    };
    assert.deepEqual(await sales(), [String(4n * BigInt(most)), String(3n * BigInt(most))]);
    const grown = await newEvent({ price: most, slots: 9 });
    await system.database.query(
      `insert into book.booking (person_id, event_id, status, price, occupying_at, complete_at)
       select 2000000 + place, $1, 4, $2::bigint, $3, $3 from generate_series(1, 1100) as place`,
      [grown, most, new Date()],
    );
    const { status, text } = await ask(organizer(), 'GET', `/book/sales/${grown}`);
    assert.equal(status, 200);
    assert.equal(sumOf(text, 'money_taken'), String(1_100n * BigInt(most)));
  });
}

function liveBookings(kind: Kind, { system, person, newEvent, booked, show, cancel }: Entrance): void {
  const watch = (who: Person, of = system, headers = {}) =>
    Viewer.open<BookingDetail>(of.client.address, '/book/live', { cookie: who.cookie, ...headers });

  test('each transition with history and ticket code, and never another person’s booking', async (t) => {
    const eventId = await newEvent({ price: 5, slots: 5 });
    const viewer = await watch(person(1));
    t.after(() => viewer.close());
    const other = await booked(person(2), eventId);
    const id = await booked(person(1), eventId);
    await viewer.until(({ last }) => last?.data.id === id && last.data.status === 4);
    // A ticket code is drawn when its booking is first read. From then on the stream shows it as well.
    const { ticket_code: ticket, ...before } = viewer.last?.data ?? {};
    const { ticket_code: drawn, ...seen } = await show(person(1), id);
    assert.deepEqual([before, ticket], [seen, undefined]);
    assert.ok(drawn !== undefined);
    await viewer.until(({ last }) => last?.data.id === id && last.data.ticket_code === drawn);
    await expect(200, cancel(person(1), id));
    await viewer.until(({ last }) => last?.data.id === id && last.data.status === -1);
    const states = viewer.last?.data.history.map(({ state }) => state);
    assert.deepEqual(states, ['occupying', 'paying', 'complete', 'refunding', 'releasing', 'canceled']);
    assert.ok(!viewer.events.some(({ data }) => data.id === other || data.user_id !== person(1).id));
    assert.equal((await system.client.ask('GET', '/book/live')).status, 401);
  });

  test('transitions made by another replica as well; after a reconnect only what changed meanwhile', async (t) => {
    const second = await startSystem(system.database);
    t.after(() => second.stop());
    const eventId = await newEvent({ price: 0, slots: 99 });
    const before = await booked(person(2), eventId);
    await untilAllBeforeHaveEnded(system.database);
    const viewer = await watch(person(2), second);
    const stays = await watch(person(2), second);
    t.after(() => stays.close());
    await viewer.until(({ events }) => events.some(({ data }) => data.id === before));
    const beganMs = performance.now();
    const id = await booked(person(2), eventId);
    await viewer.until(({ events }) => events.some(({ data }) => data.id === id && data.status === 4));
    t.diagnostic(`${kind}: seen on another replica after ${(performance.now() - beganMs).toFixed(0)} ms`);
    const lastSeen = viewer.lastEventId;
    viewer.close();
    const later = await booked(person(2), eventId);
    await stays.until(({ events }) => events.some(({ data }) => data.id === later && data.status === 4));
    const back = await watch(person(2), second, { 'last-event-id': lastSeen });
    t.after(() => back.close());
    await back.until(({ events }) => events.some(({ data }) => data.id === later));
    assert.ok(!back.events.some(({ data }) => data.id === before));
  });

  test('an old booking, outside the newest page, when it changes', async (t) => {
    const eventId = await newEvent({ price: 0, slots: 99 });
    const old = await booked(person(3), eventId);
    for (let index = 0; index < 12; index += 1) await booked(person(3), eventId);
    const viewer = await watch(person(3));
    t.after(() => viewer.close());
    await viewer.until(({ events }) => events.length >= 10);
    assert.ok(!viewer.events.some(({ data }) => data.id === old));
    await expect(200, cancel(person(3), old));
    await viewer.until(({ last }) => last?.data.id === old && last.data.status === -1);
  });
}
