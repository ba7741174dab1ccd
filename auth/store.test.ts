import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import type { Database } from '../kit/db.ts';
import { migrate } from '../kit/migrate.ts';
import { eachDatabase } from '../tests/databases.ts';
import { tokenHash } from './credentials.ts';
import { type AuthStore, createAuthStore, migrations, type PersonDraft } from './store.ts';

const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second));

const draft = (login: string, more: Partial<PersonDraft> = {}): PersonDraft => ({
  login,
  loginKey: login.toLowerCase(),
  email: `${login}@example.org`,
  firstName: 'Łucja',
  lastName: "O'Neil; --",
  role: 'person',
  passwordHash: `hash of ${login}`,
  createdAt: at(0),
  ...more,
});

eachDatabase((_kind, open) => {
  let database: Database;
  let store: AuthStore;
  before(async () => {
    database = await open();
    await migrate(database, migrations);
  });
  beforeEach(async () => {
    await database.query('delete from auth.session');
    await database.query('delete from auth.person');
    await database.query('alter table auth.person alter column id restart');
    store = createAuthStore(database);
  });

  const sessionsLeft = async () => (await database.query('select from auth.session')).length;
  const expiriesLeft = async () =>
    (await database.query<{ at: Date }>('select expires_at as at from auth.session order by at')).map((row) => row.at);

  async function startSession(name: string, personId: number, expiresAt: Date): Promise<void> {
    await store.startSession({ tokenHash: tokenHash(name), personId, createdAt: at(0), expiresAt });
  }

  test('a login is taken once, whatever its case, and a refusal uses up no id', async () => {
    assert.equal(await store.addPerson(draft('Ada')), 1);
    for (const login of ['Ada', 'ADA', 'ada']) assert.equal(await store.addPerson(draft(login)), undefined);
    assert.equal(await store.addPerson(draft('Bob')), 2);
  });

  test('of many who take one login at once, one gets it', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => store.addPerson(draft('ada'))));
    assert.equal(ids.filter((id) => id !== undefined).length, 1);
  });

  test('a credential is found by the key of its login', async () => {
    await store.addPerson(draft('Ada'));
    assert.deepEqual(await store.credentialOf('ada'), { personId: 1, passwordHash: 'hash of Ada' });
    assert.equal(await store.credentialOf('Ada'), undefined);
  });

  test('a role that nobody knows is not stored', async () => {
    await assert.rejects(store.addPerson(draft('eve', { role: 'root' as 'admin' })), /role/);
  });

  test('the first people are stored in their order, once, and never beside others', async () => {
    assert.equal(await store.hasPeople(), false);
    const first = [draft('admin', { role: 'admin' }), draft('user')];
    const added = await Promise.all(Array.from({ length: 8 }, () => store.addFirstPeople(first)));
    assert.equal(added.filter(Boolean).length, 1);
    assert.equal(await store.hasPeople(), true);
    const rows = await database.query('select id, login, role from auth.person order by id');
    assert.deepEqual(rows, [
      { id: 1, login: 'admin', role: 'admin' },
      { id: 2, login: 'user', role: 'person' },
    ]);
  });

  test('a set of sessions is answered in its order: unknown and expired ones stand for nobody', async () => {
    await store.addPerson(draft('Ada'));
    await store.addPerson(draft('Bob', { role: 'organizer' }));
    await startSession('of ada', 1, at(10));
    await startSession('of bob', 2, at(20));
    const person = { email: 'Ada@example.org', firstName: 'Łucja', lastName: "O'Neil; --" };
    const ada = { id: 1, login: 'Ada', role: 'person', ...person };
    const bob = { id: 2, login: 'Bob', role: 'organizer', ...person, email: 'Bob@example.org' };

    const ask = (names: string[], now: Date) => store.sessionPeople(names.map(tokenHash), now);
    assert.deepEqual(await ask(['of bob', 'nobody', 'of ada', 'of bob'], at(9)), [bob, null, ada, bob]);
    assert.deepEqual(await ask(['of bob', 'nobody', 'of ada'], at(10)), [bob, null, null]);
    assert.deepEqual(await ask([], at(0)), []);
  });

  test('an ended session stands for nobody, and ending it twice is ending it once', async () => {
    await store.addPerson(draft('Ada'));
    await startSession('one', 1, at(10));
    await startSession('two', 1, at(10));
    for (let time = 0; time < 2; time += 1) await store.endSession(tokenHash('one'));
    const people = await store.sessionPeople([tokenHash('one'), tokenHash('two')], at(1));
    assert.deepEqual(
      people.map((person) => person?.id),
      [undefined, 1],
    );
  });

  test('expired sessions are deleted, the oldest first, and no more at a time than was said', async () => {
    await store.addPerson(draft('Ada'));
    for (let second = 1; second <= 7; second += 1) await startSession(`session ${second}`, 1, at(second));
    await store.dropExpired(at(5), 3);
    assert.deepEqual(await expiriesLeft(), [at(4), at(5), at(6), at(7)]);
    for (let time = 0; time < 2; time += 1) await store.dropExpired(at(5), 3);
    assert.deepEqual(await expiriesLeft(), [at(6), at(7)]);
  });

  test('logins that delete expired sessions at once do not disturb each other', async () => {
    await store.addPerson(draft('Ada'));
    for (let second = 1; second <= 40; second += 1) await startSession(`session ${second}`, 1, at(second));
    await Promise.all(Array.from({ length: 8 }, () => store.dropExpired(at(60), 5)));
    await store.dropExpired(at(60), 40);
    assert.equal(await sessionsLeft(), 0);
  });

  test('a password is replaced only while it is the expected one, and ends the sessions of its person', async () => {
    await store.addPerson(draft('Ada'));
    await store.addPerson(draft('Bob'));
    await startSession('of ada', 1, at(10));
    await startSession('of bob', 2, at(10));
    assert.equal(await store.replacePassword(1, 'another hash', 'new hash'), false);
    assert.equal(await sessionsLeft(), 2);
    assert.equal(await store.replacePassword(1, 'hash of Ada', null), true);
    assert.deepEqual(await store.credentialOf('ada'), { personId: 1, passwordHash: null });
    const people = await store.sessionPeople([tokenHash('of ada'), tokenHash('of bob')], at(1));
    assert.deepEqual(
      people.map((person) => person?.id),
      [undefined, 2],
    );
  });
});
