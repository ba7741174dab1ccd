import { latinReadings } from '../../contracts/text/keyboards.ts';

/**
 * Crockford's Base32: no I, L, O or U, so that a code can be read aloud and typed from paper.
 * Source: https://www.crockford.com/base32.html
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 12 characters carry 60 bits: with a billion valid tickets, one guess in a billion is a valid code. */
const characters = 12;
const groupOf = 4;

/** Makes a code from 60 of the 122 random bits of a UUID. */
export function ticketFrom(uuid: string): string {
  const digits = uuid.replaceAll('-', '');
  // The version is digit 12 and the variant is in digit 16: neither is random.
  const bits = BigInt(`0x${digits.slice(0, 12)}${digits.slice(13, 16)}`);
  return Array.from({ length: characters }, (_, index) => alphabet[Number((bits >> BigInt(index * 5)) & 31n)]).join('');
}

/** Formats a code for people: `7KQ2-M0XD-9R4T`. */
export function showTicket(code: string): string {
  return code.match(new RegExp(`.{1,${groupOf}}`, 'g'))?.join('-') ?? code;
}

/**
 * The codes that a typed or scanned text may mean, the most likely first. Case, spaces and dashes do not matter; O reads
 * as 0, I and L as 1. A scanner may type under another keyboard layout, and a person may type letters that only look
 * like those of the code.
 */
export function ticketReadings(text: string): string[] {
  const readings = [text, ...latinReadings(text)].map(codeIn);
  return [...new Set(readings.filter((code) => code !== undefined))];
}

/** The most likely code that a text means; undefined when it means none. */
export const readTicket = (text: string): string | undefined => ticketReadings(text)[0];

function codeIn(text: string): string | undefined {
  const code = text
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}\u2212]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return code.length === characters && [...code].every((letter) => alphabet.includes(letter)) ? code : undefined;
}
