import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { book, bookingIn, expect, type Person, signIn } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { phone, readThrough, requireNothingCutOff, type Staged, wide, withStage } from './pages.ts';

/** A word that no line of a phone has room for. */
const word = (length = 200) => 'W'.repeat(length);

/** Registers a person whose names are as long as they can be. */
async function longPerson({ client, admin }: Staged): Promise<Person> {
  const login = word(100);
  const password = 'a long password';
  const names = { email: `${word(60)}@example.org`, first_name: word(100), last_name: word(100) };
  await expect(201, client.ask('POST', '/register', { body: { login, password, ...names } }));
  const person = await signIn(client, login, password);
  const credit = { user_id: person.id, delta: Number.MAX_SAFE_INTEGER, reference: word() };
  await expect(201, client.ask('POST', '/account/credit', { cookie: admin.cookie, body: credit }));
  const token = { name: word(100), scopes: ['events:read', 'account:read'] };
  await expect(201, client.ask('POST', '/auth/tokens', { cookie: person.cookie, body: token }));
  return person;
}

/** Creates an event whose texts are as long as they can be, with a booking of the person. */
async function longEvent({ client, admin }: Staged, person: Person, canceled: boolean) {
  const texts = { event_name: word(), venue: word(), description: word(5_000) };
  const body = { ...texts, price: 2 ** 40, total_slots: 2 ** 31 - 1, starts_at: '2100-01-01T00:00:00.000Z' };
  const answer = client.ask('POST', '/events/create', { cookie: admin.cookie, body });
  const { id } = await expect<{ id: number }>(201, answer);
  const booking = bookingIn(await book(client, person, id)).id;
  if (canceled) {
    await expect(200, client.ask('POST', '/events/cancel', { cookie: admin.cookie, body: { event_id: id } }));
  }
  return { id, booking };
}

describe('long words in a browser', { skip: browserMissing }, () => {
  const stage = withStage();

  test('no page scrolls sideways: names, venues, descriptions, logins, references and token names wrap', async () => {
    const person = await longPerson(stage);
    const events = [await longEvent(stage, person, false), await longEvent(stage, person, true)];
    const theirs = ['/', '/bookings', '/wallet', '/me'];
    const admins = ['/organize', '/operate', '/operate/people', '/operate/trail', '/operate/reconciliation'];
    for (const { id, booking } of events) {
      theirs.push(`/event/${id}`, `/booking/${booking}`);
      admins.push(...['', '/people', '/door', '/edit', '/by-hand', '/team'].map((page) => `/organize/${id}${page}`));
    }
    for (const viewport of [phone, wide]) {
      for (const [who, places] of [
        [person, theirs],
        [stage.admin, admins],
      ] as const) {
        const page = await stage.visit('/', who, { viewport });
        for (const place of places) {
          await page.goto(place);
          await readThrough(page);
          await requireNothingCutOff(page);
        }
        await page.context().close();
      }
    }
  });

  test('no dialog, notice or panel makes a page scroll sideways', async () => {
    const page = await stage.visit('/operate/people', stage.admin, { viewport: phone });
    await page.getByRole('button', { name: word(100) }).click();
    await page.getByLabel('Amount').waitFor();
    await requireNothingCutOff(page);
    await page.getByLabel('admin').click();
    await page.getByRole('dialog').waitFor();
    await requireNothingCutOff(page);
    const events = await expect<{ id: number }[]>(200, stage.client.ask('GET', '/events/get'));
    await page.goto(`/organize/${events[0]?.id}/people`);
    await page.getByRole('button', { name: 'Check in' }).click();
    await page.getByText('Welcome,').waitFor();
    await requireNothingCutOff(page);
  });

  test('a long word in a table leaves its other columns in reach', async () => {
    const page = await stage.visit('/operate/people', stage.admin, { viewport: phone });
    await readThrough(page);
    const box = await page.locator('table').boundingBox();
    assert.ok(box !== null && box.width < 3 * phone.width, `the table is ${box?.width} px wide`);
  });

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});
