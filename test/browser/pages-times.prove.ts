import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { book, bookingIn, expect } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { phone, requireAccessible, requireNothingCutOff, type Staged, withStage } from './pages.ts';

interface Stored {
  readonly id: number;
  readonly starts_at?: string;
  readonly sale_opens_at?: string;
  readonly time_zone?: string;
  readonly revision?: number;
}

const show = ({ client }: Staged, id: number) => expect<Stored>(200, client.ask('GET', `/events/get/${id}`));

async function create({ client, admin }: Staged, name: string, fields: object): Promise<number> {
  const body = { event_name: name, price: 0, total_slots: 9, ...fields };
  return (await expect<Stored>(201, client.ask('POST', '/events/create', { cookie: admin.cookie, body }))).id;
}

/** Opens the form of a new event in a browser in this zone. */
async function openForm(stage: Staged, name: string, timezoneId: string): Promise<Page> {
  const page = await stage.visit('/organize/new', stage.admin, { timezoneId });
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Price').fill('0');
  await page.getByLabel('Places').fill('9');
  return page;
}

async function save(stage: Staged, page: Page, button = 'Create event'): Promise<Stored> {
  await page.getByRole('button', { name: button }).click();
  await page.waitForURL(/\/organize\/\d+$/);
  return show(stage, Number(/\d+$/.exec(page.url())?.[0]));
}

const berlin = { starts_at: '2027-05-01T19:00:00Z', time_zone: 'Europe/Berlin' };

describe('times in a browser', { skip: browserMissing }, () => {
  const stage = withStage();
  eventZones(stage);
  clockChanges(stage);
  calendars(stage);

  test('no page reported an error', () => {
    assert.deepEqual(stage.complaints, []);
  });
});

function eventZones(stage: Staged): void {
  test('a new event gets the zone of the organizer’s browser, and its times are typed in it', async () => {
    const page = await openForm(stage, 'at home', 'Europe/Berlin');
    await page.getByLabel('When (Central European Time)').fill('2027-05-01T21:00');
    await page.getByLabel('Booking opens (Central European Time)').fill('2027-01-01T08:00');
    await requireAccessible(page);
    const event = await save(stage, page);
    assert.deepEqual(
      [event.time_zone, event.starts_at, event.sale_opens_at],
      ['Europe/Berlin', '2027-05-01T19:00:00.000Z', '2027-01-01T07:00:00.000Z'],
    );
  });

  test('times of an event are shown in its zone with its name, wherever the browser is', async () => {
    const opens = { sale_opens_at: '2026-01-01T07:00:00Z', cancel_until: '2027-04-30T10:00:00Z' };
    const id = await create(stage, 'far away', { ...berlin, ...opens });
    const person = await stage.someone('traveler', 0);
    const { id: booking } = bookingIn(await book(stage.client, person, id));
    const page = await stage.visit('/', person, { timezoneId: 'Asia/Tokyo', viewport: phone });
    const shown = /Sat,? 1 May 2027(,| at) 21:00 CEST/;
    for (const place of ['/', `/event/${id}`, '/bookings', `/booking/${booking}`]) {
      await page.goto(place);
      await page.getByText(shown).first().waitFor();
      await requireNothingCutOff(page);
    }
    await page.getByText(/You can cancel until Fri,? 30 Apr 2027(,| at) 12:00 CEST/).waitFor();
    await page.goto(`/event/${id}`);
    await page.getByText('Central European Time (Europe/Berlin)').waitFor();
    await page.getByText(/Thu,? 1 Jan 2026(,| at) 08:00 CET/).waitFor();
    await page.getByRole('button', { name: /Book/ }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(shown).waitFor();
    await dialog.getByText(/Fri,? 30 Apr 2027(,| at) 12:00 CEST/).waitFor();
    const organizer = await stage.visit('/organize', stage.admin, { timezoneId: 'Asia/Tokyo' });
    await organizer.getByText(shown).first().waitFor();
    await organizer.goto(`/organize/${id}`);
    await organizer.getByText(shown).first().waitFor();
  });

  test('times of an event without a zone are shown in the browser’s', async () => {
    const id = await create(stage, 'anywhere', { starts_at: '2027-05-01T19:00:00Z' });
    const page = await stage.visit(`/event/${id}`, undefined, { timezoneId: 'Europe/Moscow' });
    await page.getByText(/1 May 2027(,| at) 22:00 GMT\+3/).waitFor();
    assert.equal(await page.getByText('Time zone').count(), 0);
  });

  test('an event that is edited in another zone keeps its times and its zone', async () => {
    for (const [name, fields, label, value] of [
      ['kept', berlin, 'When (Central European Time)', '2027-05-01T21:00'],
      ['kept without a zone', { starts_at: berlin.starts_at }, 'When (Japan Standard Time)', '2027-05-02T04:00'],
    ] as const) {
      const id = await create(stage, name, fields);
      const page = await stage.visit(`/organize/${id}/edit`, stage.admin, { timezoneId: 'Asia/Tokyo' });
      assert.equal(await page.getByLabel(label).inputValue(), value);
      await page.getByLabel('Where').fill('here');
      const { starts_at, time_zone, revision } = await save(stage, page, 'Save');
      const zone = 'time_zone' in fields ? fields.time_zone : undefined;
      assert.deepEqual([starts_at, time_zone, revision], ['2027-05-01T19:00:00.000Z', zone, 1]);
    }
  });

  test('in another zone the times on the clocks stay', async () => {
    const id = await create(stage, 'moves', berlin);
    const page = await stage.visit(`/organize/${id}/edit`, stage.admin, { timezoneId: 'Asia/Tokyo' });
    await page.getByLabel('Time zone').selectOption('America/New_York');
    await page.getByLabel('When (Eastern Time)').waitFor();
    const { starts_at, time_zone } = await save(stage, page, 'Save');
    assert.deepEqual([starts_at, time_zone], ['2027-05-02T01:00:00.000Z', 'America/New_York']);
  });
}

function clockChanges(stage: Staged): void {
  test('an hour that the clocks skip is refused at its field, and nothing is stored', async () => {
    for (const [zone, hour] of [
      ['Europe/Berlin', '2027-03-28T02:30'],
      ['America/Santiago', '2026-09-06T00:30'],
    ] as const) {
      const page = await openForm(stage, 'skipped', zone);
      await page.getByLabel('When').fill(hour);
      await page.getByRole('button', { name: 'Create event' }).click();
      await page.getByText('At this time the clocks go forward').waitFor();
      assert.equal(await page.getByLabel('When').getAttribute('aria-invalid'), 'true');
      assert.equal(await page.getByLabel('When').inputValue(), hour);
    }
    const all = await expect<{ event_name: string }[]>(200, stage.client.ask('GET', '/events/get?limit=1000'));
    assert.ok(!all.some(({ event_name }) => event_name === 'skipped'));
  });

  test('of an hour that the clocks repeat the first is taken, and the page says so', async () => {
    const page = await openForm(stage, 'repeated', 'Europe/Berlin');
    await page.getByLabel('When').fill('2027-10-31T01:30');
    assert.equal(await page.getByText('this time comes twice').count(), 0);
    await page.getByLabel('When').fill('2027-10-31T02:30');
    await page.getByText('this time comes twice').waitFor();
    assert.equal((await save(stage, page)).starts_at, '2027-10-31T00:30:00.000Z');
  });

  test('an event in the second of two equal hours stays there when another field is edited', async () => {
    const second = { starts_at: '2027-10-31T01:30:00Z', time_zone: 'Europe/Berlin' };
    const id = await create(stage, 'second', second);
    const page = await stage.visit(`/organize/${id}/edit`, stage.admin, { timezoneId: 'Asia/Tokyo' });
    assert.equal(await page.getByLabel('When').inputValue(), '2027-10-31T02:30');
    await page.getByLabel('Where').fill('here');
    assert.equal((await save(stage, page, 'Save')).starts_at, '2027-10-31T01:30:00.000Z');
  });
}

function calendars(stage: Staged): void {
  const download = async (page: Page, button: string) => {
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    return text((await (await saving).createReadStream()) as Readable);
  };

  test('the calendar file of a moved event is newer, and that of a canceled event cancels the entry', async () => {
    const id = await create(stage, 'moved', berlin);
    const person = await stage.someone('calendar', 0);
    const { id: booking } = bookingIn(await book(stage.client, person, id));
    const page = await stage.visit(`/booking/${booking}`, person);
    const before = await download(page, 'Add to calendar');
    assert.match(before, /\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\nDTSTART:20270501T190000Z\r\n/);
    const { cookie } = stage.admin;
    const body = { starts_at: '2027-05-02T19:00:00Z' };
    await expect(200, stage.client.ask('PATCH', `/events/${id}`, { cookie, body }));
    await page.reload();
    const moved = await download(page, 'Add to calendar');
    assert.match(moved, /\r\nSEQUENCE:1\r\nSTATUS:CONFIRMED\r\nDTSTART:20270502T190000Z\r\n/);
    const stampOf = (file: string) => /DTSTAMP:(\w+)/.exec(file)?.[1] ?? '';
    assert.ok(stampOf(moved) >= stampOf(before));
    await expect(200, stage.client.ask('POST', '/events/cancel', { cookie, body: { event_id: id } }));
    await page.getByText('The event was canceled.').waitFor();
    await page.reload();
    const canceled = await download(page, 'Cancel it in the calendar');
    assert.match(canceled, /\r\nSEQUENCE:[2-9]\r\nSTATUS:CANCELLED\r\n/);
    const uids = [before, moved, canceled].map((file) => /UID:.*/.exec(file)?.[0]);
    assert.deepEqual(new Set(uids).size, 1);
  });
}
