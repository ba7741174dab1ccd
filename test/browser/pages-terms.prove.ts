import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { book, expect, readBalance } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { phone, requireAccessible, requireNothingCutOff, type Staged, withStage } from './pages.ts';

describe('what a buyer agrees to, in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  buying(stage);
  deadlines(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

function buying(stage: Staged): void {
  const change = (id: number, body: object) =>
    expect(200, stage.client.ask('PATCH', `/events/${id}`, { cookie: stage.admin.cookie, body }));
  const dialog = (page: Page) => page.getByRole('dialog');

  test('a phone asks before money moves: event, total, and until when canceling is free', async () => {
    const id = await stage.event('asked run', 5, 9);
    await change(id, { starts_at: '2030-05-05T10:00:00Z', cancel_until: '2030-05-01T10:00:00Z', venue: 'east gate' });
    const person = await stage.someone('asked', 50);
    const page = await stage.visit(`/event/${id}`, person, { viewport: phone });
    await page.getByRole('button', { name: 'Book for 5' }).click();
    for (const text of ['asked run', 'east gate', '5 points', '1 May 2030'])
      await dialog(page).getByText(text).first().waitFor();
    await requireAccessible(page);
    await requireNothingCutOff(page);
    await dialog(page).getByRole('button', { name: 'Go back' }).click();
    assert.equal(await readBalance(stage.client, person), 50);
    await page.getByRole('button', { name: 'Book for 5' }).click();
    await dialog(page).getByRole('button', { name: 'Book for 5' }).click();
    await page.getByText('You are on the list').waitFor();
    assert.equal(await readBalance(stage.client, person), 45);
  });

  test('a price that changes between look and click is refused, nothing is charged, and the new one is shown', async () => {
    const id = await stage.event('dearer run', 5, 9);
    const person = await stage.someone('dearer', 1_000);
    const page = await stage.visit(`/event/${id}`, person, { viewport: phone });
    await page.getByRole('button', { name: 'Book for 5' }).click();
    await change(id, { price: 500 });
    await dialog(page).getByRole('button', { name: 'Book for 5' }).click();
    await page.getByText('The price has changed.').waitFor();
    await page.getByText('The price is now: 500 points.').waitFor();
    assert.equal(await readBalance(stage.client, person), 1_000);
    await page.getByRole('button', { name: 'Book for 500' }).click();
    await dialog(page).getByRole('button', { name: 'Book for 500' }).click();
    await page.getByText('You are on the list').waitFor();
    assert.equal(await readBalance(stage.client, person), 500);
  });

  test('a free event that costs money meanwhile is refused as well', async () => {
    const id = await stage.event('no longer free', 0, 9);
    const person = await stage.someone('no-longer', 100);
    const page = await stage.visit('/', person);
    // Without the live stream, the page shows what was true when it was opened.
    await page.route('**/events/live*', (route) => route.abort());
    await page.goto(`/event/${id}`);
    await page.getByRole('button', { name: 'Book for free' }).waitFor();
    await change(id, { price: 7 });
    await page.getByRole('button', { name: 'Book for free' }).click();
    await page.getByText('The price has changed.').waitFor();
    assert.equal(await readBalance(stage.client, person), 100);
  });

  test('a person who has a place sees it first, and a second one is asked for', async () => {
    const id = await stage.event('twice run', 5, 9);
    const person = await stage.someone('twice', 50);
    await book(stage.client, person, id);
    const page = await stage.visit(`/event/${id}`, person, { viewport: phone });
    await page.getByText('You have a place.').waitFor();
    await page.getByRole('link', { name: /^Ticket of booking \d+$/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Book for 5' }).count(), 0);
    await requireAccessible(page);
    await page.getByRole('button', { name: 'Book another place for 5' }).click();
    await dialog(page).getByText('You have a place already. Book another one?').waitFor();
    await dialog(page).getByRole('button', { name: 'Book for 5' }).click();
    await page.getByText('You have 2 places.').waitFor();
    assert.equal(await readBalance(stage.client, person), 40);
  });
}

function deadlines(stage: Staged): void {
  test('booking is closed from the start of an event on, and from sale_closes_at on', async () => {
    const person = await stage.someone('late', 50);
    for (const [body, strip] of [
      [{ starts_at: '2020-05-05T10:00:00Z' }, 'OVER'],
      [{ starts_at: '2030-05-05T10:00:00Z', sale_closes_at: '2020-05-05T10:00:00Z' }, 'CLOSED'],
    ] as const) {
      const id = await stage.event(`late run ${strip}`, 5, 9);
      await expect(200, stage.client.ask('PATCH', `/events/${id}`, { cookie: stage.admin.cookie, body }));
      const page = await stage.visit(`/event/${id}`, person);
      await page.getByText(strip, { exact: true }).waitFor();
      assert.equal(await page.getByRole('button', { name: /Book/ }).count(), 0);
    }
  });

  test('the page of a booking says until when it can be canceled: the terms of its own time', async () => {
    const id = await stage.event('kept terms', 5, 9);
    const change = (body: object) =>
      expect(200, stage.client.ask('PATCH', `/events/${id}`, { cookie: stage.admin.cookie, body }));
    await change({ starts_at: '2030-05-05T10:00:00Z' });
    const [early, late] = [await stage.someone('early-bird', 50), await stage.someone('late-bird', 50)];
    await book(stage.client, early, id);
    await change({ cancel_until: '2020-01-01T10:00:00Z' });
    await book(stage.client, late, id);
    const first = await stage.visit(`/event/${id}`, early);
    await first.getByRole('link', { name: /^Ticket/ }).click();
    await first.getByText(/You can cancel until .*5 May 2030/).waitFor();
    const second = await stage.visit(`/event/${id}`, late);
    await second.getByRole('link', { name: /^Ticket/ }).click();
    await second.getByText(/Cancellation was possible until .*1 Jan 2020/).waitFor();
    await first.getByRole('button', { name: 'Cancel booking' }).click();
    await first.getByRole('dialog').getByRole('button', { name: 'Cancel booking' }).click();
    await first.getByText('You canceled this booking.').waitFor();
  });
}
