import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import type { Person } from '../../contracts/auth/calls.ts';
import type { Database } from '../../platform/database/database.ts';
import { createServer, type Server } from '../../platform/http/server.ts';
import { createSessions } from '../../platform/http/sessions.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { createAuth } from '../service.ts';
import { AttemptLimiter } from './attempt-limits.ts';
import { type AttemptStore, createAttemptStore } from './store.ts';

const minuteMs = 60_000;
const rates = {
  login: { count: 3, windowMs: 10 * minuteMs },
  loginAccount: { count: 7, windowMs: 30 * minuteMs },
  loginAddress: { count: 5, windowMs: 10 * minuteMs },
  register: { count: 4, windowMs: 60 * minuteMs },
};

const home = '192.0.2.1';
const strange = (n: number) => `198.51.100.${n}`;

/** Formats a password as an argon2id hash of the current cost, without computing one. */
const hashOf = (password: string | Buffer) =>
  `$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBhbmQgc2FsdA$${Buffer.from(password).toString('base64').replaceAll('=', '')}`;

test('an attempt within the limit passes, although a later one was refused before it', async () => {
  const counted: (() => void)[] = [];
  const endsAt = new Date(Date.now() + minuteMs);
  const store = {
    areKnown: async () => [false, false],
    dropOld: async () => {},
    takeBack: async () => {},
    count: (attempts: readonly unknown[]) => {
      const count = counted.length + rates.login.count;
      return new Promise((resolve) => counted.push(() => resolve(attempts.map(() => ({ count, endsAt })))));
    },
  } as unknown as AttemptStore;
  const attempts = new AttemptLimiter(store, rates, realWorld(), createLog('silent'));
  const request = { ip: home, cookies: {} } as FastifyRequest;
  const both = [attempts.logIn(request, 'ada'), attempts.logIn(request, 'ada')];
  const settled = Promise.allSettled(both);
  while (counted.length < 2) await new Promise(setImmediate);
  counted[1]?.();
  await Promise.race(both).catch(() => {});
  counted[0]?.();
  assert.deepEqual((await settled).map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

interface Attempt {
  readonly login?: string;
  readonly password?: string;
  readonly from?: string;
  readonly device?: string;
  readonly by?: 'first' | 'second';
}

const right = { password: 'userpassword' };

type Limits = ReturnType<typeof withLimits>;

/** Two replicas of auth with low limits. Each test begins without counted attempts. Only tests advance the clock. */
function withLimits(open: Open) {
  let database: Database;
  let replicas: Record<'first' | 'second', Server>;
  let nowMs = Date.UTC(2030, 0, 1);
  /** The number of passwords compared. */
  let hashed = 0;
  /** Password comparisons wait for this promise. */
  let allAreThere: Promise<void>;

  const hashing = {
    hash: async (password: string | Buffer) => hashOf(password),
    verify: async (hash: string | Buffer, password: string | Buffer) => {
      hashed += 1;
      await allAreThere;
      return hash === hashOf(password);
    },
  };

  async function startReplica(): Promise<Server> {
    const world = { ...realWorld(), now: () => nowMs };
    const log = createLog('silent');
    const auth = await createAuth({ database, world, log, demo: true, hashing: hashing as never, rates });
    const started = createServer(log, { edge: { origins: [] }, world });
    auth.routes(started, createSessions<Person>(world, auth.auth.resolve));
    return started;
  }

  before(async () => {
    database = await open();
    replicas = { first: await startReplica(), second: await startReplica() };
  });
  beforeEach(async () => {
    // Ends all windows that the replicas have cached.
    nowMs += 24 * 60 * minuteMs;
    for (const table of ['attempt', 'known_place']) await database.query(`delete from auth.${table}`);
    hashed = 0;
    allAreThere = Promise.resolve();
  });

  const logIn = ({ login = 'user', password = 'wrong', from = home, device, by = 'first' }: Attempt) =>
    replicas[by].inject({
      method: 'POST',
      url: '/login',
      remoteAddress: from,
      payload: { login, password },
      ...(device !== undefined && { cookies: { device_id: device } }),
    });
  const statusOf = async (attempt: Attempt) => (await logIn(attempt)).statusCode;

  return {
    get database() {
      return database;
    },
    get nowMs() {
      return nowMs;
    },
    get hashed() {
      return hashed;
    },
    pass(ms: number): void {
      nowMs += ms;
    },
    /** Makes password comparisons wait. @returns a function that lets them continue. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      allAreThere = promise;
      return resolve;
    },
    logIn,
    statusOf,
    async statuses(times: number, attempt: Attempt): Promise<number[]> {
      const found: number[] = [];
      for (let time = 0; time < times; time += 1) found.push(await statusOf(attempt));
      return found;
    },
    async deviceOf(attempt: Attempt): Promise<string> {
      const { cookies } = await logIn(attempt);
      return cookies.find(({ name }) => name === 'device_id')?.value ?? '';
    },
    register(login: string, from = home) {
      const person = { password: 'a long password', email: 'x@example.org', first_name: 'X', last_name: 'Y' };
      const payload = { login, ...person };
      return replicas.first.inject({ method: 'POST', url: '/register', remoteAddress: from, payload });
    },
  };
}

eachDatabase((_kind, open) => {
  const limits = withLimits(open);
  guesses(limits);
  spreadGuesses(limits);
  rightPasswords(limits);
  registrations(limits);
  storedAttempts(limits);
});

/** Password guesses at one account from one address. */
function guesses(limits: Limits): void {
  const { logIn, pass, statuses, statusOf } = limits;

  test('wrong passwords from one place: refused beyond the rate without hashing, and accepted again later', async () => {
    assert.deepEqual(await statuses(5, {}), [401, 401, 401, 429, 429]);
    assert.equal(limits.hashed, 3);
    const refused = await logIn(right);
    assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [429, '600']);
    assert.equal(refused.json().type, 'urn:startlist:problem:too_many_requests');
    pass(10 * minuteMs);
    assert.equal(await statusOf(right), 200);
  });

  test('replicas count together', async () => {
    assert.deepEqual(await statuses(2, {}), [401, 401]);
    assert.deepEqual(await statuses(2, { by: 'second' }), [401, 429]);
    assert.deepEqual(await statuses(1, {}), [429]);
  });

  test('a thousand simultaneous guesses get no more tries than sequential ones', async () => {
    const found = await Promise.all(Array.from({ length: 50 }, (_, n) => statusOf({ by: n % 2 ? 'first' : 'second' })));
    assert.equal(found.filter((status) => status === 401).length, 3);
    assert.equal(limits.hashed, 3);
  });

  test('minutes of guessing get no more tries, although refused attempts are not counted', async () => {
    const found: number[] = [];
    for (let second = 0; second < 100; second += 1) {
      const guesses = Array.from({ length: 6 }, (_, n) => statusOf({ by: n % 2 ? 'first' : 'second' }));
      found.push(...(await Promise.all(guesses)));
      pass(1_100);
    }
    assert.equal(found.filter((status) => status === 401).length, 3);
    assert.equal(limits.hashed, 3);
  });

  test('an unknown login is counted like any other: the limits do not reveal which logins exist', async () => {
    const [known, unknown] = [await statuses(5, {}), await statuses(5, { login: 'unknown', from: strange(1) })];
    assert.deepEqual(known, unknown);
    assert.deepEqual(await statuses(1, { login: ' USER ' }), [429], 'in any spelling');
  });
}

/** Password guesses from many addresses, or at many accounts. */
function spreadGuesses({ deviceOf, statuses, statusOf }: Limits): void {
  test('a guessing stranger locks out only themselves: the person signs in at home, and elsewhere with a known browser', async () => {
    const device = await deviceOf(right);
    assert.match(device, /^[0-9a-f-]{36}$/);
    for (let n = 1; n <= 9; n += 1) await statuses(3, { from: strange(n) });
    assert.equal(await statusOf({ ...right, from: strange(99) }), 429, 'strangers are refused everywhere');
    assert.equal(await statusOf({ ...right, from: home }), 200);
    assert.equal(await statusOf({ ...right, from: strange(98), device }), 200);
  });

  test('guesses from many addresses on one account are limited', async () => {
    const found: number[] = [];
    for (let n = 1; n <= 10; n += 1) found.push(await statusOf({ from: strange(n) }));
    assert.deepEqual(found, [401, 401, 401, 401, 401, 401, 401, 429, 429, 429]);
  });

  test('guesses from one address on many accounts are limited, and other people sign in meanwhile', async () => {
    const found: number[] = [];
    for (let n = 1; n <= 7; n += 1) found.push(await statusOf({ login: `unknown-${n}`, from: strange(1) }));
    assert.deepEqual(found, [401, 401, 401, 401, 401, 429, 429]);
    assert.equal(await statusOf({ ...right, from: strange(2) }), 200);
  });

  test('signing in to one’s own account does not reset the count of guesses', async () => {
    const from = strange(1);
    for (let n = 1; n <= 4; n += 1) {
      await statusOf({ login: `unknown-${n}`, from });
      assert.equal(await statusOf({ login: 'admin', password: 'password', from }), 200);
    }
    assert.deepEqual(await statuses(2, { from }), [401, 429]);
  });

  test('a device cookie applies to its person only, grants no access, and cannot be forged', async () => {
    const device = await deviceOf(right);
    assert.deepEqual(await statuses(4, { login: 'admin', device, from: strange(1) }), [401, 401, 401, 429]);
    assert.deepEqual(await statuses(4, { device: 'invented', from: strange(2) }), [401, 401, 401, 429]);
    assert.deepEqual(await statuses(4, { device, from: strange(3) }), [401, 401, 401, 429]);
  });
}

function rightPasswords(limits: Limits): void {
  const { hold, pass, register, statuses, statusOf } = limits;

  test('many simultaneous logins from one address lock no one out: a second later all can sign in', async () => {
    const logins = Array.from({ length: 12 }, (_, n) => `runner-${n}`);
    for (const [n, login] of logins.entries())
      assert.equal(
        (await register(login, strange(n))).statusCode,
        201,
        'from other addresses: no account has this address as a known place',
      );
    const enter = (login: string) => statusOf({ login, password: 'a long password', from: home });
    const letIn = hold();
    const refused: string[] = [];
    const found = logins.map(async (login) => {
      const status = await enter(login);
      if (status === 429 && refused.push(login) === logins.length - rates.loginAddress.count) letIn();
      return status;
    });
    const letInAtOnce = (await Promise.all(found)).filter((status) => status === 200);
    assert.equal(letInAtOnce.length, rates.loginAddress.count);
    pass(1_000);
    for (const login of refused) assert.equal(await enter(login), 200, login);
  });

  test('successful logins are not counted', async () => {
    for (let time = 0; time < 6; time += 1) assert.deepEqual(await statuses(1, right), [200]);
    assert.deepEqual(await statuses(4, {}), [401, 401, 401, 429]);
  });

  test('a login succeeds even if its known places cannot be stored', async () => {
    await limits.database.query(`create function auth.refuse_places() returns trigger language plpgsql as
                          $$ begin raise exception 'no more places'; end $$`);
    await limits.database.query(`create trigger refuse before insert on auth.known_place
                          for each statement execute function auth.refuse_places()`);
    try {
      assert.equal((await register(`noted-${limits.nowMs}`, strange(1))).statusCode, 201);
      assert.equal(await statusOf(right), 200);
    } finally {
      await limits.database.query('drop function auth.refuse_places cascade');
    }
  });
}

function registrations(limits: Limits): void {
  const { pass, register } = limits;

  test('registrations are limited per address', async () => {
    const name = (n: number) => `new-${limits.nowMs}-${n}`;
    const found: number[] = [];
    for (let n = 1; n <= 5; n += 1) found.push((await register(name(n), strange(1))).statusCode);
    assert.deepEqual(found, [201, 201, 201, 201, 429]);
    assert.equal((await register(name(6), strange(2))).statusCode, 201);
    pass(60 * minuteMs);
    assert.equal((await register(name(7), strange(1))).statusCode, 201);
  });
}

function storedAttempts(limits: Limits): void {
  const { pass, statuses, statusOf } = limits;

  test('an attempt taken back late leaves its own window, not the next one', async () => {
    const store = createAttemptStore(limits.database);
    const count = async (at: number) => {
      const [counted] = await store.count([{ key, endsAt: new Date(at + 1_000) }], new Date(at));
      assert.ok(counted);
      return { key, ...counted };
    };
    const key = Buffer.from('a key');
    const early = await count(limits.nowMs);
    assert.equal((await count(limits.nowMs + 1_000)).count, 1);
    await store.takeBack([early]);
    const second = await count(limits.nowMs + 1_001);
    assert.equal(second.count, 2);
    await store.takeBack([second]);
    assert.equal((await count(limits.nowMs + 1_002)).count, 2);
  });

  test('ended windows and forgotten places are deleted', async () => {
    await statuses(1, {});
    assert.equal(await statusOf({ ...right, from: strange(1) }), 200);
    const left = async (table: string) => (await limits.database.query(`select from auth.${table}`)).length;
    assert.ok((await left('attempt')) > 0 && (await left('known_place')) > 0);
    pass(181 * 24 * 60 * minuteMs);
    await statuses(1, { login: 'unknown', from: strange(9) });
    assert.deepEqual([await left('attempt'), await left('known_place')], [3, 0]);
  });
}
