import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { expect, readBalance } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { phone, requireAccessible, requireNothingCutOff, type Staged, withStage } from './pages.ts';

interface Stored {
  readonly price: number;
  readonly total_slots: number;
  readonly max_per_person?: number;
}

async function eventsNamed(stage: Staged, name: string): Promise<Stored[]> {
  const answer = stage.client.ask('GET', '/events/get?view=detail&limit=1000');
  const all = await expect<(Stored & { event_name: string })[]>(200, answer);
  return all.filter(({ event_name }) => event_name === name);
}

interface Typed {
  readonly price: string;
  readonly places?: string;
  readonly limit?: string;
}

/** Fills in the form of a new event on a phone. */
async function fillIn(stage: Staged, name: string, { price, places = '20', limit = '' }: Typed): Promise<Page> {
  const page = await stage.visit('/organize/new', stage.admin, { viewport: phone });
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Price').fill(price);
  await page.getByLabel('Places').fill(places);
  await page.getByLabel('Limit per person').fill(limit);
  return page;
}

const send = (page: Page) => page.getByRole('button', { name: 'Create event' }).click();

describe('amounts in a browser, with euros and cents', { skip: browserMissing }, () => {
  const stage = withStage({ CURRENCY: 'EUR', CURRENCY_DIGITS: '2' });
  eventForm(stage);

  test('a top-up and a credit are typed with a comma, and an unclear amount moves no money', async () => {
    const person = await stage.someone('payer', 0);
    const wallet = await stage.visit('/wallet', person, { viewport: phone });
    let deposits = 0;
    wallet.on('request', (request) => {
      if (request.url().includes('/account/deposit')) deposits += 1;
    });
    for (const unclear of ['1,250', '12,505', '12.', '1e3', '-5']) {
      await wallet.getByLabel('Amount').fill(unclear);
      await wallet.getByRole('button', { name: 'Top up' }).click();
      await wallet.getByText('Please write the amount like 12.50.').waitFor();
    }
    assert.equal(deposits, 0);
    await requireNothingCutOff(wallet);
    await wallet.getByLabel('Amount').fill('0');
    await wallet.getByRole('button', { name: 'Top up' }).click();
    await wallet.getByText('At least €0.01.').waitFor();
    await wallet.getByLabel('Amount').fill('12,50');
    await wallet.getByRole('button', { name: 'Top up' }).click();
    await wallet.getByRole('cell', { name: '+€12.50' }).waitFor();
    assert.equal(await readBalance(stage.client, person), 1_250);
    const page = await stage.visit('/operate/people', stage.admin);
    await page.getByRole('button', { name: person.login }).click();
    await page.getByLabel('Reference').fill('receipt 1');
    await page.getByLabel('Amount').fill('1,250');
    await page.getByRole('button', { name: 'Credit' }).click();
    await page.getByText('Please write the amount like 12.50.').waitFor();
    await page.getByLabel('Amount').fill('1.250,00');
    await page.getByRole('button', { name: 'Credit' }).click();
    await page.getByText('New balance: €1,262.50.').waitFor();
    assert.equal(await readBalance(stage.client, person), 126_250);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByText('amount: €1,250.00').waitFor();
  });

  test('a payment at the desk is typed with a comma, and an unclear one books nothing', async () => {
    const id = await stage.event('at the desk', 1_250, 5);
    const page = await stage.visit(`/organize/${id}/by-hand`, stage.admin, { viewport: phone });
    assert.equal(await page.getByLabel('Amount').inputValue(), '12.50');
    await page.getByLabel('Name of the guest').fill('Ann');
    await page.getByLabel('Receipt').fill('desk 1');
    await page.getByLabel('Amount').fill('1,250');
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText('Please write the amount like 12.50.').waitFor();
    await page.getByLabel('Amount').fill('10,5');
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText(/^Booking \d+ is confirmed\.$/).waitFor();
    await page.goto(`/organize/${id}/people`);
    await page.getByRole('cell', { name: '€10.50' }).waitFor();
    assert.equal(await page.getByRole('row').count(), 2);
  });

  test('the link to the CSV has the separator of the browser’s locale', async () => {
    const id = await stage.event('listed', 0, 5);
    for (const [locale, separator] of [
      ['en-GB', '%2C'],
      ['de-DE', '%3B'],
      ['ru-RU', '%3B'],
    ] as const) {
      const page = await stage.visit(`/organize/${id}/people`, stage.admin, { locale });
      const link = page.getByRole('link', { name: /CSV/ });
      assert.equal(await link.getAttribute('href'), `/book/attendees/${id}/csv?separator=${separator}`, locale);
    }
  });

  test('an amount near 2^53 is shown with its last cent', async () => {
    const id = await stage.event('a whole country', 2 ** 53 - 1, 5);
    const page = await stage.visit(`/event/${id}`);
    await page.getByText('€90,071,992,547,409.91').first().waitFor();
    const form = await stage.visit(`/organize/${id}/edit`, stage.admin);
    assert.equal(await form.getByLabel('Price').inputValue(), '90071992547409.91');
  });

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

function eventForm(stage: Staged): void {
  test('a price typed with a comma is stored in cents and shown in euros; counts may have separators', async () => {
    const page = await fillIn(stage, 'with a comma', { price: '12,50', places: '1,000', limit: '1 000' });
    await send(page);
    await page.getByRole('heading', { name: 'with a comma' }).waitFor();
    const [event] = await eventsNamed(stage, 'with a comma');
    assert.deepEqual([event?.price, event?.total_slots, event?.max_per_person], [1_250, 1_000, 1_000]);
    const list = await stage.visit('/', undefined, { viewport: phone });
    await list.getByText('€12.50', { exact: true }).waitFor();
  });

  test('a price or a count that is unclear is refused at its field, and nothing is stored', async () => {
    const page = await fillIn(stage, 'unclear', { price: '1,250', places: '1,5', limit: '2.5' });
    await send(page);
    await page.getByText('Please write the amount like 12.50.').waitFor();
    assert.equal(await page.getByText('Please write a whole number, such as 250.').count(), 2);
    for (const label of ['Price', 'Places', 'Limit per person']) {
      assert.equal(await page.getByLabel(label).getAttribute('aria-invalid'), 'true', label);
    }
    await requireAccessible(page);
    await requireNothingCutOff(page);
    await page.getByLabel('Price').fill('90071992547409.92');
    await send(page);
    await page.getByText('This number is too large.').waitFor();
    assert.deepEqual(await eventsNamed(stage, 'unclear'), []);
  });

  test('the mouse wheel and the arrow keys change no number', async () => {
    const page = await fillIn(stage, 'wheel', { price: '12.50', places: '20', limit: '2' });
    for (const [label, value] of [
      ['Price', '12.50'],
      ['Places', '20'],
      ['Limit per person', '2'],
    ] as const) {
      const field = page.getByLabel(label);
      await field.click();
      await field.hover();
      await page.mouse.wheel(0, 300);
      await page.mouse.wheel(0, -100);
      await page.keyboard.press('ArrowUp');
      assert.equal(await field.inputValue(), value, label);
    }
    assert.equal(await page.locator('input[type=number]').count(), 0);
  });

  test('an event that is opened for editing in Russian shows and reads its price with a comma', async () => {
    const id = await stage.event('по-русски', 1_250, 5);
    const page = await stage.visit(`/organize/${id}/edit`, stage.admin, { locale: 'ru-RU' });
    assert.equal(await page.getByLabel('Цена').inputValue(), '12,50');
    await page.getByLabel('Цена').fill('12,5.0');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Введите сумму в таком виде: 12,50.').waitFor();
    await page.getByLabel('Цена').fill('13,5');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.waitForURL(`**/organize/${id}`);
    assert.deepEqual(
      (await eventsNamed(stage, 'по-русски')).map(({ price }) => price),
      [1_350],
    );
  });
}
