import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserMissing } from './browser.ts';
import { requireAccessible, Stage } from './pages.ts';
import { book, bookingIn, createEvent, createPeople, expect, readBalance, signIn } from './system.ts';

describe('what is changed in a browser later', { skip: browserMissing }, () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open();
  });
  after(() => stage?.close());

  test('whoever was let in to an event that is canceled reads that the booking is canceled', async () => {
    const id = await createEvent(stage.client, stage.admin, { name: 'called off late', price: 2, slots: 10 });
    const [person] = await createPeople(stage.client, 1, 2, 'let-in');
    assert.ok(person);
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

  test('an event is edited: whoever looks at it sees it change, and a new price is for new bookings', async () => {
    const id = await createEvent(stage.client, stage.admin, { name: 'before', price: 5, slots: 9 });
    const [early, late] = await createPeople(stage.client, 2, 20, 'editing');
    assert.ok(early && late);
    await book(stage.client, early, id);
    const seen = await stage.visit(`/event/${id}`, late);
    await seen.getByRole('button', { name: 'Book for 5' }).waitFor();
    const page = await stage.visit(`/organize/${id}`, stage.admin);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByText("1 is taken: there can't be fewer.").waitFor();
    await requireAccessible(page);
    await page.getByLabel('Name').fill('afterwards');
    await page.getByLabel('Price').fill('7');
    await page.getByLabel('Where').fill('west gate');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'afterwards' }).waitFor();
    await seen.getByRole('heading', { name: 'afterwards' }).waitFor();
    await seen.getByText('west gate').waitFor();
    await seen.getByRole('button', { name: 'Book for 7' }).click();
    await seen.getByText('You are on the list').waitFor();
    assert.deepEqual([await readBalance(stage.client, early), await readBalance(stage.client, late)], [15, 13]);
  });

  test('whoever has lost a password sets another by the link that an admin hands over, once', async () => {
    const [person] = await createPeople(stage.client, 1, 0, 'forgetful');
    assert.ok(person);
    const page = await stage.visit('/operate/people', stage.admin);
    await page.getByRole('button', { name: person.login }).click();
    await page.getByRole('button', { name: 'Issue a link' }).click();
    const link = (await page.getByText('/reset?token=').textContent()) ?? '';
    const theirs = await stage.visit(link);
    await requireAccessible(theirs);
    await theirs.getByLabel('New password').fill('another long password');
    await theirs.getByRole('button', { name: 'Set the new password' }).click();
    await theirs.getByText('The new password holds.').waitFor();
    await signIn(stage.client, person.login, 'another long password');
    await theirs.goto(link);
    await theirs.getByLabel('New password').fill('yet another password');
    await theirs.getByRole('button', { name: 'Set the new password' }).click();
    await theirs.getByRole('alert').waitFor();
    await signIn(stage.client, person.login, 'another long password');
  });

  test('no page complained of anything', () => {
    assert.deepEqual(stage.complaints, []);
  });
});
