import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BookingDetail } from '../../contracts/book/schemas.ts';
import { book, bookingIn, expect, type Person } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { readThrough, requireAccessible, type Staged, withStage } from './pages.ts';

const russian = { locale: 'ru-RU' };

describe('refusals in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  checkIns(stage);
  formsAndRoles(stage);
  texts(stage);
  newerServer(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

async function booked({ client }: Staged, person: Person, eventId: number): Promise<BookingDetail> {
  const { id } = bookingIn(await book(client, person, eventId));
  return expect(200, client.ask('GET', `/book/get/${id}`, { cookie: person.cookie }));
}

/** What a server of a newer version may answer: a state and a reason that the pages do not know. */
function newerServer(stage: Staged): void {
  test('an unknown state is shown by its name and counts as open; an unknown reason is shown as it is', async () => {
    const eventId = await stage.event('newer', 5, 9);
    const person = await stage.someone('newer', 50);
    const [open, canceled] = [await booked(stage, person, eventId), await booked(stage, person, eventId)];
    const answers = new Map<number, BookingDetail>([
      [open.id, { ...open, status: 2, state: 'waiting' }],
      [canceled.id, { ...canceled, status: -1, state: 'canceled', reason: 'too_windy' as 'undone' }],
    ]);
    const page = await stage.visit('/', person);
    await page.route(/\/book\/get(\?|$)/, (route) => route.fulfill({ json: [...answers.values()] }));
    await page.route(/\/book\/get\/\d+$/, (route) =>
      route.fulfill({ json: answers.get(Number(route.request().url().split('/').at(-1))) }),
    );
    await page.route('**/book/live', (route) => route.abort());
    await page.goto('/bookings');
    await page.getByText('waiting', { exact: true }).waitFor();
    await page.getByText('canceled: too_windy', { exact: true }).waitFor();
    await page.goto(`/booking/${canceled.id}`);
    await page.getByText('This booking was canceled (too_windy).').waitFor();
    await page.goto(`/booking/${open.id}`);
    await page.getByText('In progress.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Cancel booking' }).count(), 0);
  });
}

function checkIns(stage: Staged): void {
  test('a ticket for another event is not used, and still checks in at its own event', async () => {
    const [here, there] = [await stage.event('here', 5, 9), await stage.event('there', 5, 9)];
    const { id, ticket_code: code = '' } = await booked(stage, await stage.someone('astray', 5), there);
    const page = await stage.visit(`/organize/${here}/door`, stage.admin);
    const show = async () => {
      await page.getByLabel('Ticket code').fill(code);
      await page.keyboard.press('Enter');
    };
    await show();
    await page.getByText(`Booking ${id} is for another event: there (${there}). The ticket was not used.`).waitFor();
    await page.goto(`/organize/${there}/door`);
    await show();
    await page.getByText('Welcome, Person 0!').waitFor();
  });

  test('an attendee is checked in from the list, once: an outdated list shows the time of the first check-in', async () => {
    const id = await stage.event('no tickets', 5, 9);
    const { id: bookingId } = await booked(stage, await stage.someone('forgot', 5), id);
    const door = await stage.visit(`/organize/${id}/door`, stage.admin);
    await door.getByLabel('Ticket code').fill('AAAA-AAAA-AAAA');
    await door.keyboard.press('Enter');
    await door.getByText('No ticket has this code.').waitFor();
    await door.getByRole('main').getByRole('link', { name: 'Attendees' }).click();
    const older = await stage.visit(`/organize/${id}/people`, stage.admin);
    await older.getByRole('button', { name: 'Check in' }).waitFor();
    await requireAccessible(older);
    await door.getByRole('button', { name: 'Check in' }).click();
    await door.getByText(`Welcome, Person 0! Booking ${bookingId}.`).waitFor();
    await door.getByRole('button', { name: 'Check in' }).waitFor({ state: 'detached' });
    await older.getByRole('button', { name: 'Check in' }).click();
    await older.getByText('First check-in:').waitFor();
  });
}

function formsAndRoles(stage: Staged): void {
  test('form errors appear at their field, in the language of the page', async () => {
    const page = await stage.visit('/sign-up', undefined, russian);
    await page.getByLabel('Логин').fill('новичок');
    const refusals = [
      ['abcde', 'Не меньше 8 символов.'],
      ['password1', 'Слишком распространённый пароль'],
    ] as const;
    for (const [password, said] of refusals) {
      await page.getByLabel('Пароль').fill(password);
      await page.getByRole('button', { name: 'Зарегистрироваться' }).click();
      await page.locator('.wrong').getByText(said).waitFor();
      assert.equal(await page.getByLabel('Пароль').getAttribute('aria-invalid'), 'true');
      assert.doesNotMatch(await page.getByRole('main').innerText(), /password|characters/);
    }
    await requireAccessible(page);
  });

  test('a payout above the balance and a role change of the last admin are refused, in the language of the page', async () => {
    const person = await stage.someone('poor', 50);
    const page = await stage.visit('/operate/people', stage.admin, russian);
    await page.getByRole('button', { name: person.login }).click();
    await page.getByLabel('Сумма').fill('5000');
    await page.getByLabel('Основание').fill('receipt 9');
    await page.getByRole('button', { name: 'Выплатить', exact: true }).click();
    await page.getByText(/На балансе 50 баллов: выплатить 5\s000 баллов нельзя\./).waitFor();
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.getByLabel('участник').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Сменить роль' }).click();
    await page.getByRole('dialog').getByText('Это последний администратор').waitFor();
    await page.keyboard.press('Escape');
    assert.ok(await page.getByLabel('администратор').isChecked());
  });

  test('making a person an admin needs a confirmation, and the page reports the change', async () => {
    const person = await stage.someone('rising', 0);
    const page = await stage.visit('/operate/people', stage.admin);
    await page.getByRole('button', { name: person.login }).click();
    await page.getByLabel('organizer').click();
    await page.getByText(`New role of ${person.login}: organizer.`).waitFor();
    await page.getByLabel('admin').click();
    await requireAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.ok(await page.getByLabel('organizer').isChecked());
    await page.getByLabel('admin').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click();
    await page.getByText(`New role of ${person.login}: admin.`).waitFor();
  });
}

/** The texts of pages suit the reader: their words, time zone, width and plural forms. */
function texts(stage: Staged): void {
  test('a booking canceled by its owner is not shown as an error', async () => {
    const person = await stage.someone('changed-mind', 5);
    const { id } = await booked(stage, person, await stage.event('not for me', 5, 9));
    await expect(200, stage.client.ask('POST', '/book/cancel', { cookie: person.cookie, body: { booking_id: id } }));
    const page = await stage.visit(`/booking/${id}`, person);
    await page.getByRole('status').filter({ hasText: 'You canceled this booking.' }).waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
    await page.goto('/bookings');
    await page.getByText('canceled: by you').waitFor();
    assert.equal(await page.locator('.badge.bad').count(), 0);
  });

  test('times have their zone, on an event page and in the form', async () => {
    const body = { event_name: 'in May', price: 0, total_slots: 5, starts_at: '2026-05-01T19:00:00Z' };
    const made = stage.client.ask('POST', '/events/create', { cookie: stage.admin.cookie, body });
    const { id } = await expect<{ id: number }>(201, made);
    const page = await stage.visit(`/event/${id}`, stage.admin, { timezoneId: 'Europe/Berlin' });
    await page.getByText('Fri, 1 May 2026, 21:00 CEST').waitFor();
    await page.goto(`/organize/${id}/edit`);
    const typed = page.getByLabel('When (Central European Time)');
    assert.equal(await typed.inputValue(), '2026-05-01T21:00');
  });

  test('no bib strip is cut off on a phone, in either language, with or without the web font', async () => {
    const cookie = stage.admin.cookie;
    await stage.event('open', 5, 9);
    const body = { event_id: await stage.event('off', 5, 9) };
    await expect(200, stage.client.ask('POST', '/events/cancel', { cookie, body }));
    for (const locale of ['en-GB', 'ru-RU'])
      for (const width of [320, 390]) {
        const page = await stage.visit('/', undefined, { locale, viewport: { width, height: 780 } });
        await readThrough(page);
        await page.evaluate('document.fonts.ready');
        for (const fonts of ['web font', 'fallback']) {
          const strips = page.locator('.bib-strip');
          if (fonts !== 'web font')
            await page.evaluate("document.documentElement.style.setProperty('--poster', 'sans-serif')");
          const cut = await strips.evaluateAll((all) =>
            all.filter((strip) => strip.scrollWidth > strip.clientWidth).map((strip) => strip.textContent),
          );
          assert.deepEqual(cut, [], `${locale}, ${width} px, ${fonts}`);
        }
        await page.context().close();
      }
  });

  test('an organizer’s list counts the places taken', async () => {
    await stage.event('untouched', 5, 40);
    const page = await stage.visit('/organize', stage.admin);
    const row = page.getByRole('listitem').filter({ hasText: 'untouched' });
    await row.getByText('Places taken: 0 / 40').waitFor();
    assert.doesNotMatch(await row.innerText(), /left/);
  });
}
