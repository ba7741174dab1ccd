/**
 * Crockford's Base32: no I, L, O or U, so that a code can be read aloud and typed from paper.
 * Source: https://www.crockford.com/base32.html
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 60 bits: with a billion tickets out, one guess in a billion finds one. */
const characters = 12;
const groupOf = 4;

/** Makes a code out of a random UUID, of whose 122 random bits it takes 60: those before the version, and some after. */
export function ticketFrom(uuid: string): string {
  const digits = uuid.replaceAll('-', '');
  // 12 digits stand before the version's, 3 of those behind it come before the variant's.
  const bits = BigInt(`0x${digits.slice(0, 12)}${digits.slice(13, 16)}`);
  return Array.from({ length: characters }, (_, index) => alphabet[Number((bits >> BigInt(index * 5)) & 31n)]).join('');
}

/** As people see it: `7KQ2-M0XD-9R4T`. */
export function showTicket(code: string): string {
  return code.match(new RegExp(`.{1,${groupOf}}`, 'g'))?.join('-') ?? code;
}

/** Reads what was typed or scanned, whatever its case, its dashes and its mix-ups of letters and digits. */
export function readTicket(text: string): string | undefined {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return code.length === characters && [...code].every((letter) => alphabet.includes(letter)) ? code : undefined;
}
