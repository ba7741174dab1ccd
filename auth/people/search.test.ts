import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { pino } from 'pino';
import type { PersonItem } from '../../contracts/auth/schemas.ts';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase } from '../../test/support/databases/databases.ts';
import { type AuthHeaders, type TestAuth, withAuth } from '../auth.fixture.ts';
import { createAuth } from '../service.ts';
import { fillTextKeys } from '../text-keys-store.ts';

const people = [
  ['jose', 'José', 'García', 'jg@example.org'],
  ['semen', 'Семён', 'Королёв', 's@example.org'],
  ['lukasz', 'Łukasz', 'Strauß', 'ls@example.org'],
  ['soren_100%', 'Søren', "O'Brien", 's.ob@example.org'],
] as const;

eachDatabase((_kind, open) => {
  const auth = withAuth(open);
  let by: AuthHeaders;
  before(async () => {
    for (const [login, first_name, last_name, email] of people) {
      await auth.expect(201, 'POST', '/register', {}, { login, password: 'of theirs!', email, first_name, last_name });
    }
    by = await auth.signIn('admin', 'password');
  });

  const find = async (q: string) =>
    (await auth.expect<PersonItem[]>(200, 'GET', `/auth/people?q=${encodeURIComponent(q)}`, by)).map(
      ({ login }) => login,
    );

  test('people are found by words in any order, without marks and case', async () => {
    for (const q of ['jose garcia', 'garcia jose', 'JOSÉ', 'Garc', 'jg@ jos'])
      assert.deepEqual(await find(q), ['jose'], q);
    for (const q of ['Семен', 'королев', 'КОРОЛЁВ семён']) assert.deepEqual(await find(q), ['semen'], q);
    for (const q of ['lukasz strauss', 'łukasz', 'STRAUẞ']) assert.deepEqual(await find(q), ['lukasz'], q);
    for (const q of ['soren', 'o’brien', '100%', 'n_1', 's.ob']) assert.deepEqual(await find(q), ['soren_100%'], q);
    for (const q of ['jose korolev', '%', 'x_y']) assert.equal((await find(q)).includes('jose'), false, q);
    assert.equal((await find(' ')).length, people.length + 2);
  });

  olderRows(auth, find);
});

const insertRaw = `
insert into auth.person (login, login_key, email, first_name, last_name, role, created_at)
select 'raw-' || n, 'raw-' || n, '', 'Ñandú', 'Raw', 'person', $2 from generate_series(1, $1::integer) as n`;
const withoutKeys = 'select count(*)::integer as count from auth.person where search_key is null';

function olderRows(auth: TestAuth, find: (q: string) => Promise<string[]>): void {
  const count = async () => (await auth.database.query<{ count: number }>(withoutKeys))[0]?.count;
  const removeRaw = () => auth.database.query(`delete from auth.person where login like 'raw-%'`);

  test('people stored by an older version are found', async () => {
    await auth.database.query(insertRaw, [3, new Date()]);
    assert.deepEqual(await find('raw nandu'), ['raw-1', 'raw-2', 'raw-3']);
    assert.equal(await count(), 0);
    await removeRaw();
  });

  test('a start fills the keys of all rows, in batches, also when several start at once', async () => {
    await auth.database.query(insertRaw, [2_500, new Date()]);
    assert.equal(await count(), 2_500);
    await Promise.all(Array.from({ length: 4 }, () => fillTextKeys(auth.database)));
    assert.equal(await count(), 0);
    await auth.database.query('update auth.person set search_key = null, skeleton = null');
    await createAuth({ database: auth.database, world: realWorld(), log: pino({ level: 'silent' }), demo: true });
    assert.equal(await count(), 0);
    const [jose] = await auth.database.query(
      `select skeleton, search_key as key from auth.person where login = 'jose'`,
    );
    assert.deepEqual(jose, { skeleton: 'jose', key: 'jose jose garcia jg@example.org' });
    await removeRaw();
  });
}
