/** Why a typed number is refused. */
export type Unreadable = 'unreadable' | 'too_large';

// A first group with a zero in front, as in "0,250", is no group of thousands, so its sign can only be a decimal one.
const grouped = /^[1-9]\d{0,2}([., '])\d{3}(?:\1\d{3})*$/;
const plain = /^\d+$/;

/**
 * Reads an amount that a person typed, exactly, in minor units: with 2 digits, "12,50", "12.50" and "1 250.00" are
 * 1250, 1250 and 125000. Spaces and apostrophes separate thousands; a point and a comma do too, where they cannot be
 * the decimal sign. An amount that can be read in two ways, such as "1,250", is refused: no amount is guessed.
 */
export function readAmount(text: string, digits: number): number | Unreadable {
  const parts = partsOf(text, digits);
  if (parts === undefined) return 'unreadable';
  const { whole, fraction } = parts;
  const amount = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return amount > Number.MAX_SAFE_INTEGER ? 'too_large' : Number(amount);
}

/** Reads a whole number that a person typed: "1,000", "1.000" and "1 000" are 1000. */
export const readCount = (text: string): number | Unreadable => readAmount(text, 0);

/** The digits before and after the decimal sign. */
interface Parts {
  readonly whole: string;
  readonly fraction: string;
}

function partsOf(text: string, digits: number): Parts | undefined {
  const typed = text
    .trim()
    .replace(/[\u00a0\u2007\u2009\u202f]/g, ' ')
    .replace(/[’ʼ]/g, "'");
  const whole = wholeOf(typed);
  const split = digits > 0 ? /^(.+)([.,])(\d+)$/.exec(typed) : null;
  const [, before = '', sign = '', fraction = ''] = split ?? [];
  const wholeBefore = before.includes(sign) ? undefined : wholeOf(before);
  if (split === null || wholeBefore === undefined) return whole === undefined ? undefined : { whole, fraction: '' };
  // Both readings are possible: the sign separates thousands or the fraction.
  if (whole !== undefined) return undefined;
  // Zeros after the last digit do not change the amount. With 3 digits, "1.2550" is the clear way to write 1.255.
  return /[1-9]/.test(fraction.slice(digits)) ? undefined : { whole: wholeBefore, fraction };
}

/** The digits of a whole number, with or without separators of thousands. */
function wholeOf(text: string): string | undefined {
  return plain.test(text) || grouped.test(text) ? text.replace(/\D/g, '') : undefined;
}

/** Writes an amount in minor units as an exact decimal number: with 2 digits, 1250 is "12.50". */
export function decimalOf(amount: number | bigint, digits: number): `${number}` {
  // The text of a large number has an exponent; that of a BigInt has all digits.
  const whole = BigInt(amount);
  const [sign, all] = whole < 0n ? ['-', String(-whole)] : ['', String(whole)];
  const padded = all.padStart(digits + 1, '0');
  const end = padded.length - digits;
  const text = digits === 0 ? padded : `${padded.slice(0, end)}.${padded.slice(end)}`;
  return `${sign}${text}` as `${number}`;
}
