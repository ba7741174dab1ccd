import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { book, readBalance } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { bookFor, requireAccessible, type Staged, withStage } from './pages.ts';

describe('a participant’s pages in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  bookings(stage);
  refusals(stage);

  test('free slots go down in two browsers at the same time', async () => {
    const id = await stage.event('live run', 0, 100);
    const person = await stage.someone('live', 0);
    const pages = [await stage.visit('/'), await stage.visit(`/event/${id}`)];
    const [list, single] = pages;
    assert.ok(list && single);
    const row = list.getByRole('listitem').filter({ hasText: 'live run' });
    await row.getByText('100', { exact: true }).waitFor();
    for (let time = 0; time < 3; time += 1) await book(stage.client, person, id);
    await row.getByText('97', { exact: true }).waitFor();
    await single.getByText('97', { exact: true }).waitFor();
  });

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

function bookings(stage: Staged): void {
  test('a new person signs up and books by keyboard only: the diagram shows the recorded saga', async () => {
    const id = await stage.event('green run', 0, 3);
    const page = await stage.visit('/');
    await page.getByRole('link', { name: 'green run' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Sign in to book' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Sign up' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Login').focus();
    for (const text of ['by-keyboard', 'a long password', 'Ada', 'Runner', 'ada@example.org']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/event/${id}`);
    await page.getByRole('button', { name: 'Book for free' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('You are on the list').waitFor();
    const figure = page.getByRole('figure', { name: 'Booking progress' });
    const told = await figure.locator('ol > li').allTextContents();
    assert.deepEqual(
      told.map((line) => line.replace(/, \+.*/, '')),
      [
        'User → Book: register',
        'Book → Event: occupy',
        'Event → Book: occupied',
        'Book → Account: pay',
        'Account → Book: paid',
        'Book → Book: complete',
      ],
    );
    assert.equal(await figure.locator('svg .message').count(), told.length);
    await page.getByText('2', { exact: true }).first().waitFor();
    await requireAccessible(page);
  });

  test('a booking is canceled after a confirmation and refunded', async () => {
    const id = await stage.event('to be canceled', 7, 5);
    const person = await stage.someone('canceler', 7);
    await book(stage.client, person, id);
    const page = await stage.visit('/bookings', person);
    await page.getByRole('link', { name: 'to be canceled' }).click();
    await page.getByRole('button', { name: 'Cancel booking' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this booking?' });
    await dialog.waitFor();
    await requireAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await readBalance(stage.client, person), 0);
    await page.getByRole('button', { name: 'Cancel booking' }).click();
    await dialog.getByRole('button', { name: 'Cancel booking' }).click();
    await page.getByText('Refunded to your balance: 7 points.').waitFor();
    assert.equal(await readBalance(stage.client, person), 7);
    assert.match((await page.getByRole('figure').locator('ol').textContent()) ?? '', /refunded.*released.*canceled/);
  });
}

function refusals(stage: Staged): void {
  test('sold out: the page says so, and nothing is charged', async () => {
    const id = await stage.event('one slot', 5, 1);
    const [first, second] = [await stage.someone('first', 10), await stage.someone('second', 10)];
    const page = await stage.visit(`/event/${id}`, second);
    await page.getByRole('button', { name: 'Book for 5' }).waitFor();
    await book(stage.client, first, id);
    await bookFor(page, 'Book for 5');
    await page.getByText('Sold out. The last place has just been taken.').waitFor();
    await page.getByRole('figure').getByText('refused').first().waitFor();
    assert.equal(await readBalance(stage.client, second), 10);
  });

  test('balance too low: the page shows the missing amount, and one click tops up and books', async () => {
    const id = await stage.event('red run', 40, 5);
    const person = await stage.someone('short', 15);
    const page = await stage.visit(`/event/${id}`, person);
    await bookFor(page, 'Book for 40 points');
    await page.getByText('Top up 25 points and book again').waitFor();
    assert.match((await page.getByRole('figure').locator('ol').textContent()) ?? '', /Book → Event: release/);
    await page.getByRole('button', { name: 'Top up 25 points and book' }).click();
    await page.getByText('You are on the list').waitFor();
    assert.equal(await readBalance(stage.client, person), 0);
  });
}
