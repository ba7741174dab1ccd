import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { book, bookingIn, expect, type Person } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { bookFor, type Staged, withStage } from './pages.ts';

const hourMs = 3_600_000;

/** A time this many hours from now. */
const inHours = (hours: number) => new Date(Date.now() + hours * hourMs).toISOString();

describe('pages in a browser whose clock is wrong', { skip: browserMissing }, () => {
  const stage = withStage();
  for (const [title, offMs] of [
    ['five hours fast', 5 * hourMs],
    ['five hours slow', -5 * hourMs],
    ['two years slow', -2 * 365 * 24 * hourMs],
  ] as const)
    describe(title, () => wrong(stage, offMs));

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

/** An answer of the wrong clock would be corrected after some seconds. */
const soon = { timeout: 9_000 };

async function createEvent({ client, admin }: Staged, fields: object): Promise<number> {
  const body = { price: 5, total_slots: 9, ...fields };
  return (await expect<{ id: number }>(201, client.ask('POST', '/events/create', { cookie: admin.cookie, body }))).id;
}

function wrong(stage: Staged, offMs: number): void {
  async function visit(path: string, person?: Person): Promise<Page> {
    const page = await stage.visit('/sign-in', person);
    await page.clock.install({ time: Date.now() + offMs });
    await page.goto(path);
    assert.ok(Math.abs(Number(await page.evaluate('Date.now()')) - Date.now() - offMs) < hourMs);
    return page;
  }

  test('an open sale is open, in the list and on its page', async () => {
    const name = `open ${offMs}`;
    const id = await createEvent(stage, { event_name: name, starts_at: inHours(1), sale_opens_at: inHours(-1) });
    const person = await stage.someone(`open-${offMs}`, 5);
    const page = await visit('/', person);
    await page.getByRole('listitem').filter({ hasText: name }).getByText('PLACES LEFT').waitFor(soon);
    await page.getByRole('link', { name }).click();
    await bookFor(page, 'Book for 5');
    await page.getByText('You are on the list').waitFor();
    await page.goto(`/event/${id}`);
    await page.getByText('PLACES LEFT').waitFor();
  });

  test('a sale that opens later is closed, and an event that has started is over', async () => {
    const name = `later ${offMs}`;
    const later = await createEvent(stage, { event_name: name, starts_at: inHours(2), sale_opens_at: inHours(1) });
    const started = await createEvent(stage, { event_name: `started ${offMs}`, starts_at: inHours(-1) });
    const person = await stage.someone(`later-${offMs}`, 5);
    const page = await visit('/', person);
    await page.getByRole('listitem').filter({ hasText: name }).getByText('SOON').waitFor(soon);
    assert.equal(await page.getByRole('link', { name: `started ${offMs}` }).count(), 0);
    await page.goto(`/event/${later}`);
    await page.getByText('SOON').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Book for 5' }).isDisabled());
    await page.goto(`/event/${started}`);
    await page.getByText('OVER').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Book for 5' }).count(), 0);
  });

  test('a sale opens on its page when the server opens it', async () => {
    const opens = new Date(Date.now() + 5_000).toISOString();
    const id = await createEvent(stage, { event_name: `opening ${offMs}`, sale_opens_at: opens });
    const page = await visit(`/event/${id}`, await stage.someone(`opening-${offMs}`, 5));
    await page.getByText('SOON').waitFor();
    await page.getByText('PLACES LEFT').waitFor();
    await bookFor(page, 'Book for 5');
    await page.getByText('You are on the list').waitFor();
  });

  test('a booking can be canceled until its time, and no longer', async () => {
    const person = await stage.someone(`until-${offMs}`, 5);
    const [still, late] = [inHours(1), new Date(Date.now() + 4_000).toISOString()];
    const bookings: number[] = [];
    for (const cancel_until of [still, late]) {
      const id = await createEvent(stage, { event_name: 'until', price: 0, starts_at: inHours(9), cancel_until });
      bookings.push(bookingIn(await book(stage.client, person, id)).id);
    }
    const page = await visit(`/booking/${bookings[0]}`, person);
    await page.getByRole('button', { name: 'Cancel booking' }).waitFor();
    await page.goto(`/booking/${bookings[1]}`);
    await page.getByText('Cancellation was possible until').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Cancel booking' }).count(), 0);
  });
}
