import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listAttendees } from './attendees.ts';
import type { Attendee } from './attendees-store.ts';

/**
 * The attendee list of an event with this many attendees. Each booking has the same id as its person. `asked` counts
 * the calls to the store (`pages`) and to auth (`names`).
 */
function openList(count: number) {
  const asked = { pages: 0, names: 0 };
  const one = (id: number): Attendee => ({
    ...{ id, personId: id, price: 5, ticketCode: null },
    ...{ completeAt: new Date(0), checkedInAt: null, guestName: null, deskReference: null },
  });
  const parts = {
    store: {
      async page(_eventId: number, { after, limit }: { readonly after: number; readonly limit: number }) {
        asked.pages += 1;
        return Array.from({ length: Math.max(0, Math.min(limit, count - after)) }, (_, index) =>
          one(after + index + 1),
        );
      },
    },
    async names(ids: readonly number[]) {
      asked.names += ids.length;
      return ids.map((id) => ({ id, login: `runner-${id}`, firstName: 'Ada', lastName: 'Runner' }));
    },
  };
  const list = (search: string | undefined, page = { after: 0, limit: 100 }, isGone = () => false) =>
    listAttendees(parts, 1, { page, search, isGone });
  return { asked, list };
}

describe('a search of attendees', () => {
  test('without a hit reads 10,000 attendees and returns where the next page starts', async () => {
    const { asked, list } = openList(100_000);
    assert.deepEqual(await list('no-match'), { found: [], next: 10_000 });
    assert.deepEqual(asked, { pages: 10, names: 10_000 });
  });

  test('finds each match once over all pages, however the matches are spread', async () => {
    const { list } = openList(35_000);
    const ids: number[] = [];
    let pages = 0;
    for (let after: number | undefined = 0; after !== undefined; pages += 1) {
      const { found, next } = await list('runner-349', { after, limit: 50 });
      ids.push(...found.map(({ id }) => id));
      after = next;
    }
    const fitting = Array.from({ length: 35_000 }, (_, index) => index + 1).filter((id) => `${id}`.startsWith('349'));
    assert.deepEqual(ids, fitting);
    assert.ok(pages < 10, `${pages} pages`);
  });

  test('stops when the client has disconnected', async () => {
    const { asked, list } = openList(100_000);
    await list('no-match', undefined, () => asked.pages === 2);
    assert.equal(asked.pages, 2);
  });
});

describe('an attendee is found', () => {
  const people = [
    { login: 'jg', firstName: 'José', lastName: 'García' },
    { login: 'sk', firstName: 'Семён', lastName: 'Королёв' },
    { login: 'lukasz', firstName: 'Łukasz', lastName: 'Strauß' },
  ];
  const codes = ['1XHPYP2CGVT7', '1XHPYP2CABT7', '7KQ2M0XD9R4T'];
  const parts = {
    store: {
      page: async () =>
        people.map((_, index) => ({
          ...{ id: index + 1, personId: index + 1, price: 5, ticketCode: codes[index] ?? null },
          ...{ guestName: index === 2 ? 'Zoë' : null, deskReference: null },
          ...{ completeAt: new Date(0), checkedInAt: null },
        })),
    },
    names: async (ids: readonly number[]) =>
      ids.map((id) => ({ id, login: '', firstName: '', lastName: '', ...people[id - 1] })),
  };
  const find = async (search: string) => {
    const { found } = await listAttendees(parts, 1, { page: { after: 0, limit: 100 }, search });
    return found.map(({ name }) => name.login);
  };

  test('by words of the name in any order, without marks and case', async () => {
    for (const search of ['jose garcia', 'GARCIA josé', 'jg']) assert.deepEqual(await find(search), ['jg'], search);
    for (const search of ['Семен', 'королев', 'Королёв семен']) assert.deepEqual(await find(search), ['sk'], search);
    for (const search of ['lukasz', 'strauss łukasz']) assert.deepEqual(await find(search), ['lukasz'], search);
    assert.deepEqual(await find('zoe strauss'), ['lukasz']);
    assert.deepEqual(await find('jose korolev'), []);
  });

  test('by a ticket code, also one that was typed under another keyboard layout, and by the booking id', async () => {
    for (const search of ['1xhp-yp2c-gvt7', '1ЧРЗ-НЗ2С-ПМЕ7', '1чрз нз2с пме7'])
      assert.deepEqual(await find(search), ['jg']);
    assert.deepEqual(await find('1ХНР-УР2С-АВТ7'), ['sk']);
    assert.deepEqual(await find(' 3 '), ['lukasz']);
  });
});

test('a page of all attendees requests only the names that it shows', async () => {
  const { asked, list } = openList(250);
  const { found, next } = await list(undefined);
  assert.deepEqual([found.length, next, asked.names], [100, 100, 100]);
  const last = await list(undefined, { after: 200, limit: 100 });
  assert.deepEqual([last.found.length, last.next], [50, undefined]);
});
