import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserMissing } from './browser.ts';
import { phone, requireAccessible, requireNothingCutOff, Stage } from './pages.ts';
import { book, createEvent, createPeople, readBalance } from './system.ts';

describe('the pages in a browser', { skip: browserMissing }, () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open();
  });
  after(() => stage?.close());

  const someone = async (name: string, money: number) => {
    const [person] = await createPeople(stage.client, 1, money, name);
    assert.ok(person);
    return person;
  };
  const event = (name: string, price: number, slots: number) =>
    createEvent(stage.client, stage.admin, { name, price, slots });

  test('someone new signs up and books by keyboard alone: the saga is drawn as it was recorded', async () => {
    const id = await event('green run', 0, 3);
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
    const figure = page.getByRole('figure', { name: 'The saga of this booking' });
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

  test('sold out: the page says so, and that nothing was charged', async () => {
    const id = await event('one slot', 5, 1);
    const [first, second] = [await someone('first', 10), await someone('second', 10)];
    const page = await stage.visit(`/event/${id}`, second);
    await page.getByRole('button', { name: 'Book for 5' }).waitFor();
    await book(stage.client, first, id);
    await page.getByRole('button', { name: 'Book for 5' }).click();
    await page.getByText('Sold out: someone was faster.').waitFor();
    await page.getByRole('figure').getByText('refused').first().waitFor();
    assert.equal(await readBalance(stage.client, second), 10);
  });

  test('not enough money: the page says how much is missing, and one click tops up and books', async () => {
    const id = await event('red run', 40, 5);
    const person = await someone('short', 15);
    const page = await stage.visit(`/event/${id}`, person);
    await page.getByRole('button', { name: 'Book for 40' }).click();
    await page.getByText('Top up 25, and book again').waitFor();
    assert.match((await page.getByRole('figure').locator('ol').textContent()) ?? '', /Book → Event: release/);
    await page.getByRole('button', { name: 'Top up 25 and book' }).click();
    await page.getByText('You are on the list').waitFor();
    assert.equal(await readBalance(stage.client, person), 0);
  });

  test('a booking is canceled after one more question, and its money comes back', async () => {
    const id = await event('to be canceled', 7, 5);
    const person = await someone('canceler', 7);
    await book(stage.client, person, id);
    const page = await stage.visit('/bookings', person);
    await page.getByRole('link', { name: 'to be canceled' }).click();
    await page.getByRole('button', { name: 'Cancel this booking' }).click();
    const dialog = page.getByRole('dialog', { name: 'Give your slot back?' });
    await requireAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await readBalance(stage.client, person), 0);
    await page.getByRole('button', { name: 'Cancel this booking' }).click();
    await dialog.getByRole('button', { name: 'Cancel this booking' }).click();
    await page.getByText('7 were paid back to your balance.').waitFor();
    assert.equal(await readBalance(stage.client, person), 7);
    assert.match((await page.getByRole('figure').locator('ol').textContent()) ?? '', /refunded.*released.*canceled/);
  });

  test('two browsers see the same slots fall', async () => {
    const id = await event('live run', 0, 100);
    const person = await someone('live', 0);
    const pages = [await stage.visit('/'), await stage.visit(`/event/${id}`)];
    const [list, single] = pages;
    assert.ok(list && single);
    const row = list.getByRole('listitem').filter({ hasText: 'live run' });
    await row.getByText('100', { exact: true }).waitFor();
    for (let time = 0; time < 3; time += 1) await book(stage.client, person, id);
    await row.getByText('97', { exact: true }).waitFor();
    await single.getByText('97', { exact: true }).waitFor();
  });

  test('the server is killed and started again under an open page: it tells the truth', async () => {
    const id = await event('survivor', 0, 50);
    const person = await someone('survivor', 0);
    const page = await stage.visit(`/event/${id}`, person);
    await page.getByText('live', { exact: true }).waitFor();
    await stage.program.end('SIGKILL');
    await page.getByText('no connection, trying again').waitFor();
    await stage.restart();
    await book(stage.client, person, id);
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('49', { exact: true }).waitFor();
  });

  test('the browser’s language comes first, and the switch is kept', async () => {
    const page = await stage.visit('/', undefined, { locale: 'ru-RU' });
    await page.getByRole('heading', { name: 'События' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ru');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
  });

  test('no page is wider than a phone, and axe finds nothing serious on any, in the light and in the dark', async () => {
    const id = await event('an event with averyveryveryveryveryveryverylongname that goes on', 3, 20);
    const person = await someone('on-the-phone', 10);
    await book(stage.client, person, id);
    const bookings = await stage.client.ask('GET', '/book/get', { cookie: person.cookie });
    const [{ id: bookingId }] = bookings.json as [{ id: number }];
    const places = [
      '/',
      `/event/${id}`,
      '/bookings',
      `/booking/${bookingId}`,
      '/wallet',
      '/sign-in',
      '/sign-up',
      '/nowhere',
    ];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await stage.visit('/', person, { viewport: phone, colorScheme });
      for (const place of places) {
        await page.goto(place);
        await page.locator('h1').waitFor();
        await page.locator('.skeleton').waitFor({ state: 'detached' });
        await requireNothingCutOff(page);
        await requireAccessible(page);
      }
      await page.context().close();
    }
  });

  test('no page complained of anything', () => {
    assert.deepEqual(stage.complaints, []);
  });
});
