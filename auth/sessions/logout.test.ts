import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachDatabase } from '../../test/support/databases/databases.ts';
import { meetAt } from '../../test/support/databases/meeting.ts';
import { tokenHash } from '../credentials.ts';
import { Door, type Signature } from '../door.fixture.ts';

eachDatabase((kind, open) => {
  let door: Door;
  before(async () => {
    door = await Door.open(await open());
  });
  after(() => door.close());

  const logOutEverywhere = (by: Signature) => door.ask('POST', '/logout?all=true', by);
  const sessionsOf = async (personId: number) =>
    (await door.database.query('select from auth.session where person_id = $1', [personId])).length;

  test('a logout everywhere ends what the person has, and nothing of others', async () => {
    const [ada, bob] = [await door.newcomer('Ada'), await door.newcomer('Bob')];
    await door.signIn(ada.login, ada.password);
    assert.equal((await logOutEverywhere(ada.by)).statusCode, 200);
    assert.deepEqual([await sessionsOf(ada.id), await sessionsOf(bob.id)], [0, 1]);
  });

  test('a session that has ended ends no other', async () => {
    const eve = await door.newcomer('Eve');
    await door.expect(200, 'POST', '/logout', eve.by);
    await door.signIn(eve.login, eve.password);
    assert.equal((await logOutEverywhere(eve.by)).statusCode, 200);
    assert.equal(await sessionsOf(eve.id), 1);
  });

  // PGlite has one connection: nothing happens at once there.
  if (kind !== 'PostgreSQL') return;

  /** Lets two meet at a person's oldest session, each of which has ended or kept a later one. */
  async function statusesAt(oldest: string, asked: readonly (() => ReturnType<Door['ask']>)[]) {
    const held = [tokenHash(oldest)];
    const answers = await meetAt(
      door.database,
      (sql) => sql.query('select from auth.session where token_hash = $1 for update', held),
      asked,
    );
    return answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.statusCode : answer.reason));
  }
  const idOf = ({ cookie }: { readonly cookie: string }) => cookie.replace('session_id=', '');

  test('two logouts everywhere at once do not wait for each other', async () => {
    const { id, login, password, by } = await door.newcomer('Twice');
    const [first, second] = [await door.signIn(login, password), await door.signIn(login, password)];
    const asked = [first, second].map((session) => () => logOutEverywhere(session));
    assert.deepEqual(await statusesAt(idOf(by), asked), [200, 200]);
    assert.equal(await sessionsOf(id), 0);
  });

  test('nor do a logout everywhere and a change of the password: of both nothing is left open but what was kept', async () => {
    const { id, login, password, by } = await door.newcomer('Changing');
    const [first, second] = [await door.signIn(login, password), await door.signIn(login, password)];
    const change = { old_password: password, new_password: 'another good one' };
    const asked = [() => door.ask('POST', '/auth/password', first, change), () => logOutEverywhere(second)];
    assert.deepEqual(await statusesAt(idOf(by), asked), [200, 200]);
    assert.equal(await sessionsOf(id), 1);
  });
});
