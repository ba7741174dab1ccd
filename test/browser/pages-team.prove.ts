import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { book, expect, readBalance } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { phone, requireAccessible, requireNothingCutOff, type Staged, withStage } from './pages.ts';

describe('the people who run an event, in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  helpers(stage);
  byHand(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

function helpers(stage: Staged): void {
  test('a helper is added by login, checks people in on a phone, sees no more, and is removed', async () => {
    const id = await stage.event('helped run', 5, 9);
    await book(stage.client, await stage.someone('helped-guest', 50), id);
    const helper = await stage.someone('helper', 0);
    const page = await stage.visit(`/organize/${id}`, stage.admin, { viewport: phone });
    await page.getByRole('link', { name: 'Team' }).click();
    await page.getByLabel('Login', { exact: true }).fill('nobody-at-all');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('There is no person with this login.').waitFor();
    await page.getByLabel('Login', { exact: true }).fill('helper-0');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('cell', { name: 'check in only' }).waitFor();
    await requireAccessible(page);
    await requireNothingCutOff(page);

    const theirs = await stage.visit('/', helper, { viewport: phone });
    await theirs.getByRole('link', { name: 'Organize' }).click();
    await theirs.getByRole('link', { name: 'helped run' }).click();
    await theirs.getByRole('link', { name: 'Attendees' }).waitFor();
    assert.equal(await theirs.getByRole('link', { name: /Edit|Team|by hand/ }).count(), 0);
    await theirs.getByRole('link', { name: 'Attendees' }).click();
    await theirs.getByRole('button', { name: 'Check in helped-guest-0' }).click();
    await theirs.getByText('Welcome, Person 0!').waitFor();
    await theirs.getByRole('button', { name: 'Undo helped-guest-0' }).click();
    await theirs.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
    await theirs.getByRole('button', { name: 'Check in helped-guest-0' }).click();
    await theirs.getByText('Welcome, Person 0!').nth(1).waitFor();
    await requireNothingCutOff(theirs);
    assert.equal(await theirs.getByRole('link', { name: 'Download CSV' }).count(), 0);
    for (const place of ['edit', 'team', 'by-hand']) {
      await theirs.goto(`/organize/${id}/${place}`);
      await theirs.getByText('You have no access to this page.').waitFor();
    }
    await page.getByRole('button', { name: 'Remove helper-0' }).click();
    await page.getByRole('cell', { name: 'check in only' }).waitFor({ state: 'detached' });
    await theirs.goto(`/organize/${id}`);
    await theirs.getByText('You have no access to this page.').waitFor();
  });

  test('an event is handed to another organizer after a question', async () => {
    const id = await stage.event('handed run', 5, 9);
    const next = await stage.someone('next-organizer', 0);
    const call = { cookie: stage.admin.cookie, body: { role: 'organizer' } };
    await expect(200, stage.client.ask('PUT', `/auth/people/${next.id}/role`, call));
    const page = await stage.visit(`/organize/${id}/team`, stage.admin);
    await page.getByLabel('Login of the new organizer').fill('next-organizer-0');
    await page.getByRole('button', { name: 'Hand over' }).click();
    await requireAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click();
    await page.getByRole('heading', { name: 'handed run' }).waitFor();
    const theirs = await stage.visit('/organize', next);
    await theirs.getByRole('link', { name: 'handed run' }).waitFor();
  });
}

function byHand(stage: Staged): void {
  test('an organizer books a guest who paid at the desk, and a person for free, and prints the guest’s ticket', async () => {
    const id = await stage.event('desk run', 5, 2);
    const person = await stage.someone('by-hand', 9);
    const page = await stage.visit(`/organize/${id}/by-hand`, stage.admin, { viewport: phone });
    await page.getByLabel('Name of the guest').fill('Семён Королёв');
    await page.getByLabel('Receipt').fill('desk 1');
    await requireAccessible(page);
    await requireNothingCutOff(page);
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText(/^Booking \d+ is confirmed\.$/).waitFor();
    await page.getByRole('link', { name: 'Show ticket' }).click();
    await page.getByText('Семён Королёв').waitFor();
    await page.goto(`/organize/${id}/by-hand`);
    await page.getByLabel('a person with a login').click();
    await page.getByLabel('Login', { exact: true }).fill('by-hand-0');
    await page.getByLabel('free').click();
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText(/^Booking \d+ is confirmed\.$/).waitFor();
    assert.equal(await readBalance(stage.client, person), 9);
    await page.getByLabel('a guest').click();
    await page.getByLabel('Name of the guest').fill('Late Guest');
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText('Sold out.').waitFor();
    await page.goto(`/organize/${id}/people`);
    await page.getByRole('cell', { name: 'Семён Королёв', exact: true }).waitFor();
  });
}
