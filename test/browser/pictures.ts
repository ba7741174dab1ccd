/** Takes the screenshots in docs/pictures/ (`npm run pictures`) from a temporary Startlist with sample events. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { takeNoArguments } from '../../platform/process/program.ts';
import { root } from '../support/sources.ts';
import { book, createPeople, deposit, expect, signIn } from '../support/system.ts';
import { browserMissing } from './browser.ts';
import { bookFor, phone, readThrough, Stage, wide } from './pages.ts';

takeNoArguments('npm run pictures', 'Renews the screenshots in docs/pictures from a temporary Startlist.');

const folder = join(root, 'docs', 'pictures');
const mostBytes = 150_000;

const day = 86_400_000;
/** The time 08:00 UTC, this number of days ahead. */
const inDays = (days: number) => new Date(Math.ceil(Date.now() / day) * day + days * day + 8 * 3_600_000).toISOString();

interface EventForm {
  readonly event_name: string;
  readonly price: number;
  readonly total_slots: number;
  readonly [field: string]: unknown;
}

const forms: readonly EventForm[] = [
  {
    event_name: 'Green Run 10 km',
    price: 40,
    total_slots: 120,
    starts_at: inDays(18),
    venue: 'City park, east gate',
    description: 'Two laps around the lake, on gravel and grass. Start in waves of forty.',
    cancel_until: inDays(16),
  },
  { event_name: 'Harbour swim', price: 25, total_slots: 4, starts_at: inDays(25), venue: 'Old pier' },
  { event_name: 'Ночной забег', price: 0, total_slots: 1_200, starts_at: inDays(32), venue: 'Набережная' },
  {
    event_name: 'Mountain marathon',
    price: 120,
    total_slots: 300,
    starts_at: inDays(60),
    sale_opens_at: inDays(2),
    venue: 'Upper valley',
  },
];

async function createEvents(stage: Stage): Promise<number[]> {
  const ids: number[] = [];
  for (const body of forms) {
    const call = { cookie: stage.admin.cookie, body };
    ids.push((await expect<{ id: number }>(201, stage.client.ask('POST', '/events/create', call))).id);
  }
  return ids;
}

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  await readThrough(page);
  await page.evaluate('document.fonts.ready');
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage });
  const { size } = statSync(path);
  console.error(`${name}.png ${Math.round(size / 1_000)} kB`);
  if (size > mostBytes) throw new Error(`${name}.png is larger than ${mostBytes} bytes`);
  await page.context().close();
}

async function takeAll(stage: Stage): Promise<void> {
  const [run = 0, swim = 0, night = 0] = await createEvents(stage);
  const crowd = await createPeople(stage.client, 12, 400, 'runner');
  for (const person of crowd.slice(0, 4)) await book(stage.client, person, swim);
  for (const person of crowd) for (let time = 0; time < 3; time += 1) await book(stage.client, person, night);

  // The organizer's page. The bookings are made in bursts, so that the curve on it has steps.
  const evening = await stage.visit(`/organize/${run}`, stage.admin, { viewport: wide, colorScheme: 'dark' });
  for (let round = 0; round < 5; round += 1) {
    for (const person of crowd) await book(stage.client, person, run);
    await evening.waitForTimeout(300 + 250 * (round % 3));
  }
  await evening.waitForTimeout(1_500);
  await take(evening, 'organizer-wide-dark', true);

  const ada = { login: 'ada', password: 'a long password', email: '', first_name: 'Ada', last_name: 'Runner' };
  await expect(201, stage.client.ask('POST', '/register', { body: ada }));
  const person = await signIn(stage.client, ada.login, ada.password);
  await deposit(stage.client, person, 60);
  const booking = await stage.visit(`/event/${run}`, person, { viewport: wide, colorScheme: 'light' });
  await bookFor(booking);
  await booking.getByText('You are on the list').waitFor();
  await take(booking, 'booking-wide-light', true);

  const short = await stage.visit(`/event/${run}`, person, { viewport: phone, colorScheme: 'dark' });
  await bookFor(short);
  await short.getByText('Top up').first().waitFor();
  await take(short, 'refused-phone-dark', true);

  await deposit(stage.client, person, 500);
  await take(await stage.visit('/', person, { viewport: wide, colorScheme: 'light' }), 'events-wide-light', true);
  const russian = { viewport: phone, colorScheme: 'dark', locale: 'ru-RU' } as const;
  const inRussian = await stage.visit('/', person, russian);
  // The web font may not be loaded yet when the page is first shown; after a reload it is.
  await inRussian.reload();
  await take(inRussian, 'events-phone-dark');

  const mine = await stage.client.ask('GET', '/book/get', { cookie: person.cookie });
  const [{ id }] = mine.json as [{ id: number }];
  await take(
    await stage.visit(`/booking/${id}`, person, { viewport: phone, colorScheme: 'light' }),
    'ticket-phone-light',
  );

  const operating = await stage.visit('/operate', stage.admin, { viewport: wide, colorScheme: 'light' });
  await operating.locator('.states').waitFor();
  for (const each of crowd) for (let time = 0; time < 4; time += 1) await book(stage.client, each, night);
  await operating.waitForTimeout(1_200);
  await take(operating, 'operator-wide-light', true);
}

if (browserMissing !== false) throw new Error(browserMissing);
mkdirSync(folder, { recursive: true });
const stage = await Stage.open({ RATE_LIMITS: 'off' });
try {
  await takeAll(stage);
} finally {
  await stage.close();
}
