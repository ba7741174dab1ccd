import { signal } from '@preact/signals';
import { decimalOf, readAmount } from '../../../contracts/account/amounts.ts';
import { isTimeZone } from '../../../contracts/events/wall-time.ts';
import type { Currency } from '../api/shapes.ts';
import { language, words } from './words.ts';

/** The browser's regional variant of the chosen language, such as `en-GB`, for dates and numbers. */
function locale(): string {
  return navigator.languages.find((tag) => tag.startsWith(language.value)) ?? language.value;
}

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.NumberFormat(locale(), options);
  made.set(key, found);
  return found as Intl.NumberFormat;
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(locale(), options);
  made.set(key, found);
  return found as Intl.DateTimeFormat;
}

export const count = (value: number) => numbers({}).format(value);
export const decimal = (value: number, digits = 1) => numbers({ maximumFractionDigits: digits }).format(value);
export const percent = (share: number) => numbers({ style: 'percent' }).format(share);

/** The installation's currency; undefined until the server has responded. No amount is shown or read before. */
export const currency = signal<Currency | undefined>(undefined);

/** An amount, given in minor units. */
export const money = (amount: number) => amountOf(amount, {});

/** A signed amount, as in a list of transactions. */
export const change = (amount: number) => amountOf(amount, { signDisplay: 'exceptZero' });

/** An amount with its unit, for use in a sentence: `40 points`, `€ 4.00`. */
export function sum(amount: number): string {
  const { currency: name, digits } = currency.value ?? unknown;
  if (currency.value === undefined || isCode(name)) return money(amount);
  const unit = name === 'points' ? words.value.points(amount / 10 ** digits) : name;
  return `${money(amount)} ${unit}`;
}

/** Stands for the currency until it is known. */
const unknown: Currency = { currency: '', digits: 0 };

/** Whether browsers know a symbol for the currency. */
const isCode = (name: string) => /^[A-Z]{3}$/.test(name);

function amountOf(amount: number, options: Intl.NumberFormatOptions): string {
  if (currency.value === undefined) return '…';
  const { currency: name, digits } = currency.value;
  return numbers({
    ...options,
    ...(isCode(name) && { style: 'currency', currency: name }),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // The text of a decimal number is formatted exactly. Above 2^53 minor units a quotient would not be.
  }).format(decimalOf(amount, digits));
}

/** Formats an amount for a text field, with the decimal sign of the locale. `readAmount` reads it back. */
export function amountText(amount: number): string {
  const { digits } = currency.value ?? unknown;
  const text = decimalOf(amount, digits);
  const clear = readAmount(text, digits) === amount ? text : `${text}0`;
  return clear.replace('.', decimalSign(locale()));
}

/** The decimal sign of a locale: a point or a comma. */
const decimalSign = (tag: string) =>
  new Intl.NumberFormat(tag).formatToParts(0.5).some(({ value }) => value === ',') ? ',' : '.';

/** The separator that spreadsheets expect: a semicolon where the comma is the decimal sign. */
export const csvSeparator = () => (decimalSign(navigator.language) === ',' ? ';' : ',');

/** The browser's time zone: `Europe/Berlin`. */
export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time zone in which times of an event are shown: its own, or else the browser's. */
export const zoneOf = (timeZone: string | undefined): string =>
  timeZone !== undefined && isTimeZone(timeZone) ? timeZone : browserZone();

/**
 * A date and time with the zone: `Sat, 5 Dec 2026, 10:00 CET`.
 * @param of the event whose time it is. Without one, the time is shown in the browser's zone.
 */
export const dateTime = (at: string, of?: { readonly time_zone?: string | undefined } | null) =>
  dates({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: zoneOf(of?.time_zone),
  }).format(new Date(at));

/** The name of a time zone, the same in summer and winter: `Central European Time`. */
export const zoneName = (timeZone: string) =>
  dates({ timeZoneName: 'longGeneric', timeZone })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;

/** A date and time to the second, as in a log. */
export const moment = (at: string) =>
  dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at));

/** The time of day to the second. */
export const clock = (at: string) =>
  dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at));

/** A duration in its largest fitting unit, from milliseconds to days. */
export function duration(ms: number): string {
  const unit = (value: number, name: string, digits = 0) =>
    numbers({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
  if (ms < 1_000) return unit(ms, 'millisecond');
  if (ms < 60_000) return unit(ms / 1_000, 'second', 1);
  if (ms < 3_600_000) return unit(ms / 60_000, 'minute');
  if (ms < 86_400_000) return unit(ms / 3_600_000, 'hour');
  return unit(ms / 86_400_000, 'day');
}
