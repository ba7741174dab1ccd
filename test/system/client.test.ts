import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, type StartlistClient } from '../../openapi/client/client.ts';
import { createNodeClient } from '../../openapi/client/node.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { withSystem } from '../support/system.ts';

eachDatabase((_kind, open) => {
  let admin: StartlistClient;
  let person: StartlistClient;
  withSystem(open, {
    async prepare({ client: { address } }) {
      admin = createNodeClient({ address });
      person = createNodeClient({ address });
      await must(admin.POST('/login', { body: { login: 'admin', password: 'password' } }));
      await must(person.POST('/login', { body: { login: 'user', password: 'userpassword' } }));
    },
  });

  test('the typed client creates an event, books it and cancels the booking', async () => {
    const event = await must(
      admin.POST('/events/create', { body: { event_name: 'green run', price: 5, total_slots: 3 } }),
    );
    await must(person.PUT('/account/deposit', { body: { delta: 8 } }));
    const booking = await must(person.POST('/book/create', { body: { event_id: event.id } }));
    assert.deepEqual([booking.event_id, booking.status], [event.id, 4]);
    const second = await must(person.POST('/book/create', { body: { event_id: event.id } }));
    assert.deepEqual([second.status, second.reason], [-1, 'insufficient_funds']);

    const { history } = await must(person.GET('/book/get/{id}', { params: { path: { id: booking.id } } }));
    assert.deepEqual(
      history.map(({ state }) => state),
      ['occupying', 'paying', 'complete'],
    );
    const canceled = await must(person.POST('/book/cancel', { body: { booking_id: booking.id } }));
    assert.deepEqual([canceled.status, canceled.reason], [-1, 'by_owner']);
    assert.deepEqual(await must(person.GET('/account/get')), { balance: 8 });
    const { free_slots: free } = await must(admin.GET('/events/get/{id}', { params: { path: { id: event.id } } }));
    assert.equal(free, 3);
  });

  test('a page is selected by the query, and a refusal says why', async () => {
    const [last] = (await must(person.GET('/book/get', { params: { query: { after: 1, limit: 1 } } }))) ?? [];
    assert.equal(last?.id, 2);
    await assert.rejects(must(person.POST('/book/cancel', { body: { booking_id: 77 } })), { status: 404 });
    await assert.rejects(
      must(person.POST('/events/create', { body: { event_name: 'own run', price: 0, total_slots: 1 } })),
      { status: 403 },
    );
  });

  test('after signing out the client has no session', async () => {
    await must(person.POST('/logout'));
    await assert.rejects(must(person.GET('/account/get')), { status: 401 });
  });
});
