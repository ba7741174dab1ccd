import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import type { Database } from '../../platform/database/database.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { tokenHash } from '../credentials.ts';
import { addPerson } from '../store.ts';
import { addSession, createSessionStore, endSession, endSessionsOf, type SessionStore } from './session-store.ts';

const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second));

const personOf = (login: string) => ({
  login,
  loginKey: login.toLowerCase(),
  email: `${login}@example.org`,
  firstName: 'Łucja',
  lastName: "O'Neil; --",
  role: 'person' as const,
  passwordHash: `hash of ${login}`,
  createdAt: at(0),
});

type Sessions = ReturnType<typeof withSessions>;

/** The store of sessions, with the people Ada (1) and Bob (2), created again for each test. */
function withSessions(open: Open) {
  let database: Database;
  let store: SessionStore;
  before(async () => {
    database = await open();
    store = createSessionStore(database);
  });
  beforeEach(async () => {
    await database.query('delete from auth.session');
    await database.query('delete from auth.person');
    await database.query('alter table auth.person alter column id restart');
    await addPerson(database, personOf('Ada'));
    await addPerson(database, { ...personOf('Bob'), role: 'organizer' });
  });

  return {
    get database() {
      return database;
    },
    get store() {
      return store;
    },

    async startSession(name: string, personId: number, expiresAt: Date): Promise<void> {
      const userAgent = `browser of ${name}`;
      await addSession(database, { tokenHash: tokenHash(name), personId, createdAt: at(0), expiresAt, userAgent });
    },

    /** Finds the people of the sessions, or null. Without `idleSince` no session is idle for too long. */
    async ask(names: string[], now: Date, idleSince = at(-1)) {
      return (await store.findByHash(names.map(tokenHash), now, idleSince)).map((holder) => holder?.person ?? null);
    },

    /** The expiry times of the stored sessions. */
    async expiries(): Promise<Date[]> {
      const rows = await database.query<{ at: Date }>('select expires_at as at from auth.session order by at');
      return rows.map((row) => row.at);
    },
  };
}

eachDatabase((_kind, open) => {
  const sessions = withSessions(open);
  resolvedSessions(sessions);
  endedSessions(sessions);
});

function resolvedSessions(sessions: Sessions): void {
  const { ask, startSession } = sessions;

  test('a batch of sessions keeps its order: unknown and expired ones have no person', async () => {
    await startSession('of ada', 1, at(10));
    await startSession('of bob', 2, at(20));
    const person = { email: 'Ada@example.org', firstName: 'Łucja', lastName: "O'Neil; --" };
    const ada = { id: 1, login: 'Ada', role: 'person', ...person };
    const bob = { id: 2, login: 'Bob', role: 'organizer', ...person, email: 'Bob@example.org' };

    assert.deepEqual(await ask(['of bob', 'unknown', 'of ada', 'of bob'], at(9)), [bob, null, ada, bob]);
    assert.deepEqual(await ask(['of bob', 'unknown', 'of ada'], at(10)), [bob, null, null]);
    assert.deepEqual(await ask([], at(0)), []);
  });

  test('a session idle for too long has no person, and a stored use keeps it alive', async () => {
    await startSession('one', 1, at(1_000));
    await startSession('two', 1, at(1_000));
    await sessions.store.touch([tokenHash('one'), tokenHash('no session')], at(20), at(10));
    const people = await ask(['one', 'two'], at(40), at(15));
    assert.deepEqual(
      people.map((person) => person?.id),
      [1, undefined],
    );
  });

  test('a use is not stored again too soon', async () => {
    await startSession('one', 1, at(1_000));
    const usedAt = async () => (await sessions.store.findByHash([tokenHash('one')], at(1), at(-1)))[0]?.usedAt;
    await sessions.store.touch([tokenHash('one')], at(20), at(10));
    await sessions.store.touch([tokenHash('one')], at(30), at(19));
    assert.deepEqual(await usedAt(), at(20));
    await sessions.store.touch([tokenHash('one')], at(30), at(20));
    assert.deepEqual(await usedAt(), at(30));
  });

  test('a person’s open sessions are listed without hashes, the current one first', async () => {
    await startSession('one', 1, at(10));
    await startSession('two', 1, at(20));
    await startSession('ended', 1, at(5));
    await startSession('of bob', 2, at(20));
    const times = { createdAt: at(0), usedAt: at(0) };
    assert.deepEqual(await sessions.store.listOf(1, tokenHash('two'), at(5), at(-1)), [
      { ...times, expiresAt: at(20), userAgent: 'browser of two', isCurrent: true },
      { ...times, expiresAt: at(10), userAgent: 'browser of one', isCurrent: false },
    ]);
  });
}

function endedSessions(sessions: Sessions): void {
  const { ask, expiries, startSession } = sessions;

  test('an ended session has no person, and ending it twice is ending it once', async () => {
    await startSession('one', 1, at(10));
    await startSession('two', 1, at(10));
    for (let time = 0; time < 2; time += 1) await endSession(sessions.database, tokenHash('one'));
    assert.deepEqual(
      (await ask(['one', 'two'], at(1))).map((person) => person?.id),
      [undefined, 1],
    );
  });

  test('expired sessions are deleted, the oldest first, up to the limit', async () => {
    for (let second = 1; second <= 7; second += 1) await startSession(`session ${second}`, 1, at(second));
    await sessions.store.dropExpired(at(5), 3);
    assert.deepEqual(await expiries(), [at(4), at(5), at(6), at(7)]);
    for (let time = 0; time < 2; time += 1) await sessions.store.dropExpired(at(5), 3);
    assert.deepEqual(await expiries(), [at(6), at(7)]);
  });

  test('logins that delete expired sessions concurrently do not disturb each other', async () => {
    for (let second = 1; second <= 40; second += 1) await startSession(`session ${second}`, 1, at(second));
    await Promise.all(Array.from({ length: 8 }, () => sessions.store.dropExpired(at(60), 5)));
    await sessions.store.dropExpired(at(60), 40);
    assert.deepEqual(await expiries(), []);
  });

  test('all sessions of a person end except the one to keep; other people’s stay', async () => {
    for (const name of ['one', 'two', 'three']) await startSession(name, 1, at(10));
    await startSession('of bob', 2, at(10));
    await endSessionsOf(sessions.database, 1, tokenHash('two'));
    const ids = async () => (await ask(['one', 'two', 'three', 'of bob'], at(1))).map((person) => person?.id);
    assert.deepEqual(await ids(), [undefined, 1, undefined, 2]);
    await endSessionsOf(sessions.database, 1);
    assert.deepEqual(await ids(), [undefined, undefined, undefined, 2]);
  });
}
