import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { book, createPeople, expect, readBalance } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { bookFor, requireAccessible, type Staged, withStage } from './pages.ts';

describe('an organizer’s and an operator’s pages in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  organizing(stage);

  test('an operator reconciles, makes a person an organizer, credits an account, and finds it in the audit log', async () => {
    const person = await stage.someone('promoted', 0);
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

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

function organizing(stage: Staged): void {
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
    await bookFor(limited, 'Book another place for 5');
    await limited.getByText('You are on the list').waitFor();
    await bookFor(limited, 'Book another place for 5');
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
    const id = await stage.event('called off', 9, 10);
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
}
