import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { BookingAnswer, BookingItem } from '../../contracts/book/schemas.ts';
import type { Kind } from '../support/databases/databases.ts';
import { brokenRules } from '../support/money.ts';
import { createPlace, type Place, type Program, startProgram } from '../support/program.ts';
import {
  bookingIn,
  type Client,
  createEvent,
  createPeople,
  expect,
  type Person,
  signInAdmin,
} from '../support/system.ts';
import { until } from '../support/until.ts';

/**
 * Repeatedly kills a Startlist under load, and checks that every booking settles and that every answer was true.
 * @param kills the number of kills that must interrupt an open booking; other kills are not counted.
 */
export async function killAmidLoad(t: TestContext, kind: Kind, kills: number): Promise<void> {
  const place = await createPlace(kind);
  let running: Program = startProgram(place.environment);
  try {
    const load = await prepare(await running.ready);
    await running.end('SIGTERM');
    let counted = 0;
    let lastId = 0;
    for (let kill = 0; counted < kills; kill += 1) {
      assert.ok(kill < 2 * kills + 5, `only ${counted} of ${kill} kills met an open booking`);
      running = startProgram(place.environment);
      const over = keepAsking(await running.ready, load);
      await answered(load, 5 + 20 * (kill % 7));
      await delay(3 * (kill % 10));
      assert.equal(await running.end('SIGKILL'), 'SIGKILL');
      await over;
      const left = await leftOpen(place, lastId);
      lastId = left.lastId;
      if (left.open > 0) counted += 1;
      t.diagnostic(`kill ${kill + 1}: ${load.answers.size} answered so far, ${left.open} of this load left open`);
    }
    running = startProgram(place.environment);
    const client = await running.ready;
    await until('all bookings are settled', async () => (await countOpen(client, load.people)) === 0);
    assert.equal(await running.end('SIGTERM'), 0);
    assert.deepEqual(await place.look(brokenRules), {});
    await assertAnswersAreTrue(place, load);
  } finally {
    await running.end('SIGKILL');
    await place.remove();
  }
}

/** The number of open bookings above an id: those with lower ids may have been left open by an earlier kill. */
async function leftOpen(place: Place, above: number): Promise<{ readonly lastId: number; readonly open: number }> {
  const [left] = await place.read<{ lastId: number; open: number }>(`
    select coalesce(max(id), 0) as "lastId", (count(*) filter (where due_at is not null and id > ${above}))::int as open
      from book.booking`);
  assert.ok(left);
  return left;
}

/** The requests sent to the system, and its answers. */
interface Load {
  readonly people: readonly Person[];
  readonly eventIds: readonly number[];
  /** The last answer for each booking, with its HTTP status, which is 202 if the booking was not settled. */
  readonly answers: Map<number, { readonly status: number; readonly booking: BookingAnswer }>;
  /** For each person: the number of deposits that were sent, and how many of these were answered. */
  readonly deposits: Map<number, { sent: number; answered: number }>;
}

/** Prepares four events, one of them without a price, an id without an event, and people with some money. */
async function prepare(client: Client): Promise<Load> {
  const admin = await signInAdmin(client);
  const people = await createPeople(client, 8, 150);
  const deposits = new Map(people.map(({ id }) => [id, { sent: 150, answered: 150 }]));
  const eventIds = [
    await createEvent(client, admin, { price: 5, slots: 60 }),
    await createEvent(client, admin, { price: 3, slots: 100_000 }),
    await createEvent(client, admin, { price: 0, slots: 300 }),
    999_999,
  ];
  return { people, eventIds, answers: new Map(), deposits };
}

/** Sends requests on 48 connections until the connections break. */
async function keepAsking(client: Client, load: Load): Promise<void> {
  const asking = Array.from({ length: 48 }, async (_, connection) => {
    for (let turn = 0; ; turn += 1) {
      const person = load.people[connection % load.people.length] as Person;
      if ((connection + turn) % 9 === 0) await addMoney(client, load, person);
      else await addBooking(client, load, person, turn);
    }
  });
  const ends = await Promise.allSettled(asking);
  for (const end of ends) {
    if (end.status === 'rejected' && !/ECONN|socket hang up|EPIPE/.test(`${end.reason.code} ${end.reason}`))
      throw end.reason;
  }
}

async function addMoney(client: Client, { deposits }: Load, { id, cookie }: Person): Promise<void> {
  const money = deposits.get(id);
  assert.ok(money);
  money.sent += 1;
  await expect(200, client.ask('PUT', '/account/deposit', { cookie, body: { delta: 1 } }));
  money.answered += 1;
}

async function addBooking(
  client: Client,
  { eventIds, answers }: Load,
  { cookie }: Person,
  turn: number,
): Promise<void> {
  const body = { event_id: eventIds[turn % eventIds.length] };
  const headers = turn % 5 === 0 ? { prefer: 'respond-async' } : {};
  const answer = await client.ask('POST', '/book/create', { cookie, body, headers });
  assert.ok(answer.status === 201 || answer.status === 202, `${answer.status}: ${answer.text}`);
  const booking = bookingIn(answer);
  answers.set(booking.id, { status: answer.status, booking });
  if (turn % 7 !== 0) return;
  // From here on the booking may be canceled even if the answer is lost.
  answers.set(booking.id, { status: 202, booking });
  const canceled = await client.ask('POST', '/book/cancel', { cookie, body: { booking_id: booking.id } });
  assert.ok(canceled.status === 200 || canceled.status === 202, `${canceled.status}: ${canceled.text}`);
  answers.set(booking.id, { status: canceled.status, booking: bookingIn(canceled) });
}

/** Waits until requests for this many more bookings have been answered. */
async function answered({ answers }: Load, more: number): Promise<void> {
  const enough = answers.size + more;
  await until(`${more} more bookings are answered`, () => answers.size >= enough);
}

async function countOpen(client: Client, people: readonly Person[]): Promise<number> {
  let open = 0;
  for (const { cookie } of people) {
    for (let next: string | undefined = '/book/get'; next !== undefined; ) {
      const page = await client.ask('GET', next, { cookie });
      const bookings = page.json as BookingItem[];
      open += bookings.filter(({ status }) => status !== 4 && status !== -1).length;
      [, next] = /<([^>]+)>; rel="next"/.exec(String(page.headers.link)) ?? [];
    }
  }
  return open;
}

/** Checks that every answer is true, and that every booking that was answered with 202 has settled. */
async function assertAnswersAreTrue(place: Place, { answers, deposits }: Load): Promise<void> {
  const rows = await place.read<BookingAnswer & { price: number | null; reason: string | null }>(
    'select id, person_id as user_id, event_id, price, status, reason from book.booking',
  );
  const stored = new Map(
    rows.map(({ price, reason, ...row }) => [
      row.id,
      { ...row, ...(price !== null && { price }), ...(reason && { reason }) },
    ]),
  );
  for (const { status, booking } of answers.values()) {
    const { id, user_id, event_id } = booking;
    const { price: _price, reason: _reason, status: _status, ...same } = stored.get(id) ?? {};
    if (status !== 202) assert.deepEqual(stored.get(id), booking);
    else assert.deepEqual(same, { id, user_id, event_id });
  }
  const accounts = await place.read<{ id: number; deposited: number }>(
    'select person_id as id, deposited from account.account',
  );
  for (const { id, deposited } of accounts) {
    const { sent, answered } = deposits.get(id) ?? { sent: 0, answered: 0 };
    assert.ok(answered <= deposited && deposited <= sent, `${deposited} of ${sent} stored, ${answered} answered`);
  }
}
