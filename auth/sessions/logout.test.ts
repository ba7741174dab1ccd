import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachDatabase } from '../../test/support/databases/databases.ts';
import { meetAt } from '../../test/support/databases/meeting.ts';
import { type AuthHeaders, type TestAuth, withAuth } from '../auth.fixture.ts';
import { tokenHash } from '../credentials.ts';

eachDatabase((kind, open) => {
  const auth = withAuth(open);

  const logOutEverywhere = (by: AuthHeaders) => auth.ask('POST', '/logout?all=true', by);
  const sessionsOf = async (personId: number) =>
    (await auth.database.query('select from auth.session where person_id = $1', [personId])).length;

  test('a logout everywhere ends all sessions of the person, and no others', async () => {
    const [ada, bob] = [await auth.newcomer('Ada'), await auth.newcomer('Bob')];
    await auth.signIn(ada.login, ada.password);
    assert.equal((await logOutEverywhere(ada.by)).statusCode, 200);
    assert.deepEqual([await sessionsOf(ada.id), await sessionsOf(bob.id)], [0, 1]);
  });

  test('an ended session cannot end others', async () => {
    const eve = await auth.newcomer('Eve');
    await auth.expect(200, 'POST', '/logout', eve.by);
    await auth.signIn(eve.login, eve.password);
    assert.equal((await logOutEverywhere(eve.by)).statusCode, 200);
    assert.equal(await sessionsOf(eve.id), 1);
  });

  // PGlite has one connection and cannot run concurrent transactions.
  if (kind !== 'PostgreSQL') return;

  /**
   * Makes two requests wait for the lock of a person's oldest session. Before they wait, each request has already ended
   * a later session or decided to keep it.
   */
  async function statusesAt(oldest: string, asked: readonly (() => ReturnType<TestAuth['ask']>)[]) {
    const held = [tokenHash(oldest)];
    const answers = await meetAt(
      auth.database,
      (sql) => sql.query('select from auth.session where token_hash = $1 for update', held),
      asked,
    );
    return answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.statusCode : answer.reason));
  }
  const idOf = ({ cookie }: { readonly cookie: string }) => cookie.replace('session_id=', '');

  test('two concurrent logouts everywhere do not deadlock', async () => {
    const { id, login, password, by } = await auth.newcomer('Twice');
    const [first, second] = [await auth.signIn(login, password), await auth.signIn(login, password)];
    const asked = [first, second].map((session) => () => logOutEverywhere(session));
    assert.deepEqual(await statusesAt(idOf(by), asked), [200, 200]);
    assert.equal(await sessionsOf(id), 0);
  });

  test('a concurrent logout everywhere and password change do not deadlock, and leave at most the kept session', async () => {
    const { id, login, password, by } = await auth.newcomer('Changing');
    const [first, second] = [await auth.signIn(login, password), await auth.signIn(login, password)];
    const change = { old_password: password, new_password: 'another good one' };
    const asked = [() => auth.ask('POST', '/auth/password', first, change), () => logOutEverywhere(second)];
    assert.deepEqual(await statusesAt(idOf(by), asked), [200, 200]);
    assert.equal(await sessionsOf(id), 1);
  });
});
