import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { book, expect } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { readThrough, requireAccessible, type Staged, withStage } from './pages.ts';

/** More than fit a page of the API. */
const many = 1_050;

describe('lists of more than 1,000 items in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  eventLists(stage);
  ownLists(stage);
  operatorLists(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

/** Creates events of these names, 50 at a time. @returns their ids. */
async function createMany({ client, admin }: Staged, names: readonly string[], fields: object): Promise<number[]> {
  const ids: number[] = [];
  for (let from = 0; from < names.length; from += 50) {
    const creating = names.slice(from, from + 50).map(async (event_name) => {
      const body = { event_name, price: 0, total_slots: 3_000, ...fields };
      return expect<{ id: number }>(201, client.ask('POST', '/events/create', { cookie: admin.cookie, body }));
    });
    ids.push(...(await Promise.all(creating)).map(({ id }) => id));
  }
  return ids;
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name} ${index}.`);

function eventLists(stage: Staged): void {
  test('the newest event is listed after 1,050 that are over and 1,050 to come; those that are over have a page', async () => {
    await createMany(stage, numbered('former', many), { starts_at: '2020-05-01T10:00:00Z' });
    await createMany(stage, numbered('coming', many), { starts_at: '2199-05-01T10:00:00Z' });
    await createMany(stage, ['newest run'], {});
    for (const path of ['/', '/organize']) {
      const page = await stage.visit(path, stage.admin);
      await page.getByRole('link', { name: 'newest run' }).waitFor();
      await page.getByRole('link', { name: `coming ${many - 1}.` }).waitFor();
      assert.equal(await page.getByRole('listitem').count(), many + 1);
      assert.equal(await page.getByRole('link', { name: /^former/ }).count(), 0);
      await page.getByRole('link', { name: 'Past events' }).click();
      await page.getByRole('link', { name: `former ${many - 1}.` }).waitFor();
      await page.getByRole('link', { name: 'former 0.' }).waitFor();
      assert.equal(await page.getByRole('listitem').count(), many);
      await page.getByRole('link', { name: 'Upcoming events' }).click();
      await page.getByRole('link', { name: 'newest run' }).waitFor();
      await page.context().close();
    }
  });

  test('a list shows what has arrived, and says when the rest does not come', async () => {
    const page = await stage.visit('/sign-in');
    await page.route('**/events/live', (route) => route.abort());
    let isBroken = true;
    await page.route(/\/events\/get\?.*after=[1-9]/, async (route) => (isBroken ? route.abort() : route.continue()));
    await page.goto('/');
    await page.getByRole('link', { name: 'coming 0.' }).waitFor();
    await page.getByText('Startlist is not responding.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'newest run' }).count(), 0);
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'newest run' }).waitFor();
    await page.getByText('Startlist is not responding.').waitFor({ state: 'detached' });
  });
}

function ownLists(stage: Staged): void {
  test('my bookings and my balance show every booking, with the names of its event', async () => {
    const events = await createMany(stage, numbered('frequent', 105), { price: 1 });
    const person = await stage.someone('frequent', 5_000);
    for (let from = 0; from < many; from += 50) {
      const booking = Array.from({ length: 50 }, (_, index) =>
        book(stage.client, person, events[(from + index) % events.length] ?? 0),
      );
      await Promise.all(booking);
    }
    const page = await stage.visit('/bookings', person);
    await page
      .getByRole('listitem')
      .nth(many - 1)
      .waitFor();
    assert.equal(await page.getByRole('listitem').count(), many);
    assert.equal(await page.getByRole('link', { name: /^frequent \d/ }).count(), many);
    const numbers = await page.getByRole('listitem').locator('.number').allTextContents();
    const ids = numbers.filter((text) => text.startsWith('#')).map((text) => Number(text.slice(1)));
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => b - a),
    );
    await page.goto('/wallet');
    await page
      .getByRole('row')
      .nth(many + 1)
      .waitFor();
    assert.equal(await page.getByRole('link', { name: /^frequent \d/ }).count(), many);
    assert.match((await page.getByRole('row').nth(1).textContent()) ?? '', /Payment/);
  });
}

function operatorLists(stage: Staged): void {
  test('people and the audit log go on while there is a next page, however many items a page has', async () => {
    for (const name of ['some', 'more', 'people']) await stage.someone(name, 0);
    const page = await stage.visit('/operate/people', stage.admin);
    await readThrough(page);
    const asked: string[] = [];
    await page.route(/\/auth\/(people|trail)\?/, async (route) => {
      const url = new URL(route.request().url());
      asked.push(url.searchParams.get('after') ?? '');
      url.searchParams.set('limit', '2');
      const response = await route.fetch({ url: url.href });
      await route.fulfill({ response });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('row').nth(4).waitFor();
    await requireAccessible(page);
    await page.goto('/operate/trail');
    await page.getByRole('button', { name: 'Show older' }).click();
    await page.getByRole('row').nth(4).waitFor();
    assert.equal(asked.length, 4);
  });
}
