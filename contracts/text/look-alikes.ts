import { blankSigns } from './names.ts';

/**
 * Letters that look like a Latin letter, in the order of the Latin letters beside them. After UTS #39, reduced to those
 * that a reader cannot tell apart. https://www.unicode.org/reports/tr39/
 */
const tables: readonly (readonly [letters: string, latin: string])[] = [
  // Capitals come apart from small letters: В looks like B, but в looks like no letter.
  ['АВЕЅІЈКМНОРСТУҮХԌԚԜѴӀЬ', 'abesijkmhopctyyxgqwvib'],
  ['асԁеԍһіјӏоԛрѕуүԝхѵ', 'acdeghijloqpsyywxv'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ', 'abezhikmnoptyxcj'],
  ['αγινορυχςϲϳ', 'ayivopuxccj'],
  ['ՍՏՕԼցհյոռսօզգլ', 'usolghjnnuoqql'],
  ['ⲂⲎⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬⲟⲣⲥⲭ', 'bhikmnopctyxopcx'],
  ['ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏳᏴ', 'drtiyajewmhyghzbrwsvslcpkdgb'],
  ['ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ', 'bpdtgkjczfmnlsrvhwxyaeiou'],
  ['ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡıȷǀ', 'abcdeghijklmnoprstuvwyzagijl'],
];
const latinOf = new Map(
  tables.flatMap(([letters, latin]) => [...letters].map((letter, at) => [letter, latin[at] as string] as const)),
);

/** Replaces each letter that looks like a Latin one by that one, in lower case. */
export const toLatin = (text: string): string => Array.from(text, (letter) => latinOf.get(letter) ?? letter).join('');

/** Capitals that look like a small l, unless they have a dot. */
const capitalI = /[IІӀΙⲒꓲ](?!\u0307)/gu;

const invisible = new RegExp(`[\\p{Cf}\\p{Default_Ignorable_Code_Point}${blankSigns}]`, 'gu');

/**
 * What a login looks like: two logins with one skeleton cannot be told apart. 1 and l, and 0 and o, stay apart, because
 * people use both. A capital I is an l beside small letters, and an i among capitals.
 */
export function skeleton(login: string): string {
  // Decomposed, so that an accent stays on the Latin letter that replaces its letter.
  const decomposed = login.normalize('NFKD');
  const read = /\p{Ll}/u.test(decomposed) ? decomposed.replaceAll(capitalI, 'l').normalize('NFC') : login;
  const letters = toLatin(toLatin(read).normalize('NFKD')).toLowerCase().normalize('NFKD');
  return toLatin(letters)
    .replaceAll('\u2800', ' ')
    .replaceAll(invisible, '')
    .replaceAll(/rn(?!\p{M})/gu, 'm')
    .replaceAll(/(?<=[ij])\u0307/gu, '')
    .replaceAll(/[\p{Pd}\u2043\u2212]/gu, '-')
    .replaceAll(/[\u2018\u2019\u02BC\u2032\u0060]/gu, "'")
    .replaceAll(/\s+/gu, ' ')
    .normalize('NFC')
    .trim();
}

/** Scripts with letters that are taken for letters of another one. */
const alphabets = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Coptic', 'Cherokee', 'Lisu'];
/** Letters that go with any alphabet: those of East Asia look like no other, and some belong to every script. */
const shared = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Common', 'Inherited'];
const inScripts = (scripts: readonly string[]) => scripts.map((script) => `\\p{Script=${script}}`).join('');
const mixtures = alphabets.map((alphabet) => ({
  own: new RegExp(`\\p{Script=${alphabet}}`, 'u'),
  foreign: new RegExp(`(?![${inScripts([alphabet, ...shared])}])\\p{L}`, 'u'),
}));

/** Whether a login has letters of more than one alphabet: `аdmin` with a Cyrillic а. */
export function mixesAlphabets(login: string): boolean {
  const text = login.normalize('NFKC');
  return mixtures.some(({ own, foreign }) => own.test(text) && foreign.test(text));
}
