import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../platform/database/database.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { createDatabase, eachDatabase, type Kind, type Open } from '../support/databases/databases.ts';
import { brokenRules } from '../support/money.ts';
import { createPlace, startProgram } from '../support/program.ts';
import { TcpProxy } from '../support/proxy.ts';
import {
  type Answer,
  book,
  bookingIn,
  Client,
  createEvent,
  createPeople,
  expect,
  type Person,
  readBalance,
  type System,
  signInAdmin,
  startSystem,
  withSystem,
} from '../support/system.ts';
import { until } from '../support/until.ts';

const price = 5;
const withKey = (key: string) => ({ 'idempotency-key': `"${key}"` });
const problemOf = ({ json }: Answer) => (json as { type: string }).type.replace('urn:startlist:problem:', '');

const bookingsOf = (client: Client, { cookie }: Person) =>
  expect<{ id: number; status: number }[]>(200, client.ask('GET', '/book/get', { cookie }));

/** Repeats a request as long as the answer is that an earlier one with the same key is still running. */
async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 409 || problemOf(answer) !== 'idempotency_key_in_flight') return answer;
    assert.equal(answer.headers['retry-after'], '1');
    await delay(5);
  }
}

/** Blocks the transactions of a database while it is closed. */
class Gate {
  #isOpen: Promise<void> = Promise.resolve();

  around(database: Database): Database {
    return {
      ...database,
      transaction: async (work) => {
        await this.#isOpen;
        return database.transaction(work);
      },
    };
  }

  /** Closes the gate. @returns a function that opens it again. */
  close(): () => void {
    let open = () => {};
    this.#isOpen = new Promise((resolve) => (open = resolve));
    return open;
  }
}

eachDatabase((kind, open) => {
  describe('a request with an Idempotency-Key', () => {
    const repeats = withRepeats(open);
    bookings(repeats);
    otherRoutes(repeats);
    repeatsAtOnce(repeats);
    moneyAddsUp(repeats);
  });
  killedUnderLoad(kind);
  if (kind === 'PostgreSQL') twoReplicas();
});

type Repeats = ReturnType<typeof withRepeats>;

/** An event with slots for all people, and a gate that can make the account service wait. */
function withRepeats(open: Open) {
  const account = new Gate();
  let admin: Person;
  let eventId: number;
  const system = withSystem(open, {
    databases: (opened) => ({ auth: opened, events: opened, account: account.around(opened), book: opened }),
    async prepare({ client }) {
      admin = await signInAdmin(client);
      eventId = await createEvent(client, admin, { price, slots: 100_000 });
    },
  });

  let people = 0;
  return {
    system,
    account,
    admin: () => admin,
    eventId: () => eventId,
    async newPerson(money = 100): Promise<Person> {
      people += 1;
      const [person] = await createPeople(system.client, 1, money, `person-${people}`);
      return person as Person;
    },
    bookRun: (person: Person, headers = {}, of = eventId) => book(system.client, person, of, headers),
  };
}

function bookings({ system, admin, eventId, newPerson, bookRun }: Repeats): void {
  test('POST /book/create: a repeat is answered with the same booking, and nothing is paid twice', async () => {
    const person = await newPerson();
    const first = await bookRun(person, withKey('a'));
    const again = await bookRun(person, withKey('a'));
    assert.equal(first.status, 201);
    assert.deepEqual(
      [again.status, again.text, again.headers.location],
      [first.status, first.text, first.headers.location],
    );
    assert.equal((await bookingsOf(system.client, person)).length, 1);
    assert.equal(await readBalance(system.client, person), 100 - price);
  });

  test('a repeat after a cancellation answers the canceled booking', async () => {
    const person = await newPerson();
    const { id } = bookingIn(await bookRun(person, withKey('a')));
    await expect(200, system.client.ask('POST', '/book/cancel', { cookie: person.cookie, body: { booking_id: id } }));
    const again = await bookRun(person, withKey('a'));
    assert.deepEqual(again.json, {
      id,
      user_id: person.id,
      event_id: eventId(),
      price,
      status: -1,
      reason: 'by_owner',
    });
  });

  test('a repeat after a 202 waits for the same booking', async () => {
    const person = await newPerson();
    const first = await bookRun(person, { ...withKey('a'), prefer: 'respond-async' });
    assert.equal(first.status, 202);
    const again = await bookRun(person, withKey('a'));
    assert.equal(again.status, 201);
    assert.equal(bookingIn(again).id, bookingIn(first).id);
    assert.equal(bookingIn(again).status, 4);
    assert.equal((await bookingsOf(system.client, person)).length, 1);
  });

  test('the quotes around the key are optional', async () => {
    const person = await newPerson();
    const first = await bookRun(person, { 'idempotency-key': 'one-key' });
    assert.equal((await bookRun(person, withKey('one-key'))).text, first.text);
  });

  test('the same key with another body is 422, and changes nothing', async () => {
    const person = await newPerson();
    await expect(201, bookRun(person, withKey('a')));
    const other = await bookRun(person, withKey('a'), eventId() + 1_000);
    assert.equal(other.status, 422);
    assert.equal(problemOf(other), 'idempotency_key_reused');
    assert.equal((await bookingsOf(system.client, person)).length, 1);
  });

  test('the same key of another person or on another route is a different key', async () => {
    const [one, two] = [await newPerson(), await newPerson()];
    const first = bookingIn(await bookRun(one, withKey('a')));
    const second = bookingIn(await bookRun(two, withKey('a')));
    assert.notEqual(first.id, second.id);
    const call = { cookie: one.cookie, headers: withKey('a'), body: { booking_id: first.id } };
    await expect(200, system.client.ask('POST', '/book/cancel', call));
    await expect(200, system.client.ask('PUT', '/account/deposit', { ...call, body: { delta: 1 } }));
  });

  for (const header of ['', '""', 'a b', '"a", "b"', `"${'x'.repeat(256)}"`, '"ä"']) {
    test(`an invalid key is 400: ${header.slice(0, 10)}`, async () => {
      const answer = await bookRun(admin(), {
        'idempotency-key': Buffer.from(header).toString('latin1'),
      });
      assert.equal(answer.status, 400);
      assert.equal((answer.json as { field?: string }).field, 'Idempotency-Key');
    });
  }
}

function otherRoutes({ system, admin, eventId, newPerson, bookRun }: Repeats): void {
  test('PUT /account/deposit: a repeat adds nothing, and a refusal stays a refusal', async () => {
    const person = await newPerson(0);
    const put = (key: string, delta: number) =>
      system.client.ask('PUT', '/account/deposit', { cookie: person.cookie, headers: withKey(key), body: { delta } });
    assert.deepEqual((await put('a', 7)).json, { balance: 7 });
    assert.deepEqual((await put('b', 2)).json, { balance: 9 });
    assert.deepEqual((await put('a', 7)).json, { balance: 7 });
    assert.equal((await put('a', 8)).status, 422);
    const refused = await put('c', Number.MAX_SAFE_INTEGER);
    assert.equal(refused.status, 409);
    assert.deepEqual((await put('c', Number.MAX_SAFE_INTEGER)).json, refused.json);
    assert.equal(await readBalance(system.client, person), 9);
  });

  test('POST /events/create and /events/cancel: one event, and the first answer', async () => {
    const { cookie } = admin();
    const create = { cookie, headers: withKey('an event'), body: { event_name: 'run', price, total_slots: 3 } };
    const first = await system.client.ask('POST', '/events/create', create);
    const again = await system.client.ask('POST', '/events/create', create);
    assert.deepEqual([again.status, again.text, again.headers.location], [201, first.text, first.headers.location]);
    const { id } = first.json as { id: number };
    const cancel = { cookie, headers: withKey('an event'), body: { event_id: id } };
    const canceled = await system.client.ask('POST', '/events/cancel', cancel);
    assert.deepEqual((await system.client.ask('POST', '/events/cancel', cancel)).json, canceled.json);
    const other = { ...cancel, body: { event_id: eventId() } };
    assert.equal((await system.client.ask('POST', '/events/cancel', other)).status, 422);
  });

  test('a refusal is repeated: 403 for a person who creates an event', async () => {
    const person = await newPerson(0);
    const call = {
      cookie: person.cookie,
      headers: withKey('a'),
      body: { event_name: 'mine', price: 1, total_slots: 1 },
    };
    const [first, again] = [
      await system.client.ask('POST', '/events/create', call),
      await system.client.ask('POST', '/events/create', call),
    ];
    assert.deepEqual([again.status, again.json], [403, first.json]);
  });

  test('a 401 is not stored: the same key works after signing in', async () => {
    const person = await newPerson();
    const call = { headers: withKey('a'), body: { event_id: eventId() } };
    assert.equal((await system.client.ask('POST', '/book/create', call)).status, 401);
    assert.equal((await system.client.ask('POST', '/book/create', { ...call, cookie: person.cookie })).status, 201);
  });

  test('POST /book/cancel: a repeat answers the booking as it is now; the key with another booking is 422', async () => {
    const person = await newPerson();
    const [one, two] = [await bookRun(person), await bookRun(person)].map(bookingIn);
    const cancel = (id = 0) =>
      system.client.ask('POST', '/book/cancel', {
        cookie: person.cookie,
        headers: withKey('c'),
        body: { booking_id: id },
      });
    const first = await cancel(one?.id);
    assert.deepEqual([first.status, bookingIn(first).status], [200, -1]);
    assert.deepEqual((await cancel(one?.id)).json, first.json);
    assert.equal((await cancel(two?.id)).status, 422);
    assert.equal(await readBalance(system.client, person), 100 - price);
  });
}

function repeatsAtOnce({ system, account, eventId, newPerson, bookRun }: Repeats): void {
  test('5 keys, 20 times each at once: 5 bookings, 5 payments, and one answer for each key', async () => {
    const person = await newPerson(1_000);
    const keys = Array.from({ length: 100 }, (_, index) => index % 5);
    const answers = await Promise.all(
      keys.map(async (key) => [key, (await bookRun(person, withKey(`${key}`))).text] as const),
    );
    assert.equal(new Set(answers.map((each) => each.join())).size, 5);
    assert.equal((await bookingsOf(system.client, person)).length, 5);
    assert.equal(await readBalance(system.client, person), 1_000 - 5 * price);
  });

  test('5 deposits, 20 times each at once: each is made once', async () => {
    const person = await newPerson(0);
    const deposit = (key: number) => () =>
      system.client.ask('PUT', '/account/deposit', {
        cookie: person.cookie,
        headers: withKey(`${key}`),
        body: { delta: 1 + key },
      });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => insist(deposit(index % 5))));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(await readBalance(system.client, person), 15);
    assert.equal(new Set(answers.map(({ text }) => text)).size, 5);
  });

  test('the connection breaks between the write and its answer: the repeat gets the answer of the first', async () => {
    const proxy = await TcpProxy.open([Number(new URL(system.client.address).port)]);
    const through = new Client(`http://127.0.0.1:${proxy.port}`);
    const person = await newPerson();
    const isPayable = account.close();
    try {
      const first = book(through, person, eventId(), withKey('a'));
      first.catch(() => {});
      await until('the booking is stored', async () => (await bookingsOf(system.client, person)).length > 0);
      proxy.cut();
      await assert.rejects(first);
      const again = book(through, person, eventId(), withKey('a'));
      isPayable();
      const [stored] = await bookingsOf(system.client, person);
      assert.deepEqual([(await again).status, bookingIn(await again).id], [201, stored?.id]);
      assert.equal((await bookingsOf(system.client, person)).length, 1);
      assert.equal(await readBalance(system.client, person), 100 - price);
    } finally {
      isPayable();
      through.close();
      await proxy.close();
    }
  });
}

/** Must run after all other tests, because it checks the bookings that they have made. */
function moneyAddsUp({ system }: Repeats): void {
  test('the money moved in these tests adds up', async () => {
    await until(
      'all bookings are settled',
      async () => (await brokenRules(system.database))['no booking is open'] === undefined,
    );
    assert.deepEqual(await brokenRules(system.database), {});
  });
}

function killedUnderLoad(kind: Kind): void {
  test('killed under load, then repeated with the same keys: one booking and one payment for each', {
    timeout: 300_000,
  }, async () => {
    // There are fewer kills with PGlite, because it takes seconds to start.
    const kills = kind === 'PGlite' ? 1 : 2;
    const place = await createPlace(kind);
    // Some seconds after a kill, recovery takes over the bookings that the kill left open. The repeated requests wait
    // until then, even on a slow machine.
    const environment = { ...place.environment, BOOK_WAIT_MS: '60000' };
    let running = startProgram(environment);
    try {
      let at = await running.ready;
      const boss = await signInAdmin(at);
      const id = await createEvent(at, boss, { price, slots: 100_000 });
      const crowd = await createPeople(at, 6, 1_000);
      const keys = Array.from({ length: kills * 20 }, (_, index) => `${index}`);
      const told = new Map<string, number>();
      const ask = (person: Person, key: string) =>
        book(at, person, id, withKey(key)).then(
          (answer) => void (answer.status < 300 && told.set(`${person.id} ${key}`, bookingIn(answer).id)),
          () => {},
        );
      for (let kill = 0; kill < kills; kill += 1) {
        const asking = crowd.map(async (person) => {
          for (const key of keys.slice(kill * 20, kill * 20 + 20)) await ask(person, key);
        });
        await delay(30 + 40 * kill);
        await running.end('SIGKILL');
        await Promise.all(asking);
        running = startProgram(environment);
        at = await running.ready;
      }
      const answers = await Promise.all(
        crowd.map(async (person) =>
          Promise.all(
            keys.map(async (key) => {
              const answer = await book(at, person, id, withKey(key));
              const before = told.get(`${person.id} ${key}`) ?? bookingIn(answer).id;
              assert.deepEqual([answer.status, bookingIn(answer).id, bookingIn(answer).status], [201, before, 4]);
              return before;
            }),
          ),
        ),
      );
      for (const [index, person] of crowd.entries()) {
        const own = await bookingsOf(at, person);
        assert.deepEqual(
          own.map((booking) => booking.id),
          answers[index]?.toSorted((a, b) => a - b),
        );
        assert.equal(await readBalance(at, person), 1_000 - keys.length * price);
      }
      assert.ok(told.size < crowd.length * keys.length, 'no kill interrupted a request');
      await running.end('SIGTERM');
      assert.deepEqual(await place.look(brokenRules), {});
    } finally {
      await running.end('SIGKILL');
      await place.remove();
    }
  });
}

function twoReplicas(): void {
  test('two replicas on one database, the same keys sent to both at once: one booking for each', async () => {
    const fresh = await createDatabase();
    const pools = [openPostgres(fresh.url), openPostgres(fresh.url)];
    const replicas: System[] = [];
    try {
      for (const pool of pools) replicas.push(await startSystem(pool));
      const [one, two] = replicas.map(({ client: at }) => at) as [Client, Client];
      const boss = await signInAdmin(one);
      const id = await createEvent(one, boss, { price, slots: 10_000 });
      const [person] = (await createPeople(one, 1, 1_000)) as [Person];
      const keys = Array.from({ length: 400 }, (_, index) => index % 20);
      const answers = await Promise.all(
        keys.map(async (key, index) => {
          const answer = await book(index % 3 === 0 ? one : two, person, id, withKey(`${key}`));
          return `${key} ${answer.status} ${answer.text}`;
        }),
      );
      assert.equal(new Set(answers).size, 20, [...new Set(answers)].join('\n'));
      assert.ok(answers.every((answer) => /^\d+ 201 /.test(answer)));
      assert.equal((await bookingsOf(two, person)).length, 20);
      assert.equal(await readBalance(two, person), 1_000 - 20 * price);
      assert.deepEqual(await brokenRules(pools[0] as Database), {});
    } finally {
      for (const replica of replicas) await replica.stop();
      for (const pool of pools) await pool.close();
      await fresh.drop();
    }
  });
}
