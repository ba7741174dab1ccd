import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Attacker } from '../support/floods.ts';
import { createPlace, type Place, type Program, startProgram } from '../support/program.ts';
import { book, type Client, createEvent, createPeople, type Person, signInAdmin, tally } from '../support/system.ts';

const elsewhere = process.platform !== 'linux' && 'floods: skipped, because one machine has one address here';
const perAddress = 40;

describe('a real process, with its limits on, under attack', { skip: elsewhere }, () => {
  const target = withTarget();
  connections(target);
  requests(target);

  test('after the attacks the process is as it was before', async () => {
    for (const attacker of target.attackers) attacker.stop();
    assert.equal((await target.client.ask('GET', '/ready')).status, 200);
    await target.bookInPeace(1);
    assert.equal(target.program.written.stderr, '');
  });
});

type Target = ReturnType<typeof withTarget>;

/** The fixture of the suite: a Startlist process, people who book there, and attackers. */
function withTarget() {
  let place: Place;
  let program: Program;
  let client: Client;
  let people: Person[];
  let eventId: number;
  const attackers: Attacker[] = [];
  before(async () => {
    place = await createPlace('PGlite');
    program = startProgram({
      ...place.environment,
      RATE_LIMITS: 'on',
      RATE_LIMIT_ADDRESS: '60/1m',
      RATE_LIMIT_LOGIN: '5/1m',
      RATE_LIMIT_LOGIN_ADDRESS: '10/1m',
      MAX_CONNECTIONS_PER_ADDRESS: String(perAddress),
    });
    client = await program.ready;
    eventId = await createEvent(client, await signInAdmin(client), { price: 1, slots: 10_000 });
    people = await createPeople(client, 4, 1_000);
  });
  after(async () => {
    for (const attacker of attackers) attacker.stop();
    await program.end('SIGTERM');
    await place.remove();
  });
  return {
    attackers,
    get program() {
      return program;
    },
    get client() {
      return client;
    },
    get people() {
      return people;
    },
    /** Creates an attacker that connects from this address. */
    attackerAt(from: string): Attacker {
      const attacker = new Attacker(client.address, from);
      attackers.push(attacker);
      return attacker;
    },
    /** Every person books this many times, all people concurrently. Every booking must complete. */
    async bookInPeace(times: number): Promise<void> {
      const statuses: string[] = [];
      const bookSome = async (person: Person) => {
        for (let time = 0; time < times; time += 1) {
          const answer = await book(client, person, eventId);
          statuses.push(`${answer.status} ${(answer.json as { status: number }).status}`);
        }
      };
      await Promise.all(people.map(bookSome));
      assert.deepEqual(tally(statuses, String), { '201 4': people.length * times });
    },
  };
}

function connections({ attackerAt, bookInPeace }: Target): void {
  test('a flood of connections from one address gets its share and no more, and bookings go on', async () => {
    const attacker = attackerAt('127.0.0.2');
    await attacker.hold(1_000);
    await bookInPeace(10);
    // The server closes surplus connections at once, but the attacker notices this a little later.
    const beganMs = performance.now();
    while (attacker.held > perAddress && performance.now() - beganMs < 5_000) await delay(20);
    assert.ok(attacker.held <= perAddress, `${attacker.held} are held`);
    attacker.stop();
  });

  test('slow headers and slow bodies are cut off soon, and bookings go on meanwhile', async () => {
    const [headers, bodies, silent] = [attackerAt('127.0.0.3'), attackerAt('127.0.0.4'), attackerAt('127.0.0.5')];
    const startedMs = performance.now();
    await Promise.all([
      headers.hold(perAddress, 'GET /events/get HTTP/1.1\r\nHost: x\r\nX-Slow: '),
      bodies.hold(perAddress, 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n'),
      silent.hold(perAddress),
    ]);
    assert.deepEqual([headers.held, bodies.held, silent.held], [perAddress, perAddress, perAddress]);
    while (headers.held + silent.held > 0) {
      headers.drip();
      bodies.drip();
      await bookInPeace(2);
      await delay(200);
      assert.ok(performance.now() - startedMs < 60_000, `${headers.held} and ${silent.held} are still held`);
    }
    assert.ok(performance.now() - startedMs > 9_000, 'a client on a slow connection has ten seconds');
  });
}

function requests(target: Target): void {
  const { attackerAt, bookInPeace } = target;
  test('endless bodies are refused at their beginning, and bookings go on', async () => {
    const attacker = attackerAt('127.0.0.6');
    await attacker.hold(
      20,
      `POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n${'x'.repeat(100_000)}`,
    );
    await bookInPeace(5);
    await delay(200);
    assert.equal(await attackerAt('127.0.0.7').ask('POST', '/login', 'x'.repeat(100_000)), 413);
  });

  test('a flood of requests from one address is refused beyond its rate, and bookings go on', async () => {
    const attacker = attackerAt('127.0.0.8');
    const flood: Promise<number | undefined>[] = [];
    for (let wave = 0; wave < 10; wave += 1) {
      flood.push(...Array.from({ length: 30 }, () => attacker.ask('GET', '/events/get')));
      await bookInPeace(1);
    }
    const statuses = tally(await Promise.all(flood), String);
    assert.equal(statuses['200'], 60);
    assert.ok((statuses['429'] ?? 0) > 100, JSON.stringify(statuses));
    assert.equal(await attackerAt('127.0.0.9').ask('GET', '/events/get'), 200);
  });

  test('a storm of wrong passwords is refused without hashing, bookings go on, and the person signs in', async () => {
    const attacker = attackerAt('127.0.0.10');
    const [victim] = target.people;
    const guess = JSON.stringify({ login: victim?.login, password: 'a guess' });
    const storm = Array.from({ length: 40 }, () => attacker.ask('POST', '/login', guess));
    await bookInPeace(5);
    const statuses = tally(await Promise.all(storm), String);
    assert.deepEqual(statuses, { '401': 5, '429': 35 });
    const body = { login: victim?.login, password: 'password 0' };
    assert.equal((await target.client.ask('POST', '/login', { body })).status, 200);
  });
}
