import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { book, createEvent, createPeople, expect, readBalance } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { phone, readThrough, requireAccessible, requireNothingCutOff, Stage } from './pages.ts';

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

  test('a new person signs up and books by keyboard only: the diagram shows the recorded saga', async () => {
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

  test('sold out: the page says so, and nothing is charged', async () => {
    const id = await event('one slot', 5, 1);
    const [first, second] = [await someone('first', 10), await someone('second', 10)];
    const page = await stage.visit(`/event/${id}`, second);
    await page.getByRole('button', { name: 'Book for 5' }).waitFor();
    await book(stage.client, first, id);
    await page.getByRole('button', { name: 'Book for 5' }).click();
    await page.getByText('Sold out. The last place has just been taken.').waitFor();
    await page.getByRole('figure').getByText('refused').first().waitFor();
    assert.equal(await readBalance(stage.client, second), 10);
  });

  test('balance too low: the page shows the missing amount, and one click tops up and books', async () => {
    const id = await event('red run', 40, 5);
    const person = await someone('short', 15);
    const page = await stage.visit(`/event/${id}`, person);
    await page.getByRole('button', { name: 'Book for 40 points' }).click();
    await page.getByText('Top up 25 points and book again').waitFor();
    assert.match((await page.getByRole('figure').locator('ol').textContent()) ?? '', /Book → Event: release/);
    await page.getByRole('button', { name: 'Top up 25 points and book' }).click();
    await page.getByText('You are on the list').waitFor();
    assert.equal(await readBalance(stage.client, person), 0);
  });

  test('a booking is canceled after a confirmation and refunded', async () => {
    const id = await event('to be canceled', 7, 5);
    const person = await someone('canceler', 7);
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

  test('free slots go down in two browsers at the same time', async () => {
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

  test('the server is killed and restarted: an open page reconnects and shows the current slots', async () => {
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

  test('an organizer creates an event, follows its sales, searches its attendees, and checks each ticket in once', async () => {
    const page = await stage.visit('/organize/new', stage.admin);
    await page.getByLabel('Name').fill('evening run');
    await page.getByLabel('Price').fill('5');
    await page.getByLabel('Places').fill('20');
    await page.getByLabel('Where').fill('east gate');
    await page.getByLabel('Limit per person').fill('2');
    await requireAccessible(page);
    await page.getByRole('button', { name: 'Create event' }).click();
    await page.getByRole('heading', { name: 'evening run' }).waitFor();
    await page.getByText('No bookings yet.').waitFor();
    const id = Number(/\/organize\/(\d+)/.exec(page.url())?.[1]);

    const people = await createPeople(stage.client, 3, 100, 'guest');
    for (const person of people) await book(stage.client, person, id);
    await page.getByText('3 / 20').waitFor();
    await page.getByText('15', { exact: true }).waitFor();
    await page.getByRole('img', { name: 'Places taken over time: 3 of 20 now' }).waitFor();
    await requireAccessible(page);

    const [guest] = people;
    assert.ok(guest);
    const limited = await stage.visit(`/event/${id}`, guest);
    await limited.getByRole('button', { name: 'Book for 5' }).click();
    await limited.getByText('You are on the list').waitFor();
    await limited.getByRole('button', { name: 'Book for 5' }).click();
    await limited.getByText('You have reached the limit of places per person.').waitFor();

    await page.getByRole('link', { name: 'Attendees' }).click();
    await page.getByRole('cell', { name: 'guest-1', exact: true }).waitFor();
    await page.getByLabel('Find by name or login').fill('guest-2');
    await page.getByRole('cell', { name: 'guest-1', exact: true }).waitFor({ state: 'detached' });
    await requireAccessible(page);
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    assert.match(await text((await (await saving).createReadStream()) as Readable), /guest-1/);

    const call = { cookie: guest.cookie };
    const [{ id: bookingId }] = await expect<[{ id: number }]>(200, stage.client.ask('GET', '/book/get', call));
    const asked = stage.client.ask('GET', `/book/get/${bookingId}`, call);
    const { ticket_code: code } = await expect<{ ticket_code: string }>(200, asked);
    const ticket = await stage.visit(`/booking/${bookingId}`, guest);
    await ticket.getByText(code).waitFor();
    await ticket.getByRole('img', { name: 'QR code of the ticket' }).waitFor();
    await requireAccessible(ticket);
    await page.goto(`/organize/${id}/door`);
    for (const said of [`Welcome, Person 0! Booking ${bookingId}.`, 'First check-in:']) {
      await page.getByLabel('Ticket code').fill(code);
      await page.keyboard.press('Enter');
      await page.getByText(said).waitFor();
    }
    await page.getByLabel('Ticket code').fill('AAAA-AAAA-AAAA');
    await page.keyboard.press('Enter');
    await page.getByText('No ticket has this code.').waitFor();
    await requireAccessible(page);
    await ticket.reload();
    await ticket.getByText('The booking can no longer be canceled.').waitFor();
  });

  test('an event is canceled: the organizer sees the refund progress, and participants see their refund', async () => {
    const id = await event('called off', 9, 10);
    const people = await createPeople(stage.client, 3, 9, 'called-off');
    for (const person of people) await book(stage.client, person, id);
    const [watching] = people;
    assert.ok(watching);
    const seen = await stage.visit('/bookings', watching);
    await seen.getByText('confirmed', { exact: true }).waitFor();
    const page = await stage.visit(`/organize/${id}`, stage.admin);
    await page.getByRole('button', { name: 'Cancel this event' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel this event' }).click();
    await page.getByText('Refunded so far: 3 of 3 bookings.').waitFor();
    await seen.getByText('canceled: event canceled').waitFor();
    for (const person of people) assert.equal(await readBalance(stage.client, person), 9);
    await page.goto(`/event/${id}`);
    await page.getByText('CANCELED', { exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Book for 9' }).count(), 0);
    for (const place of ['', '/people', '/door', '/edit']) {
      await page.goto(`/organize/${id}${place}`);
      await page.getByText('This event was canceled').waitFor();
      assert.equal(await page.getByRole('link', { name: /Attendees|Check-in|Edit|CSV/ }).count(), 0);
      assert.equal(await page.locator('main input').count(), 0);
    }
  });

  test('an unknown page links to all events, and a page without access shows nothing else', async () => {
    const person = await someone('lost', 0);
    const page = await stage.visit('/event/987654', person);
    for (const place of ['/event/987654', '/booking/987654', '/event/abc', '/booking/1e400']) {
      await page.goto(place);
      await page.getByText('Not found.').waitFor();
      assert.equal(await page.getByRole('link', { name: 'All events' }).getAttribute('href'), '/');
    }
    await page.goto('/operate');
    await page.getByText('You have no access to this page.').waitFor();
    assert.equal(await page.getByText(/connecting|Audit log/).count(), 0);
  });

  test('an operator reconciles, makes a person an organizer, credits an account, and finds it in the audit log', async () => {
    const person = await someone('promoted', 0);
    const page = await stage.visit('/operate', stage.admin);
    await page.getByRole('img', { name: /^reserving: 0, paying: 0, confirmed: \d+/ }).waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await requireAccessible(page);
    await page.getByRole('link', { name: 'Reconciliation' }).click();
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText('All records agree.').waitFor();
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByLabel('Find by login, name or email').fill('promoted');
    await page.getByRole('button', { name: person.login }).click();
    await page.getByLabel('organizer').click();
    await page.getByRole('cell', { name: 'organizer' }).waitFor();
    await page.getByLabel('Amount').fill('30');
    await page.getByLabel('Reference').fill('receipt 1');
    await page.getByRole('button', { name: 'Credit' }).click();
    await page.getByText('New balance: 30 points.').waitFor();
    await requireAccessible(page);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('cell', { name: 'changed a role' }).first().waitFor();
    await requireAccessible(page);
    const theirs = await stage.visit('/organize', person);
    await theirs.getByText('You have no events yet.').waitFor();
  });

  test('the browser’s language is the default, and a chosen one is kept', async () => {
    const page = await stage.visit('/', undefined, { locale: 'ru-RU' });
    await page.getByRole('heading', { name: 'События' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ru');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
  });

  test('every page fits a phone and passes axe, in the light and the dark theme', async () => {
    const id = await event('an event with averyveryveryveryveryveryverylongname that goes on', 3, 20);
    const person = await someone('on-the-phone', 10);
    await book(stage.client, person, id);
    const later = { event_name: 'later', price: 0, total_slots: 5, sale_opens_at: '2100-01-01T00:00:00.000Z' };
    await expect(201, stage.client.ask('POST', '/events/create', { cookie: stage.admin.cookie, body: later }));
    const bookings = await stage.client.ask('GET', '/book/get', { cookie: person.cookie });
    const [{ id: bookingId }] = bookings.json as [{ id: number }];
    const places = [
      '/',
      `/event/${id}`,
      '/bookings',
      `/booking/${bookingId}`,
      '/wallet',
      '/me',
      '/sign-in',
      '/sign-up',
      '/nowhere',
    ];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await stage.visit('/', person, { viewport: phone, colorScheme });
      for (const place of places) {
        await page.goto(place);
        await readThrough(page);
        await requireNothingCutOff(page);
        await requireAccessible(page);
      }
      await page.context().close();
    }
  });

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});
