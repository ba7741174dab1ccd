import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { pause, realWorld } from '../../platform/world.ts';
import { eachDatabase, type Open } from '../../test/support/databases/databases.ts';
import { type TestAuth, withAuth } from '../auth.fixture.ts';
import { tokenHash } from '../credentials.ts';

interface Made {
  readonly id: number;
  readonly token: string;
}

const wish = { name: 'box office', scopes: ['bookings:read', 'account:read'] };
const bearing = (token: string) => ({ authorization: `Bearer ${token}` });

type Tokens = ReturnType<typeof withTokens>;

/** Auth with Ada, who makes tokens, and Bob. */
function withTokens(open: Open) {
  const auth = withAuth(open);
  let ada: Awaited<ReturnType<TestAuth['newcomer']>>;
  let bob: typeof ada;
  before(async () => {
    ada = await auth.newcomer('Ada');
    bob = await auth.newcomer('Bob');
  });

  return {
    auth,
    get ada() {
      return ada;
    },
    get bob() {
      return bob;
    },
    make: (body: unknown = wish, by = ada.by) => auth.expect<Made>(201, 'POST', '/auth/tokens', by, body),
    whoIs: (token: string) => auth.ask('GET', '/auth', bearing(token)),
  };
}

eachDatabase((_kind, open) => {
  const tokens = withTokens(open);
  secrets(tokens);
  scopes(tokens);
  ends(tokens);
  refusedRequests(tokens);
  usesAndAudit(tokens);
});

function secrets(tokens: Tokens): void {
  test('a token is shown once, has a known prefix, and acts for its owner', async () => {
    const answer = await tokens.auth.ask('POST', '/auth/tokens', tokens.ada.by, wish);
    const { token, ...view } = answer.json();
    assert.match(token, /^slt_[0-9a-f]{32}$/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.deepEqual(view, { id: view.id, ...wish, created_at: view.created_at });
    const { headers, statusCode } = await tokens.whoIs(token);
    assert.deepEqual([statusCode, headers['x-user-login']], [200, 'Ada']);
    const list = await tokens.auth.ask('GET', '/auth/tokens', tokens.ada.by);
    assert.doesNotMatch(list.body, /slt_|hash/);
  });

  test('a token is stored as a hash only, and appears in neither the log nor the audit log', async () => {
    const { token } = await tokens.make();
    const rows = await tokens.auth.database.query('select t::text as line from auth.api_token t');
    assert.match(JSON.stringify(rows), new RegExp(tokenHash(token).toString('hex')));
    const entries = await tokens.auth.database.query('select t::text as line from auth.trail t');
    for (const place of [JSON.stringify(rows), JSON.stringify(entries), tokens.auth.logged.join('')])
      assert.ok(!place.includes(token.slice('slt_'.length)));
  });
}

function scopes(tokens: Tokens): void {
  test('a token can do what its scopes allow, and nothing else', async () => {
    const { token } = await tokens.make();
    const me = await tokens.auth.expect<{ login: string }>(200, 'GET', '/auth/me', bearing(token));
    assert.equal(me.login, 'Ada');
    const { token: other } = await tokens.make({ ...wish, scopes: ['events:read'] });
    const refusal = await tokens.auth.expect<{ detail: string }>(403, 'GET', '/auth/me', bearing(other));
    assert.match(refusal.detail, /does not have the scope account:read/);
  });

  test('a token cannot create or list tokens, nor list or end sessions', async () => {
    const { id, token } = await tokens.make({
      ...wish,
      scopes: ['events:read', 'events:write', 'bookings:read', 'bookings:write', 'account:read'],
    });
    for (const [method, path, body] of [
      ['POST', '/auth/tokens', wish],
      ['GET', '/auth/tokens', undefined],
      ['DELETE', `/auth/tokens/${id}`, undefined],
      ['GET', '/auth/sessions', undefined],
    ] as const) {
      const refusal = await tokens.auth.expect<{ detail: string }>(403, method, path, bearing(token), body);
      assert.match(refusal.detail, /This route does not accept API tokens/);
    }
    assert.equal((await tokens.whoIs(token)).statusCode, 200);
  });
}

function ends(tokens: Tokens): void {
  test('a revoked token stops working, and people can revoke only their own', async () => {
    const { id, token } = await tokens.make();
    await tokens.auth.expect(404, 'DELETE', `/auth/tokens/${id}`, tokens.bob.by);
    assert.equal((await tokens.whoIs(token)).statusCode, 200);
    await tokens.auth.expect(200, 'DELETE', `/auth/tokens/${id}`, tokens.ada.by);
    await tokens.auth.expect(404, 'DELETE', `/auth/tokens/${id}`, tokens.ada.by);
    tokens.auth.pass(1_000);
    assert.equal((await tokens.whoIs(token)).statusCode, 401);
  });

  test('a token expires', async () => {
    const { token } = await tokens.make({ ...wish, expires_at: new Date(realWorld().now() + 3_600_000).toISOString() });
    assert.equal((await tokens.whoIs(token)).statusCode, 200);
    tokens.auth.pass(3_600_000);
    assert.equal((await tokens.whoIs(token)).statusCode, 401);
  });
}

function refusedRequests(tokens: Tokens): void {
  test('an Idempotency-Key is refused, and no token is created', async () => {
    const count = async () => (await tokens.auth.expect<object[]>(200, 'GET', '/auth/tokens', tokens.ada.by)).length;
    const before = await count();
    const headers = { ...tokens.ada.by, 'idempotency-key': '"8e03978e-40d5"' };
    const refusal = await tokens.auth.expect<{ field: string }>(400, 'POST', '/auth/tokens', headers, wish);
    assert.equal(refusal.field, 'Idempotency-Key');
    assert.equal(await count(), before);
  });

  test('a token with a past or invalid expiry is refused', async () => {
    for (const expires_at of ['2020-01-01T00:00:00Z', '2099-02-30T00:00:00Z', 'tomorrow', '2099-01-01']) {
      const refusal = await tokens.auth.expect<{ field: string }>(400, 'POST', '/auth/tokens', tokens.ada.by, {
        ...wish,
        expires_at,
      });
      assert.equal(refusal.field, 'expires_at', expires_at);
    }
  });

  test('a person has at most a hundred tokens, even with concurrent requests', async () => {
    const many = await tokens.auth.newcomer('Many');
    await tokens.auth.database.query(
      `insert into auth.api_token (token_hash, person_id, name, scopes, created_at)
       select decode(lpad(n::text, 64, '0'), 'hex'), $1, 'old', '{events:read}', timestamptz '2026-01-01'
       from   generate_series(1, 95) as n`,
      [many.id],
    );
    const asked = Array.from({ length: 10 }, () => tokens.auth.ask('POST', '/auth/tokens', many.by, wish));
    const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode).sort();
    assert.deepEqual(statuses, [201, 201, 201, 201, 201, 409, 409, 409, 409, 409]);
  });
}

function usesAndAudit(tokens: Tokens): void {
  test('the last use is shown, and is not stored at each request', async () => {
    const lastUse = async (id: number) => {
      const list = await tokens.auth.expect<{ id: number; last_used_at?: string }[]>(
        200,
        'GET',
        '/auth/tokens',
        tokens.ada.by,
      );
      return list.find((each) => each.id === id)?.last_used_at;
    };
    /** Uses a token for the first time and waits until the use is stored. */
    async function useFirst({ id, token }: { readonly id: number; readonly token: string }): Promise<void> {
      assert.equal(await lastUse(id), undefined);
      await tokens.whoIs(token);
      for (let tries = 0; (await lastUse(id)) === undefined; tries += 1) {
        assert.ok(tries < 500, 'the use was not stored');
        await pause(realWorld(), 10);
      }
    }
    const [used, fresh] = [await tokens.make(), await tokens.make()];
    await useFirst(used);
    const first = await lastUse(used.id);
    tokens.auth.pass(2_000);
    await tokens.whoIs(used.token);
    // Uses are stored in order: when the use of the second token is stored, so is that of the first.
    await useFirst(fresh);
    assert.equal(await lastUse(used.id), first);
  });

  test('creating and revoking a token are in the audit log', async () => {
    const { id } = await tokens.make({ name: 'for the audit log', scopes: ['events:read'] });
    await tokens.auth.expect(200, 'DELETE', `/auth/tokens/${id}`, tokens.ada.by);
    const admin = await tokens.auth.signIn('admin', 'password');
    const path = `/auth/trail?user_id=${tokens.ada.id}&order=newest&limit=2`;
    const [revoked, made] = await tokens.auth.expect<{ action: string; by: unknown; details: object }[]>(
      200,
      'GET',
      path,
      admin,
    );
    assert.deepEqual([revoked?.action, made?.action], ['token_revoked', 'token_created']);
    assert.deepEqual(made?.by, { id: tokens.ada.id, login: 'Ada' });
    assert.deepEqual(made?.details, { token_id: id, name: 'for the audit log', scopes: 'events:read' });
  });
}
