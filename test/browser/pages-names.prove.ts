import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { book, bookingIn, expect, signIn } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { requireAccessible, type Staged, withStage } from './pages.ts';

describe('names and search in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  sentences(stage);
  searches(stage);
  registrations(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

/** Written from right to left, with a digit and a bracket that join the text after them. */
const hebrew = 'דנה (7';

/** Registers a person with a Hebrew login and name. */
async function dana({ client }: Staged, login: string) {
  const [body, password] = [{ first_name: hebrew, last_name: '' }, 'a password of hers'];
  await expect(201, client.ask('POST', '/register', { body: { login, password, email: '', ...body } }));
  return signIn(client, login, password);
}

/**
 * The parts of a sentence around its names, and the names, in the order in which they are seen from left to right. The
 * place of a part is that of its first three characters: the end of a long sentence is on the next line.
 */
function seenParts(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(`(() => {
    const leftOf = (node) => {
      const text = node.nodeType === Node.TEXT_NODE ? node : node.firstChild;
      const range = document.createRange();
      range.setStart(text, 0);
      range.setEnd(text, Math.min(3, text.length));
      return range.getBoundingClientRect().left;
    };
    const parts = [...document.querySelector(${JSON.stringify(selector)}).childNodes].filter((node) => node.textContent);
    return parts.map((node) => ({ text: node.textContent, left: leftOf(node) }))
      .toSorted((a, b) => a.left - b.left).map(({ text }) => text);
  })()`);
}

function sentences(stage: Staged): void {
  test('a name from right to left keeps the order of the sentence around it', async () => {
    const eventId = await stage.event(`ריצה (1`, 0, 9);
    const otherId = await stage.event('another', 0, 9);
    const person = await dana(stage, 'dana');
    const { id } = bookingIn(await book(stage.client, person, eventId));
    const page = await stage.visit(`/organize/${eventId}/people`, stage.admin);
    await page.getByRole('button', { name: 'Check in' }).click();
    await page.getByText(`Welcome, ${hebrew}! Booking ${id}.`).waitFor();
    assert.deepEqual(await seenParts(page, '.head-line'), ['Welcome, ', hebrew, `! Booking ${id}.`]);
    await requireAccessible(page);

    const { cookie } = person;
    const { ticket_code: code } = await expect<{ ticket_code: string }>(
      200,
      stage.client.ask('GET', `/book/get/${id}`, { cookie }),
    );
    await page.goto(`/organize/${otherId}/door`);
    await page.getByLabel('Ticket code').fill(code);
    await page.getByRole('button', { name: 'Check in' }).click();
    await page
      .getByText(`Booking ${id} is for another event: ריצה (1 (${eventId}). The ticket was not used.`)
      .waitFor();
    // Not isolated, the number after the name would be seen to the left of it.
    const parts = (await seenParts(page, '[role=alert] p:not(.head-line)')).join('|');
    assert.equal(parts, `Booking |${id}| is for another event: |ריצה (1| (|${eventId}|). The ticket was not used.`);
  });

  test('a login and a reference from right to left keep the order of the sentences around them', async () => {
    const person = await dana(stage, 'דנה7');
    const page = await stage.visit('/operate/people', stage.admin);
    await page.getByLabel('Find by login, name or email').fill('דנה7');
    await page.getByRole('button', { name: 'דנה7' }).click();
    await page.getByLabel('admin').click();
    await page.getByRole('heading', { name: 'Change the role of דנה7 to admin?' }).waitFor();
    assert.deepEqual(await seenParts(page, 'dialog h2'), ['Change the role of ', 'דנה7', ' to admin?']);
    await page.getByRole('button', { name: 'Go back' }).click();
    await page.getByLabel('organizer').click();
    await page.getByText('New role of דנה7: organizer.').waitFor();
    assert.deepEqual(await seenParts(page, '.notice.good .head-line'), ['New role of ', 'דנה7', ': organizer.']);
    await page.getByLabel('Amount').fill('30');
    await page.getByLabel('Reference').fill('קבלה 7 ');
    await page.getByRole('button', { name: 'Credit' }).click();
    await page.getByText('New balance: 30 points.').waitFor();
    const eventId = await stage.event('run', 5, 1);
    const { cookie } = stage.admin;
    const paid = { amount: 5, reference: 'קבלה (8' };
    const byHand = { cookie, body: { event_id: eventId, login: person.login, paid } };
    const { id } = bookingIn(await stage.client.ask('POST', '/book/by-hand', byHand));
    await expect(200, stage.client.ask('POST', '/book/cancel', { cookie, body: { booking_id: id } }));
    const booking = await stage.visit(`/booking/${id}`, person);
    await booking.getByText('The desk returns 5 points (receipt קבלה (8).').waitFor();
    assert.equal((await booking.locator('.notice bdi').allTextContents()).join(), paid.reference);
    const wallet = await stage.visit('/wallet', person);
    await wallet.getByText('Credit: קבלה 7').waitFor();
    assert.ok((await wallet.locator('td bdi').allTextContents()).includes('קבלה 7'));
  });
}

function searches(stage: Staged): void {
  test('an event is found by words of its name and place in any order, without marks and case', async () => {
    for (let number = 1; number <= 8; number += 1) await stage.event(`filler ${number}`, 0, 1);
    await stage.event('Забег Королёва', 0, 1);
    await stage.event('Carrera José Müller', 0, 1);
    const page = await stage.visit('/');
    const find = page.getByLabel('Find an event');
    for (const [search, name] of [
      ['королева забег', 'Забег Королёва'],
      ['muller jose', 'Carrera José Müller'],
    ] as const) {
      await find.fill(search);
      await page.getByRole('link', { name: 'filler 1' }).waitFor({ state: 'detached' });
      assert.deepEqual(await page.locator('.starts .name').allTextContents(), [name]);
    }
  });
}

function registrations(stage: Staged): void {
  test('a login that looks like another one is explained at its field', async () => {
    const page = await stage.visit('/sign-up');
    const submit = async (login: string, first = 'Ann') => {
      await page.getByLabel('Login').fill(login);
      await page.getByLabel('Password').fill('a password of theirs');
      await page.getByLabel('First name').fill(first);
      await page.getByRole('button', { name: 'Sign up' }).click();
    };
    await submit('аdmin');
    await page.getByText('Use letters of one alphabet in the login.').waitFor();
    await submit('ADMİN');
    await page.getByText('This login looks like one that is taken. Choose another one.').waitFor();
    await submit('ann', 'A\u200bnn');
    await page.getByText('Use visible characters only.').waitFor();
    await requireAccessible(page);
  });
}
