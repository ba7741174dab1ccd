import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventDetail, EventItem } from '../../contracts/events/schemas.ts';
import { readList } from '../../events/lists-store.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { createPeople, expect, type System, withSystem } from '../support/system.ts';

/** More than fit a page, in each third: events that are over, that are to come, and without a start. */
const each = 1_100;

eachDatabase((kind, open) => {
  describe('lists of more than 1,000 events', () => {
    const system = withEvents(open);
    lists(system);
    // The planner of PGlite may scan a small table.
    if (kind === 'PostgreSQL') plans(system);
  });
});

function withEvents(open: Open): System {
  return withSystem(open, {
    prepare: async ({ database, client }) => {
      const [organizer] = await createPeople(client, 1, 0);
      await database.query(
        `insert into events.event (name, price, total_slots, organizer_id, created_at, starts_at)
         select 'event ' || n, 0, 5, case when n % 2 = 0 then $2::bigint else 1 end, now(),
                case n % 3 when 0 then now() - make_interval(mins => n) when 1 then now() + make_interval(hours => n) end
           from generate_series(1, $1::integer * 3) as n`,
        [each, organizer?.id],
      );
      await database.query('analyze events.event');
    },
  });
}

function lists(system: System): void {
  /** Reads a list to its end by its links. */
  async function readAll<Item extends EventItem = EventItem>(path: string): Promise<Item[]> {
    const all: Item[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const answer = await system.client.ask('GET', next);
      all.push(...(await expect<Item[]>(200, Promise.resolve(answer))));
      next = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1];
    }
    return all;
  }

  const number = ({ event_name }: EventItem) => Number(event_name.split(' ')[1]);
  const ids = (all: readonly EventItem[]) => all.map(({ id }) => id);

  test('events to come are those that have not started and those without a start', async () => {
    const upcoming = await readAll<EventDetail>('/events/get?view=detail&when=upcoming');
    assert.equal(upcoming.length, 2 * each);
    assert.ok(upcoming.every((event) => number(event) % 3 !== 0));
    assert.deepEqual(
      ids(upcoming),
      ids(upcoming).toSorted((a, b) => a - b),
    );
    const past = await readAll<EventDetail>('/events/get?view=detail&when=past&limit=400');
    assert.equal(past.length, each);
    assert.ok(past.every(({ starts_at = '' }) => Date.parse(starts_at) < Date.now()));
    assert.equal((await readAll('/events/get')).length, 3 * each);
  });

  test('an organizer’s events are listed by time as well', async () => {
    const [event] = await readAll<EventDetail>('/events/get?view=detail&ids=2');
    const mine = `organizer_id=${event?.organizer_id}`;
    for (const [when, wanted] of [['upcoming', 2] as const, ['past', 1] as const]) {
      const found = await readAll<EventDetail>(`/events/get?view=detail&when=${when}&${mine}`);
      assert.equal(found.length, (wanted * each) / 2);
      assert.ok(found.every(({ organizer_id }) => organizer_id === event?.organizer_id));
    }
  });

  test('ids name up to 100 events, in id order, whatever their time; unknown ones are left out', async () => {
    const named = Array.from({ length: 99 }, (_, index) => 3_300 - index * 30);
    const found = await readAll(`/events/get?ids=${[...named, 999_999].join()}`);
    assert.deepEqual(ids(found), named.toReversed());
    assert.deepEqual(ids(await readAll(`/events/get?limit=40&ids=${named.join()}`)), named.toReversed());
    const past = ids(await readAll('/events/get?ids=1,2,3,4,5,6&when=past'));
    const upcoming = ids(await readAll('/events/get?ids=1,2,3,4,5,6&when=upcoming'));
    assert.deepEqual(
      [past, upcoming],
      [
        [3, 6],
        [1, 2, 4, 5],
      ],
    );
    assert.deepEqual(ids(await readAll('/events/get?ids=1,2,3&organizer_id=1')), [1, 3]);
  });

  test('other times and other ids are refused', async () => {
    const many = Array.from({ length: 101 }, (_, index) => index + 1).join();
    for (const query of ['when=soon', 'when=', 'ids=', 'ids=0', 'ids=1,,2', 'ids=a', `ids=${many}`]) {
      await expect(400, system.client.ask('GET', `/events/get?${query}`));
    }
  });
}

function plans(system: System): void {
  test('the events to come are found by their start: those that are over are not read', async () => {
    const plans: string[] = [];
    const explained = {
      async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
        const rows = await system.database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
        return [];
      },
    };
    const filter = { when: 'upcoming', now: new Date() } as const;
    await readList(explained, { after: 0, limit: 1_000 }, filter);
    assert.equal(plans.join().match(/event_by_start/g)?.length, 2, plans.join());
    assert.match(plans.join(), /Index Cond: \(id = to_come.id\)/);
  });
}
