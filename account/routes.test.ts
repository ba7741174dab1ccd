import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StatementItem } from '../contracts/account/schemas.ts';
import { eachDatabase } from '../test/support/databases/databases.ts';
import { createPeople, expect, type Person, signIn, withSystem } from '../test/support/system.ts';
import { until } from '../test/support/until.ts';

eachDatabase((_kind, open) => {
  describe('accounts without the demo', () => {
    const adminPassword = 'a password for this test';
    let admin: Person;
    let person: Person;
    const system = withSystem(open, {
      demo: false,
      adminPassword,
      currency: { currency: 'EUR', digits: 2 },
      async prepare({ client }) {
        admin = await signIn(client, 'admin', adminPassword);
        [person] = (await createPeople(client, 1, 0)) as [Person];
      },
    });

    const desk = (what: 'credit' | 'payout', delta: number, reference: string, by = admin, userId = person.id) =>
      system.client.ask('POST', `/account/${what}`, { cookie: by.cookie, body: { user_id: userId, delta, reference } });
    const get = (path: string, { cookie }: Person) => system.client.ask('GET', path, { cookie });

    test('people can neither deposit nor credit; an admin can credit', async () => {
      const { cookie } = person;
      assert.equal((await system.client.ask('PUT', '/account/deposit', { cookie, body: { delta: 5 } })).status, 403);
      assert.equal((await desk('credit', 5, 'mine', person)).status, 403);
      assert.equal((await desk('payout', 5, 'mine', person)).status, 403);
      const credited = await expect<StatementItem>(201, desk('credit', 500, 'receipt 1'));
      assert.deepEqual([credited.user_id, credited.amount, credited.balance], [person.id, 500, 500]);
      assert.deepEqual((await get('/account/get', person)).json, { balance: 500 });
    });

    test('a repeated reference returns the first response; another request under it is 409 and names the field', async () => {
      const first = await desk('credit', 70, 'receipt 2');
      assert.deepEqual((await desk('credit', 70, 'receipt 2')).json, first.json);
      const other = await desk('payout', 70, 'receipt 2');
      assert.equal(other.status, 409);
      assert.equal((other.json as { field: string }).field, 'reference');
      const tooMuch = await desk('payout', 10_000, 'payout 1');
      assert.deepEqual([tooMuch.status, (tooMuch.json as { field: string }).field], [409, 'delta']);
    });

    test('a blank reference is 400', async () => {
      for (const blank of [' ', '\u00a0\u3000', '\u2800', '\u3164', '\u200b', '\u00ad', '\u0301']) {
        for (const what of ['credit', 'payout'] as const) {
          const { status, json } = await desk(what, 5, blank);
          assert.deepEqual([status, (json as { field: string }).field], [400, 'reference'], JSON.stringify(blank));
        }
      }
    });

    test('a credit for an unknown person is 404', async () => {
      assert.equal((await desk('credit', 5, 'for an unknown person', admin, 9_999)).status, 404);
    });

    test('the statement has pages; admins can read any, people only their own', async () => {
      await expect(201, desk('payout', 20, 'payout 2'));
      const all = await expect<StatementItem[]>(200, get('/account/history', person));
      assert.deepEqual(
        all.map(({ kind, amount, balance }) => [kind, amount, balance]),
        [
          ['credit', 500, 500],
          ['credit', 70, 570],
          ['payout', -20, 550],
        ],
      );
      const page = await get('/account/history?limit=2', person);
      assert.deepEqual(page.json, all.slice(0, 2));
      const [, next = ''] = /<([^>]+)>; rel="next"/.exec(String(page.headers.link)) ?? [];
      assert.deepEqual((await get(next, person)).json, all.slice(2));
      assert.deepEqual((await get(`/account/history?user_id=${person.id}`, admin)).json, all);
      assert.deepEqual((await get(`/account/get?user_id=${person.id}`, admin)).json, { balance: 550 });
      assert.equal((await get(`/account/history?user_id=${admin.id}`, person)).status, 403);
      assert.equal((await get(`/account/get?user_id=${admin.id}`, person)).status, 403);
      assert.equal((await system.client.ask('GET', '/account/history')).status, 401);
    });

    test('the currency is public', async () => {
      assert.deepEqual((await system.client.ask('GET', '/account/currency')).json, { currency: 'EUR', digits: 2 });
    });

    test('the audit log has one entry per credit, with admin, person, amount and reference', async () => {
      const path = `/auth/trail?action=account_credited&user_id=${person.id}`;
      const read = async () => (await get(path, admin)).json as { by: { id: number }; details: object }[];
      await until('both credits are in the audit log', async () => (await read()).length >= 2);
      assert.deepEqual(
        (await read()).map(({ by, details }) => [by.id, details]),
        [
          [admin.id, { amount: 500, reference: 'receipt 1' }],
          [admin.id, { amount: 70, reference: 'receipt 2' }],
        ],
      );
    });
  });
});
