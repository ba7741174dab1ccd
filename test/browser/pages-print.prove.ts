import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { book, bookingIn, expect } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { readThrough, withStage } from './pages.ts';

/** The elements with text or a drawing that are printed, each as its tag and the beginning of its text. */
const printed = (page: Page, within: string) =>
  page.evaluate(`[...document.querySelectorAll(${JSON.stringify(within)})]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => each.matches('svg, img, button, input') ||
      [...each.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== ''))
    .map((each) => each.tagName.toLowerCase() + ' ' + each.textContent.trim().slice(0, 40))`) as Promise<string[]>;

describe('a printed ticket', { skip: browserMissing }, () => {
  const stage = withStage();

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`is one sheet with the ticket alone, in the ${colorScheme} theme`, async () => {
      const body = {
        event_name: 'paper run',
        price: 0,
        total_slots: 9,
        starts_at: '2100-05-01T10:00:00Z',
        venue: 'here',
      };
      const created = stage.client.ask('POST', '/events/create', { cookie: stage.admin.cookie, body });
      const { id: eventId } = await expect<{ id: number }>(201, created);
      const person = await stage.someone(`printing-${colorScheme}`, 0);
      const { id } = bookingIn(await book(stage.client, person, eventId));
      const page = await stage.visit(`/booking/${id}`, person, { colorScheme });
      await page.getByRole('img', { name: 'QR code of the ticket' }).waitFor();
      await readThrough(page);
      await page.emulateMedia({ media: 'print' });
      assert.deepEqual(await printed(page, 'body *:not(.ticket, .ticket *)'), []);
      const ticket = (await printed(page, '.ticket *')).join('\n');
      for (const part of [/paper run/, /here/, /2100/, /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/, /^svg/m]) {
        assert.match(ticket, part);
      }
      const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g);
      assert.equal(sheets?.length, 1);
    });
  }

  test('other pages are printed without their header, footer and menu', async () => {
    await stage.event('in print', 0, 5);
    const page = await stage.visit('/');
    await readThrough(page);
    await page.emulateMedia({ media: 'print' });
    assert.match((await printed(page, 'main *')).join('\n'), /in print/);
    assert.deepEqual(await printed(page, 'header *, footer *, .skip'), []);
  });
});
