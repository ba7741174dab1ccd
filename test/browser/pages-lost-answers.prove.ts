import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { BookingItem } from '../../contracts/book/schemas.ts';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { book, bookingIn, expect, type Person, readBalance, signIn } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { bookFor, loseAnswers, requireAccessible, type Staged, withStage } from './pages.ts';

describe('an answer is lost, and the person tries again', { skip: browserMissing }, () => {
  const stage = withStage();
  events(stage);
  bookings(stage);
  money(stage);
  accounts(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

const unknown = 'The connection was lost, and we do not know whether the request was carried out.';
const safe = 'You can safely try again: it will not be carried out twice.';

/** The lost answer is reported, and nothing is said to be saved or not saved. */
async function lostOn(page: Page, hint = safe): Promise<void> {
  await page.getByText(unknown).waitFor();
  await page.getByText(hint).waitFor();
  assert.equal(await page.getByText(/[Nn]othing (was|is)/).count(), 0);
}

const read = <Body>({ client }: Staged, path: string, { cookie }: Person) =>
  expect<Body>(200, client.ask('GET', path, { cookie }));

async function fillEvent(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Price').fill('5');
  await page.getByLabel('Places').fill('20');
}

function events(stage: Staged): void {
  const named = async (name: string) => {
    const all = await read<EventDetail[]>(stage, '/events/get?view=detail', stage.admin);
    return all.filter(({ event_name }) => event_name.startsWith(name));
  };

  test('a new event is created once, and another one as soon as the form changes', async () => {
    const page = await stage.visit('/organize/new', stage.admin);
    await loseAnswers(page, '**/events/create', 2);
    await fillEvent(page, 'once');
    for (let time = 0; time < 2; time += 1) {
      await page.getByRole('button', { name: 'Create event' }).click();
      await lostOn(page);
    }
    await requireAccessible(page);
    await page.getByRole('button', { name: 'Create event' }).click();
    await page.getByRole('heading', { name: 'once' }).waitFor();
    assert.equal((await named('once')).length, 1);
    await page.goto('/organize/new');
    await fillEvent(page, 'once more');
    await page.getByRole('button', { name: 'Create event' }).click();
    await page.getByRole('heading', { name: 'once more' }).waitFor();
    assert.equal((await named('once')).length, 2);
  });

  test('a new event is created once over a reload of the page', async () => {
    const page = await stage.visit('/organize/new', stage.admin);
    await loseAnswers(page, '**/events/create');
    await fillEvent(page, 'reloaded');
    await page.getByRole('button', { name: 'Create event' }).click();
    await lostOn(page);
    await page.reload();
    await fillEvent(page, 'reloaded');
    await page.getByRole('button', { name: 'Create event' }).click();
    await page.getByRole('heading', { name: 'reloaded' }).waitFor();
    assert.equal((await named('reloaded')).length, 1);
  });

  test('a change of an event is made once', async () => {
    const id = await stage.event('changing', 5, 9);
    const page = await stage.visit(`/organize/${id}/edit`, stage.admin);
    await loseAnswers(page, `**/events/${id}`, 1, 'PATCH');
    await page.getByLabel('Name').fill('changed');
    await page.getByRole('button', { name: 'Save' }).click();
    await lostOn(page);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'changed' }).waitFor();
    const log = await read<{ details: { event_id?: number } }[]>(
      stage,
      '/auth/trail?action=event_changed',
      stage.admin,
    );
    assert.equal(log.filter(({ details }) => details.event_id === id).length, 1);
  });

  test('an event is canceled, and the page shows it', async () => {
    const id = await stage.event('called off twice', 5, 9);
    const page = await stage.visit('/', stage.admin);
    await page.route('**/events/live*', (route) => route.abort());
    await loseAnswers(page, '**/events/cancel');
    await page.goto(`/organize/${id}`);
    await page.getByRole('button', { name: 'Cancel this event' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel this event' }).click();
    await dialog.getByText(safe).waitFor();
    await dialog.getByRole('button', { name: 'Cancel this event' }).click();
    await page.getByText('This event was canceled').waitFor();
  });
}

function bookings(stage: Staged): void {
  test('a place is booked once, and the next click books another one', async () => {
    const id = await stage.event('booked once', 5, 9);
    const person = await stage.someone('unsure', 50);
    const page = await stage.visit(`/event/${id}`, person);
    await loseAnswers(page, '**/book/create');
    // The list of bookings tells the outcome, so that nothing is asked of the person.
    await bookFor(page, 'Book for 5');
    await page.getByText('You are on the list').waitFor();
    await page.getByText('You have a place.').waitFor();
    assert.equal(await readBalance(stage.client, person), 45);
    assert.equal((await read<BookingItem[]>(stage, '/book/get', person)).length, 1);
    await bookFor(page, 'Book another place for 5');
    await page.getByText('You have 2 places.').waitFor();
    assert.equal(await readBalance(stage.client, person), 40);
  });

  test('a proxy answers 502: whether the place was booked is unknown, and the next try finds out', async () => {
    const id = await stage.event('behind a proxy', 5, 9);
    const person = await stage.someone('behind', 50);
    const page = await stage.visit(`/event/${id}`, person);
    let left = 1;
    // Without the list of bookings, only the next try can find out.
    await page.route('**/book/get?*', (route) => route.abort());
    await page.route('**/book/create', async (route) => {
      if (left === 0) return route.continue();
      left -= 1;
      await route.fetch();
      await route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' });
    });
    await bookFor(page, 'Book for 5');
    await lostOn(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('You are on the list').waitFor();
    assert.equal(await readBalance(stage.client, person), 45);
  });

  test('a booking is canceled, and refunded once', async () => {
    const id = await stage.event('not for me after all', 5, 9);
    const person = await stage.someone('leaving', 5);
    const { id: bookingId } = bookingIn(await book(stage.client, person, id));
    const page = await stage.visit('/', person);
    await page.route('**/book/live*', (route) => route.abort());
    await loseAnswers(page, '**/book/cancel');
    await page.goto(`/booking/${bookingId}`);
    await page.getByRole('button', { name: 'Cancel booking' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel booking' }).click();
    await dialog.getByText(safe).waitFor();
    await dialog.getByRole('button', { name: 'Cancel booking' }).click();
    await page.getByText('Refunded to your balance: 5 points.').waitFor();
    assert.equal(await readBalance(stage.client, person), 5);
  });
}

function money(stage: Staged): void {
  test('a balance is topped up once, and by the same amount again when that is asked for', async () => {
    const person = await stage.someone('topping', 0);
    const page = await stage.visit('/wallet', person);
    await loseAnswers(page, '**/account/deposit');
    await page.getByLabel('Amount').fill('30');
    await page.getByRole('button', { name: 'Top up' }).click();
    await lostOn(page);
    await page.getByRole('button', { name: 'Top up' }).click();
    await page.getByRole('definition').filter({ hasText: '30' }).waitFor();
    assert.equal(await readBalance(stage.client, person), 30);
    await page.getByLabel('Amount').fill('30');
    await page.getByRole('button', { name: 'Top up' }).click();
    await page.getByRole('definition').filter({ hasText: '60' }).waitFor();
  });

  test('an account is credited once', async () => {
    const person = await stage.someone('credited', 0);
    const page = await stage.visit('/operate/people', stage.admin);
    await page.getByRole('button', { name: person.login }).click();
    await loseAnswers(page, '**/account/credit');
    await page.getByLabel('Amount').fill('30');
    await page.getByLabel('Reference').fill('lost receipt');
    await page.getByRole('button', { name: 'Credit', exact: true }).click();
    await lostOn(page);
    await page.getByRole('button', { name: 'Credit', exact: true }).click();
    await page.getByText('New balance: 30 points.').waitFor();
    assert.equal(await readBalance(stage.client, person), 30);
  });
}

function accounts(stage: Staged): void {
  test('a person who signed up is signed in by the second try', async () => {
    const page = await stage.visit('/sign-up');
    await loseAnswers(page, '**/register');
    await page.getByLabel('Login').fill('newcomer');
    await page.getByLabel('Password').fill('a long password');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await lostOn(page);
    await loseAnswers(page, '**/login');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('alert').getByText(unknown).waitFor();
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('link', { name: 'newcomer' }).waitFor();
  });

  test('a login that another person has stays taken after a lost answer', async () => {
    const person = await stage.someone('taken', 0);
    const page = await stage.visit('/sign-up');
    await page.route('**/register', (route) => route.abort('connectionreset'), { times: 1 });
    await page.getByLabel('Login').fill(person.login);
    await page.getByLabel('Password').fill('a long password');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await lostOn(page);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByText('This login is taken.').waitFor();
  });

  test('a changed password is reported as changed, and a wrong one as wrong', async () => {
    const person = await stage.someone('changer', 0);
    const page = await stage.visit('/me', person);
    const change = async (before: string, after: string) => {
      await page.getByLabel('Current password').fill(before);
      await page.getByLabel('New password').fill(after);
      await page.getByRole('button', { name: 'Change password' }).click();
    };
    await page.route('**/auth/password', (route) => route.abort('connectionreset'), { times: 1 });
    await change('not this one', 'another long password');
    await lostOn(page);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The current password is wrong.').waitFor();
    await loseAnswers(page, '**/auth/password');
    await change('password 0', 'another long password');
    await lostOn(page);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Your password was changed.').waitFor();
    await signIn(stage.client, person.login, 'another long password');
  });

  test('a spent reset link says that the new password may be in effect, and leads to the sign-in', async () => {
    const person = await stage.someone('resetter', 0);
    const call = { cookie: stage.admin.cookie };
    const issued = stage.client.ask('POST', `/auth/people/${person.id}/reset`, call);
    const { token } = await expect<{ token: string }>(201, issued);
    const page = await stage.visit(`/reset#token=${token}`);
    await loseAnswers(page, '**/auth/reset');
    await page.getByLabel('New password').fill('another long password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await lostOn(page);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('If you have just set a password with it, sign in with that password.').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Login').fill(person.login);
    await page.getByLabel('Password').fill('another long password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: person.login }).waitFor();
  });

  test('a token that no one has seen is listed, and revoking it twice is no error', async () => {
    const person = await stage.someone('token', 0);
    const page = await stage.visit('/me', person);
    await loseAnswers(page, '**/auth/tokens', 1, 'POST');
    await page.getByRole('textbox', { name: 'Name' }).fill('box office');
    await page.getByLabel('events:read').check();
    await page.getByRole('button', { name: 'Create token' }).click();
    await lostOn(page, 'Check the result before you try again.');
    await page.getByText('If the list above shows a new token, revoke it').waitFor();
    await page.getByRole('cell', { name: 'box office' }).waitFor();
    await loseAnswers(page, '**/auth/tokens/*');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText(safe).waitFor();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('cell', { name: 'box office' }).waitFor({ state: 'detached' });
    assert.equal(await page.getByText(safe).count(), 0);
  });
}
