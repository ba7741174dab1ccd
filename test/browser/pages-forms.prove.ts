import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { book, bookingIn, createPeople, expect, readBalance, signIn } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { bookFor, requireAccessible, type Staged, withStage } from './pages.ts';

describe('changes made in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  events(stage);
  passwords(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

function events(stage: Staged): void {
  test('an event is canceled after check-in: the booking list shows the cancellation', async () => {
    const id = await stage.event('called off late', 2, 10);
    const person = await stage.someone('let-in', 2);
    const { id: bookingId } = bookingIn(await book(stage.client, person, id));
    const asked = stage.client.ask('GET', `/book/get/${bookingId}`, { cookie: person.cookie });
    const { ticket_code: code } = await expect<{ ticket_code: string }>(200, asked);
    const { cookie } = stage.admin;
    await expect(200, stage.client.ask('POST', '/book/check-in', { cookie, body: { code } }));
    const page = await stage.visit('/bookings', person);
    await page.getByText('checked in', { exact: true }).waitFor();
    await expect(200, stage.client.ask('POST', '/events/cancel', { cookie, body: { event_id: id } }));
    await page.getByText('canceled: event canceled').waitFor();
    assert.equal(await page.getByText('checked in', { exact: true }).count(), 0);
  });

  test('a search of attendees continues past pages without a match', async () => {
    const id = await stage.event('a long list', 0, 10);
    const [near, far] = await createPeople(stage.client, 2, 0, 'listed');
    assert.ok(near && far);
    const { id: nearId } = bookingIn(await book(stage.client, near, id));
    await book(stage.client, far, id);
    const page = await stage.visit(`/organize/${id}/people`, stage.admin);
    await page.getByRole('cell', { name: near.login, exact: true }).waitFor();
    let passed = 0;
    // The first page of results is replaced by an empty one that links to the next, as if it held no match.
    await page.route('**/book/attendees/*?*after=0&q=*', (route) => {
      passed += 1;
      const link = `</book/attendees/${id}?q=listed&limit=100&after=${nearId}>; rel="next"`;
      return route.fulfill({ json: [], headers: { link } });
    });
    await page.getByLabel('Find by name or login').fill('listed');
    await page.getByRole('cell', { name: near.login, exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: far.login, exact: true }).waitFor();
    assert.ok(passed > 0);
  });

  test('an event is edited: an open page shows the change, and the new price applies to new bookings only', async () => {
    const id = await stage.event('before', 5, 9);
    const [early, late] = await createPeople(stage.client, 2, 20, 'editing');
    assert.ok(early && late);
    await book(stage.client, early, id);
    const seen = await stage.visit(`/event/${id}`, late);
    await seen.getByRole('button', { name: 'Book for 5' }).waitFor();
    const page = await stage.visit(`/organize/${id}`, stage.admin);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByText('Already taken: 1. The total cannot be lower.').waitFor();
    await requireAccessible(page);
    await page.getByLabel('Name').fill('afterwards');
    await page.getByLabel('Price').fill('7');
    await page.getByLabel('Where').fill('west gate');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog', { name: 'Is this what you want?' }).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'afterwards' }).waitFor();
    await seen.getByRole('heading', { name: 'afterwards' }).waitFor();
    await seen.getByText('west gate').waitFor();
    await bookFor(seen, 'Book for 7');
    await seen.getByText('You are on the list').waitFor();
    assert.deepEqual([await readBalance(stage.client, early), await readBalance(stage.client, late)], [15, 13]);
  });
}

/** Registers a person, and creates a reset link for them as an admin. */
async function loseThePassword(stage: Staged, login: string) {
  const person = await stage.someone(login, 0);
  const page = await stage.visit('/operate/people', stage.admin);
  await page.getByRole('button', { name: person.login }).click();
  await page.getByRole('button', { name: 'Create reset link' }).click();
  const link = new URL((await page.getByText('/reset').textContent()) ?? '');
  return { person, link };
}

async function setPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Change password' }).click();
}

function passwords(stage: Staged): void {
  test('a reset link from an admin sets a new password, once', async () => {
    const { person, link } = await loseThePassword(stage, 'forgetful');
    const theirs = await stage.visit(link.href);
    await requireAccessible(theirs);
    await setPassword(theirs, 'another long password');
    await theirs.getByText('Your password was changed.').waitFor();
    await signIn(stage.client, person.login, 'another long password');
    const again = await stage.visit(link.href);
    await setPassword(again, 'yet another password');
    await again.getByRole('alert').waitFor();
    await signIn(stage.client, person.login, 'another long password');
  });

  test('the token of a reset link is in the fragment, which browsers do not send; older links still work', async () => {
    const { person, link } = await loseThePassword(stage, 'careful');
    const token = /^#token=(slr_[0-9a-f]{32})$/.exec(link.hash)?.[1] ?? '';
    assert.deepEqual([link.pathname, link.search, token.length], ['/reset', '', 36]);
    const theirs = await stage.visit('/reset#token=slr_of_another_day');
    await setPassword(theirs, 'another long password');
    await theirs.getByRole('alert').waitFor();
    await theirs.goto(link.href);
    await theirs.getByRole('alert').waitFor({ state: 'detached' });
    assert.equal(await theirs.getByLabel('Token').inputValue(), token);
    const before = await stage.visit(`/reset?token=${token}`);
    await setPassword(before, 'another long password');
    await before.getByText('Your password was changed.').waitFor();
    await signIn(stage.client, person.login, 'another long password');
  });
}
