import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as argon2 from '@node-rs/argon2';
import { realWorld } from '../../platform/world.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { meetAt } from '../../test/support/databases/meeting.ts';
import { type AuthHeaders, type TestAuth, withAuth } from '../auth.fixture.ts';
import { tokenHash } from '../credentials.ts';
import { isCommonPassword } from './common-passwords.ts';

const hourMs = 60 * 60 * 1_000;

test('the most common passwords are known, in any case, and a passphrase is not among them', () => {
  for (const password of ['password', 'Password', '12345678', 'FOOTBALL1', 'iloveyou'])
    assert.equal(isCommonPassword(password), true, password);
  assert.equal(isCommonPassword('correct horse battery staple'), false);
});

type Passwords = ReturnType<typeof withPasswords>;

/** Auth with its admin. Tests can read the passwords that were hashed, and can act right after one is verified. */
function withPasswords(open: Open) {
  let admin: AuthHeaders;
  const hashed: string[] = [];
  let afterVerify = async () => {};
  const hash: typeof argon2.hash = (password, options) => {
    hashed.push(String(password));
    return argon2.hash(password, options);
  };
  const verify: typeof argon2.verify = async (...given) => {
    const fits = await argon2.verify(...given);
    await afterVerify();
    return fits;
  };
  const auth = withAuth(open, { hashing: { hash, verify } });
  before(signInAdmin);

  async function signInAdmin(): Promise<void> {
    admin = await auth.signIn('admin', 'password');
  }
  const status = async (...asked: Parameters<TestAuth['ask']>) => (await auth.ask(...asked)).statusCode;

  return {
    auth,
    get admin() {
      return admin;
    },
    hashed,
    signInAdmin,
    status,
    /** Runs `act` once, after the next password is verified and before the request with this password continues. */
    onceVerified(act: () => Promise<unknown>): void {
      afterVerify = async () => {
        afterVerify = async () => {};
        await act();
      };
    },
    logIn: (login: string, password: string) => status('POST', '/login', {}, { login, password }),
    change: (by: AuthHeaders, old_password: string, new_password: string) =>
      auth.ask('POST', '/auth/password', by, { old_password, new_password }),
    issue: (id: number) =>
      auth.expect<{ token: string; expires_at: string }>(201, 'POST', `/auth/people/${id}/reset`, admin),
    reset: (token: string, new_password: string) => auth.ask('POST', '/auth/reset', {}, { token, new_password }),
    makeToken: (by: AuthHeaders) =>
      auth.expect<{ token: string }>(201, 'POST', '/auth/tokens', by, { name: 'x', scopes: ['account:read'] }),
  };
}

eachDatabase((kind, open) => {
  const passwords = withPasswords(open);
  changes(passwords);
  resets(passwords);
  resetTokens(passwords);
  // PGlite has one connection and cannot run concurrent transactions.
  if (kind === 'PostgreSQL') concurrentChanges(passwords);
  requestsInFlight(passwords);
  secrets(passwords);
});

function changes(passwords: Passwords): void {
  const { change, issue, logIn, makeToken, reset, status } = passwords;

  test('a password change ends all other sessions; this one and the API tokens stay', async () => {
    const ada = await passwords.auth.newcomer('Ada');
    const elsewhere = await passwords.auth.signIn('Ada', ada.password);
    const { token } = await makeToken(ada.by);
    assert.equal((await change(ada.by, ada.password, 'another good one')).statusCode, 200);
    passwords.auth.pass(1_000);
    assert.deepEqual([await status('GET', '/auth', ada.by), await status('GET', '/auth', elsewhere)], [200, 401]);
    assert.equal(await status('GET', '/auth', { authorization: `Bearer ${token}` }), 200);
    assert.deepEqual([await logIn('Ada', ada.password), await logIn('Ada', 'another good one')], [401, 200]);
  });

  test('a wrong current password changes nothing, and the response names the field', async () => {
    const bob = await passwords.auth.newcomer('Bob');
    const answer = await change(bob.by, 'not his', 'another good one');
    assert.deepEqual([answer.statusCode, answer.json().field], [400, 'old_password']);
    assert.equal(await logIn('Bob', bob.password), 200);
  });

  test('of two concurrent changes one succeeds', async () => {
    const twice = await passwords.auth.newcomer('Twice');
    const answers = await Promise.all(
      ['first new one', 'other new one'].map((next) => change(twice.by, twice.password, next)),
    );
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 400]);
  });

  test('a common password, a short one and the login itself are refused on every route', async () => {
    const carol = await passwords.auth.newcomer('caroline');
    const { token } = await issue(carol.id);
    for (const bad of ['football1', 'Password', '1234567', 'CAROLINE']) {
      const names = { email: '', first_name: '', last_name: '' };
      const registration = { login: bad === 'CAROLINE' ? 'Caroline' : 'new', password: bad, ...names };
      const answers = [
        await passwords.auth.ask('POST', '/register', {}, registration),
        await change(carol.by, carol.password, bad),
        await reset(token, bad),
      ];
      assert.deepEqual(
        answers.map((answer) => [answer.statusCode, answer.json().field]),
        [
          [400, 'password'],
          [400, 'new_password'],
          [400, 'new_password'],
        ],
        bad,
      );
    }
    assert.equal((await reset(token, 'a better one')).statusCode, 200, 'a refusal does not use the token up');
  });
}

function resets(passwords: Passwords): void {
  const { issue, logIn, makeToken, reset, status } = passwords;

  test('a reset ends all sessions and revokes all tokens of the person, works once, and is stored as a hash', async () => {
    const dora = await passwords.auth.newcomer('Dora');
    const { token: apiToken } = await makeToken(dora.by);
    const { token } = await issue(dora.id);
    assert.match(token, /^slr_[0-9a-f]{32}$/);
    const stored = JSON.stringify(
      await passwords.auth.database.query('select r::text as line from auth.password_reset r'),
    );
    assert.ok(stored.includes(tokenHash(token).toString('hex')) && !stored.includes(token));
    assert.equal((await reset(token, 'her new password')).statusCode, 200);
    passwords.auth.pass(1_000);
    assert.equal(await status('GET', '/auth', dora.by), 401);
    assert.equal(await status('GET', '/auth', { authorization: `Bearer ${apiToken}` }), 401);
    assert.deepEqual([await logIn('Dora', dora.password), await logIn('Dora', 'her new password')], [401, 200]);
    const again = await reset(token, 'yet another one');
    assert.deepEqual([again.statusCode, again.json().field], [400, 'token']);
  });

  test('only an admin with a session can issue a reset', async () => {
    const gina = await passwords.auth.newcomer('Gina');
    assert.equal(await status('POST', '/auth/people/1/reset', gina.by), 403);
    assert.equal(await status('POST', '/auth/people/1/reset'), 401);
    const { token } = await makeToken(passwords.admin);
    assert.equal(await status('POST', '/auth/people/1/reset', { authorization: `Bearer ${token}` }), 403);
    assert.equal(await status('POST', '/auth/people/9999/reset', passwords.admin), 404);
  });
}

function resetTokens(passwords: Passwords): void {
  const { change, hashed, issue, reset, signInAdmin } = passwords;

  test('of two concurrent uses of a reset token one sets the password', async () => {
    const eve = await passwords.auth.newcomer('Eve');
    const { token } = await issue(eve.id);
    const answers = await Promise.all(['first new one', 'other new one'].map((next) => reset(token, next)));
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 400]);
  });

  test('a reset token ends after a day, with a password change, and with the next token', async () => {
    const frank = await passwords.auth.newcomer('Frank');
    const first = await issue(frank.id);
    const second = await issue(frank.id);
    assert.equal((await reset(first.token, 'a new password')).statusCode, 400);
    assert.equal((await change(frank.by, frank.password, 'another good one')).statusCode, 200);
    assert.equal((await reset(second.token, 'a new password')).statusCode, 400);
    const third = await issue(frank.id);
    assert.equal(Math.round((Date.parse(third.expires_at) - realWorld().now()) / hourMs) >= 24, true);
    passwords.auth.pass(24 * hourMs);
    assert.equal((await reset(third.token, 'a new password')).statusCode, 400);
    await signInAdmin();
  });

  test('a guessed token costs no hashing', async () => {
    hashed.length = 0;
    assert.equal((await reset(`slr_${'0'.repeat(32)}`, 'a new password')).statusCode, 400);
    assert.deepEqual(hashed, []);
  });
}

function concurrentChanges(passwords: Passwords): void {
  const { change, issue, reset } = passwords;

  test('a concurrent change and reset do not deadlock: one succeeds and the other is refused', async () => {
    const both = await passwords.auth.newcomer('Both');
    const { token } = await issue(both.id);
    const answers = await meetAt(
      passwords.auth.database,
      (sql) => sql.query('select from auth.person where id = $1 for update', [both.id]),
      [() => change(both.by, both.password, 'changed to this'), () => reset(token, 'reset to this one')],
    );
    assert.deepEqual(
      answers.map((answer) => answer.status === 'fulfilled' && answer.value.statusCode),
      [200, 400],
    );
  });
}

/** Requests that are in progress while a password or a role changes. */
function requestsInFlight(passwords: Passwords): void {
  const { issue, logIn, onceVerified, reset, status } = passwords;

  test('a login in flight with the old password gets no session after the change', async () => {
    const early = await passwords.auth.newcomer('Early');
    const { token } = await issue(early.id);
    let changed: Promise<unknown> | undefined;
    onceVerified(() => {
      changed = reset(token, 'another good one');
      return changed;
    });
    assert.equal(await logIn('Early', early.password), 401);
    assert.ok(changed !== undefined);
    const sessions = await passwords.auth.database.query('select from auth.session where person_id = $1', [early.id]);
    assert.equal(sessions.length, 0);
    assert.equal(await logIn('Early', 'another good one'), 200);
  });

  test('a session just ended by a reset, still cached, cannot create a token, change a role or issue a reset', async () => {
    const late = await passwords.auth.newcomer('Late');
    await passwords.auth.expect(200, 'PUT', `/auth/people/${late.id}/role`, passwords.admin, { role: 'admin' });
    passwords.auth.pass(1_000);
    const { token } = await issue(late.id);
    assert.equal(await status('GET', '/auth', late.by), 200);
    assert.equal((await reset(token, 'another good one')).statusCode, 200);
    const wish = { name: 'x', scopes: ['account:read'] };
    assert.equal(await status('POST', '/auth/tokens', late.by, wish), 401);
    assert.equal(await status('POST', `/auth/people/${late.id}/reset`, late.by), 401);
    assert.equal(await status('PUT', `/auth/people/${late.id}/role`, late.by, { role: 'organizer' }), 401);
  });

  test('an admin who has just lost the role, still cached, cannot give it to anyone', async () => {
    const former = await passwords.auth.newcomer('Former');
    const role = (to: string, by: AuthHeaders) => status('PUT', `/auth/people/${former.id}/role`, by, { role: to });
    assert.equal(await role('admin', passwords.admin), 200);
    passwords.auth.pass(1_000);
    assert.equal(await status('GET', '/auth/people', former.by), 200);
    assert.equal(await role('person', passwords.admin), 200);
    assert.equal(await role('admin', former.by), 403);
    assert.equal(await status('POST', '/auth/people/1/reset', former.by), 403);
  });
}

function secrets(passwords: Passwords): void {
  const { change, issue, logIn, reset } = passwords;

  test('a login renews a hash of a lower cost, and keeps one of today’s cost', async () => {
    const hugo = await passwords.auth.newcomer('Hugo');
    const hashOf = async () => {
      const rows = await passwords.auth.database.query<{ hash: string }>(
        'select password_hash as hash from auth.person where id = $1',
        [hugo.id],
      );
      return rows[0]?.hash ?? '';
    };
    const today = await hashOf();
    assert.equal(await logIn('Hugo', hugo.password), 200);
    assert.equal(await hashOf(), today);
    const weak = await argon2.hash(hugo.password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await passwords.auth.database.query('update auth.person set password_hash = $2 where id = $1', [hugo.id, weak]);
    assert.equal(await logIn('Hugo', 'not his'), 401);
    assert.equal(await hashOf(), weak, 'a wrong password renews nothing');
    assert.equal(await logIn('Hugo', hugo.password), 200);
    assert.match(await hashOf(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.equal(await logIn('Hugo', hugo.password), 200);
  });

  test('changes and resets are in the audit log; passwords and tokens are in neither log', async () => {
    const ines = await passwords.auth.newcomer('Ines');
    await change(ines.by, ines.password, 'a second one of hers');
    const { token } = await issue(ines.id);
    await reset(token, 'a third one of hers');
    const rows = await passwords.auth.database.query<{ action: string }>(
      'select action from auth.trail where by_id = $1 or to_id = $1 order by id',
      [ines.id],
    );
    const expected = ['registered', 'logged_in', 'password_changed', 'password_reset_issued', 'password_reset'];
    assert.deepEqual(
      rows.map(({ action }) => action),
      expected,
    );
    const auditLog = JSON.stringify(await passwords.auth.database.query('select t::text as line from auth.trail t'));
    for (const secret of [ines.password, 'a second one of hers', 'a third one of hers', token.slice(4)])
      for (const place of [auditLog, passwords.auth.logged.join('')]) assert.ok(!place.includes(secret));
  });
}
