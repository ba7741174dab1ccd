import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import type { Database } from '../platform/database/database.ts';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { type AuthStore, addPerson, createAuthStore, type PersonDraft, replacePassword } from './store.ts';

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
  });
  beforeEach(async () => {
    await database.query('delete from auth.person');
    await database.query('alter table auth.person alter column id restart');
    store = createAuthStore(database);
  });

  test('a login is taken once, in any case, and a refusal uses up no id', async () => {
    assert.equal(await addPerson(database, draft('Ada')), 1);
    for (const login of ['Ada', 'ADA', 'ada']) assert.equal(await addPerson(database, draft(login)), undefined);
    assert.equal(await addPerson(database, draft('Bob')), 2);
  });

  test('of many who take one login concurrently, one gets it', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => addPerson(database, draft('ada'))));
    assert.equal(ids.filter((id) => id !== undefined).length, 1);
  });

  test('a credential is found by the key of its login', async () => {
    await addPerson(database, draft('Ada'));
    assert.deepEqual(await store.credentialOf('ada'), { personId: 1, passwordHash: 'hash of Ada' });
    assert.equal(await store.credentialOf('Ada'), undefined);
  });

  test('an unknown role is not stored', async () => {
    await assert.rejects(addPerson(database, draft('eve', { role: 'root' as 'admin' })), /role/);
  });

  test('the first people are stored in order, once, and only in an empty table', async () => {
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

  test('a password is replaced only while it is the expected one', async () => {
    await addPerson(database, draft('Ada'));
    assert.equal(await replacePassword(database, 1, 'another hash', 'new hash'), false);
    assert.equal(await replacePassword(database, 1, 'hash of Ada', null), true);
    assert.deepEqual(await store.credentialOf('ada'), { personId: 1, passwordHash: null });
    assert.equal(await replacePassword(database, 1, 'null', 'new hash'), false);
    assert.equal(await replacePassword(database, 1, null, 'new hash'), true);
  });
});
