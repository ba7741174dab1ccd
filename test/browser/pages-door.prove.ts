import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { BookingDetail } from '../../contracts/book/schemas.ts';
import { book, bookingIn, createPeople, expect } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { loseAnswers, phone, requireAccessible, requireNothingCutOff, type Staged, withStage } from './pages.ts';

describe('the door in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  typed(stage);
  lists(stage);
  camera(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

/** An event with guests who have booked. @returns the booking and the ticket code of each. */
async function withGuests(stage: Staged, name: string, count: number) {
  const eventId = await stage.event(name, 0, 99);
  const people = await createPeople(stage.client, count, 0, name.replaceAll(' ', '-'));
  const guests: { id: number; code: string }[] = [];
  for (const person of people) {
    const { id } = bookingIn(await book(stage.client, person, eventId));
    const call = stage.client.ask('GET', `/book/get/${id}`, { cookie: person.cookie });
    const { ticket_code: code = '' } = await expect<BookingDetail>(200, call);
    guests.push({ id, code });
  }
  return { eventId, guests, code: (index: number) => guests[index]?.code ?? '' };
}

async function type(page: Page, code: string): Promise<void> {
  await page.getByLabel('Ticket code').pressSequentially(code);
  await page.keyboard.press('Enter');
}

/** The answers on the page, from top to bottom. */
const answersOn = (page: Page) => page.locator('main .notice .head-line').allTextContents();

async function answered(page: Page, count: number): Promise<string[]> {
  await page
    .locator('main .notice.good, main .notice.bad')
    .nth(count - 1)
    .waitFor();
  return answersOn(page);
}

function typed(stage: Staged): void {
  test('a scan typed while another is under way is queued and answered, and no answer empties the field', async () => {
    const { eventId, guests, code } = await withGuests(stage, 'two at once', 3);
    const page = await stage.visit(`/organize/${eventId}/door`, stage.admin, { viewport: phone });
    await page.route('**/book/check-in', async (route) => {
      await page.waitForTimeout(400);
      await route.continue();
    });
    await type(page, code(0));
    await page.waitForTimeout(100);
    await type(page, code(1));
    await page.getByLabel('Ticket code').pressSequentially(code(2).slice(0, 5));
    await requireNothingCutOff(page);
    const said = await answered(page, 2);
    assert.deepEqual(
      said.map((text) => /Welcome, .*Booking (\d+)/.exec(text)?.[1]),
      [guests[1]?.id, guests[0]?.id].map(String),
    );
    assert.equal(await page.getByLabel('Ticket code').inputValue(), code(2).slice(0, 5));
    assert.equal(await page.evaluate('document.activeElement.id'), 'code');
    await page.keyboard.type(code(2).slice(5));
    await page.keyboard.press('Enter');
    await answered(page, 3);
    await requireAccessible(page);
    await requireNothingCutOff(page);
  });

  test('a lost answer: the page tries again by itself, the others wait, and the guest is welcome', async () => {
    const { eventId, code } = await withGuests(stage, 'lost at the door', 2);
    const page = await stage.visit(`/organize/${eventId}/door`, stage.admin, { viewport: phone });
    await loseAnswers(page, '**/book/check-in', 2);
    await type(page, code(0));
    await type(page, code(0));
    await type(page, code(1));
    await page.getByText('No connection. Trying again …').waitFor();
    await page.getByText('Waiting: 2 scans.').waitFor();
    await requireAccessible(page);
    await requireNothingCutOff(page);
    const said = await answered(page, 2);
    assert.deepEqual(
      said.map((text) => text.split(',')[0]),
      ['Welcome', 'Welcome'],
    );
    await type(page, code(0));
    await page.getByText('First check-in:').waitFor();
  });

  test('a scan whose answer was lost and whose page was reloaded is welcome when it is scanned again', async () => {
    const { eventId, code } = await withGuests(stage, 'reloaded', 1);
    const page = await stage.visit(`/organize/${eventId}/door`, stage.admin);
    await loseAnswers(page, '**/book/check-in');
    await type(page, code(0));
    await page.getByText('No connection.').waitFor();
    await page.reload();
    await type(page, code(0));
    assert.match((await answered(page, 1)).join(), /^Welcome/);
  });
}

function lists(stage: Staged): void {
  test('two check-ins from the list of attendees are both answered, also when an answer is lost', async () => {
    const { eventId, guests } = await withGuests(stage, 'from the list', 3);
    const page = await stage.visit(`/organize/${eventId}/people`, stage.admin);
    await loseAnswers(page, '**/book/check-in');
    await page.getByRole('button', { name: 'Check in from-the-list-0' }).click();
    await page.getByRole('button', { name: 'Check in from-the-list-1' }).click();
    await page.getByRole('button', { name: 'Check in from-the-list-1' }).click();
    const said = await answered(page, 2);
    assert.deepEqual(
      said,
      [1, 0].map((index) => `Welcome, Person ${index}! Booking ${guests[index]?.id}.`),
    );
    assert.equal(await page.getByRole('button', { name: /^Check in from-the-list/ }).count(), 1);
  });

  test('a scan that waits is answered after the organizer went to the list', async () => {
    const { eventId, code } = await withGuests(stage, 'walking on', 1);
    const page = await stage.visit(`/organize/${eventId}/door`, stage.admin);
    await loseAnswers(page, '**/book/check-in');
    await type(page, code(0));
    await page.getByText('No connection.').waitFor();
    await page.getByRole('link', { name: 'walking on' }).click();
    await page.getByRole('link', { name: 'Attendees' }).click();
    assert.match((await answered(page, 1)).join(), /^Welcome/);
    assert.equal(await page.getByRole('button', { name: /^Check in walking-on/ }).count(), 0);
  });
}

/** What the camera sees: `window.seen` is the list of codes in the picture. Chromium on Linux has no detector. */
const detector = `
  window.seen = [];
  window.BarcodeDetector = class {
    async detect(video) {
      if (video.videoWidth === 0) throw new Error('no picture');
      return window.seen.map((rawValue) => ({ rawValue }));
    }
  };`;

function camera(stage: Staged): void {
  test('a ticket held to the camera is taken once, and anew after it left the picture', async () => {
    const { eventId, guests, code } = await withGuests(stage, 'on camera', 2);
    const page = await stage.visit('/', stage.admin);
    await page.addInitScript(detector);
    await page.goto(`/organize/${eventId}/door`);
    await page.getByRole('button', { name: 'Scan with camera' }).click();
    const show = (...codes: string[]) => page.evaluate(`window.seen = ${JSON.stringify(codes)}`);
    await show(code(0));
    await answered(page, 1);
    await page.waitForTimeout(6_500);
    assert.deepEqual(await answersOn(page), [`Welcome, Person 0! Booking ${guests[0]?.id}.`]);
    await show(code(1));
    await answered(page, 2);
    await page.waitForTimeout(1_500);
    await show(code(0));
    await page.getByText('First check-in:').waitFor();
    assert.equal((await answersOn(page)).length, 3);
  });
}
