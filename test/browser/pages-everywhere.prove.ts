import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { book, expect } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { phone, readThrough, requireAccessible, requireNothingCutOff, withStage } from './pages.ts';

describe('what holds for every page in a browser', { skip: browserMissing }, () => {
  const stage = withStage();

  test('the server is killed and restarted: an open page reconnects and shows the current slots', async () => {
    const id = await stage.event('survivor', 0, 50);
    const person = await stage.someone('survivor', 0);
    const page = await stage.visit(`/event/${id}`, person);
    await page.getByText('live', { exact: true }).waitFor();
    await stage.program.end('SIGKILL');
    await page.getByText('no connection, trying again').waitFor();
    await stage.restart();
    await book(stage.client, person, id);
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('49', { exact: true }).waitFor();
  });

  test('an unknown page links to all events, and a page without access shows nothing else', async () => {
    const person = await stage.someone('lost', 0);
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
    const id = await stage.event('an event with averyveryveryveryveryveryverylongname that goes on', 3, 20);
    const person = await stage.someone('on-the-phone', 10);
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
