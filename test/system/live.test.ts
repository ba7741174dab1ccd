import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { eachDatabase, type Kind, type Open } from '../support/databases/databases.ts';
import { untilAllBeforeHaveEnded } from '../support/databases/meeting.ts';
import { Viewer } from '../support/streams.ts';
import {
  book,
  createEvent,
  createPeople,
  expect,
  type Person,
  signInAdmin,
  startSystem,
  withSystem,
} from '../support/system.ts';

eachDatabase((kind, open) => {
  const viewers = withViewers(open);
  describe('events are streamed live', () => {
    streams(viewers);
    requests(viewers);
  });
  endOfProcess(kind, viewers);
});

type Viewers = ReturnType<typeof withViewers>;

/** An organizer and three people who book, and viewers of the events. */
function withViewers(open: Open) {
  let admin: Person;
  let people: Person[];
  const system = withSystem(open, {
    async prepare({ client }) {
      admin = await signInAdmin(client);
      people = await createPeople(client, 3, 1_000);
    },
  });

  return {
    system,
    admin: () => admin,
    person: (index: number) => people[index] as Person,
    newEvent: (event: { price: number; slots: number }) => createEvent(system.client, admin, event),
    watch: (query: string, headers = {}, of = system) =>
      Viewer.open<EventDetail>(of.client.address, `/events/live${query}`, headers),
  };
}

function streams({ system, admin, person, newEvent, watch }: Viewers): void {
  test('first their present state, then each time a slot or another field changes', async (t) => {
    const eventId = await newEvent({ price: 5, slots: 3 });
    const other = await newEvent({ price: 5, slots: 3 });
    const viewer = await watch(`?ids=${eventId}`);
    t.after(() => viewer.close());
    assert.equal(viewer.status, 200);
    assert.equal(viewer.headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(viewer.headers['x-accel-buffering'], 'no');
    await viewer.until(({ last }) => last?.data.free_slots === 3);
    await expect(201, book(system.client, person(0), other));
    await expect(201, book(system.client, person(0), eventId));
    await viewer.until(({ last }) => last?.data.free_slots === 2);
    const call = { cookie: admin().cookie, body: { venue: 'a field' } };
    await expect(200, system.client.ask('PATCH', `/events/${eventId}`, call));
    await viewer.until(({ last }) => last?.data.venue === 'a field');
    await expect(200, system.client.ask('POST', '/events/cancel', { ...admin(), body: { event_id: eventId } }));
    await viewer.until(({ last }) => last?.data.cancellation?.slots_given_back === 1);
    const detail = await expect<EventDetail>(200, system.client.ask('GET', `/events/get/${eventId}`));
    assert.deepEqual(viewer.last?.data, detail);
    assert.ok(viewer.events.every(({ event, data }) => event === 'event' && data.id === eventId));
  });

  test('a stream without ids gets all events, and new ones as they are created', async (t) => {
    const viewer = await watch('');
    t.after(() => viewer.close());
    const eventId = await newEvent({ price: 5, slots: 3 });
    await viewer.until(({ events }) => events.some(({ data }) => data.id === eventId));
    const all = (await system.client.ask('GET', '/events/get')).json as { id: number }[];
    assert.deepEqual(new Set(viewer.events.map(({ data }) => data.id)), new Set(all.map(({ id }) => id)));
  });

  test('with many events and long descriptions, for the first viewer and later ones', async (t) => {
    const made = await system.database.query<{ id: number }>(
      `insert into events.event (name, price, total_slots, organizer_id, created_at, venue, description)
       select 'run ' || n, 5, 10, 1, now(), 'the gate in the east', repeat('All the way up. ', $1)
         from generate_series(1, $2) as t (n) returning id`,
      [170, 800],
    );
    const ids = made.map(({ id }) => id);
    for (const query of ['', `?ids=${ids.slice(0, 100)}`]) {
      for (const _ of ['first', 'second']) {
        const viewer = await watch(query);
        t.after(() => viewer.close());
        const expected = query === '' ? ids : ids.slice(0, 100);
        await viewer.until(({ lastEventId }) => lastEventId !== '');
        const seen = new Set(viewer.events.map(({ data }) => data.id));
        assert.ok(expected.every((id) => seen.has(id)));
        assert.equal(viewer.isEnded, false);
      }
    }
  });

  test('after a reconnect exactly what changed meanwhile', async (t) => {
    const ids: number[] = [];
    for (let index = 0; index < 3; index += 1) ids.push(await newEvent({ price: 0, slots: 9 }));
    await untilAllBeforeHaveEnded(system.database);
    const query = `?ids=${ids}`;
    const stays = await watch(query);
    t.after(() => stays.close());
    const leaves = await watch(query);
    await leaves.until(({ events }) => events.length >= 3);
    await expect(201, book(system.client, person(0), ids[0] ?? 0));
    await leaves.until(({ last }) => last?.data.free_slots === 8);
    const last = leaves.lastEventId;
    leaves.close();
    await expect(201, book(system.client, person(0), ids[1] ?? 0));
    await stays.until(({ events }) => events.some(({ data }) => data.id === ids[1] && data.free_slots === 8));
    const back = await watch(query, { 'last-event-id': last });
    t.after(() => back.close());
    await back.until(({ events }) => events.some(({ data }) => data.id === ids[1] && data.free_slots === 8));
    assert.ok(!back.events.some(({ data }) => data.id === ids[2]), 'the third booking did not settle');
    const stranger = await watch(query, { 'last-event-id': '99999999999' });
    t.after(() => stranger.close());
    await stranger.until(({ events }) => new Set(events.map(({ data }) => data.id)).size === 3);
  });
}

function requests({ system }: Viewers): void {
  test('a HEAD request is answered at once', async () => {
    const { status, headers } = await system.client.ask('HEAD', '/events/live');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8');
  });

  test('an invalid stream query is refused with the name of the field', async () => {
    for (const ids of ['', 'x', '1,', '0', '1.5', Array(101).fill('1').join()]) {
      const answer = await system.client.ask('GET', `/events/live?ids=${ids}`);
      assert.equal(answer.status, 400, ids);
      assert.equal((answer.json as { field?: string }).field, 'ids');
    }
  });
}

function endOfProcess(kind: Kind, { system, person, newEvent, watch }: Viewers): void {
  test('a process that ends closes its streams, and the viewers see on another replica what was sold there', async (t) => {
    // PGlite runs in one process, so the second replica is a second Startlist in this process, on the same database.
    const second = await startSystem(system.database);
    const eventId = await newEvent({ price: 0, slots: 9 });
    const viewer = await watch(`?ids=${eventId}`, {}, second);
    t.after(() => viewer.close());
    await viewer.until(({ events }) => events.length === 1);
    const beganMs = performance.now();
    await expect(201, book(system.client, person(0), eventId));
    await viewer.until(({ last }) => last?.data.free_slots === 8);
    t.diagnostic(`${kind}: seen on another replica after ${(performance.now() - beganMs).toFixed(0)} ms`);
    const stopped = second.stop();
    await viewer.until(({ isEnded }) => isEnded);
    await stopped;
  });
}
