/** A variation selector chooses between two looks of the character before it: text or emoji, for example. */
const variation = '\\p{Variation_Selector}';
const skinTone = '\\p{Emoji_Modifier}';
const picture = '\\p{Extended_Pictographic}';
const joiner = '\\u200D';

/**
 * Letters, marks and signs that show nothing, though Unicode does not call them blank: the blank Braille pattern, blanks
 * of hieroglyphs, the Khitan filler, the frame of an object, a note without a head.
 */
export const blankSigns = '\\u2800\\u{13441}\\u{13442}\\u{16FE4}\\uFFFC\\u{1D159}';

/** Control and format characters, lone surrogates, separators of lines and paragraphs, and fillers without a look. */
const hidden = `\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}${blankSigns}`;

/**
 * More marks than a letter has in any script: they are drawn over the lines around it. Hebrew and Burmese need four marks
 * above and below a letter; marks beside it come on top.
 */
const overdrawn = '[\\p{Mn}\\p{Me}]{5}|\\p{M}{7}';

// Each character leads to one alternative only, so that a long text that does not match costs no backtracking.
const looks = `${variation}?(?:${skinTone}${variation}?)*`;
const letter = `[^${hidden}${picture}${skinTone}]${looks}`;
const emoji = `${picture}${looks}`;
const line = `(?:${skinTone}${variation}?)*(?:${letter}|${emoji}(?:${joiner}${emoji})*)*`;

/** A character that can be seen by itself. Spaces cannot, and neither can marks, which need a letter to stand on. */
const visible = `[^\\p{C}\\p{M}\\p{Z}\\p{Default_Ignorable_Code_Point}]`;

/**
 * The JSON Schema patterns of names. A name shows everything it contains, and cannot turn the text around it: no control
 * or format characters, except joiners between emoji, as in a family, and no piles of marks. It may be blank only if
 * `mayBeBlank`.
 */
export const namePattern = ({ mayBeBlank }: { readonly mayBeBlank: boolean }) =>
  `^(?!.*(?:${overdrawn}))${mayBeBlank ? '' : `(?=.*${visible})`}${line}$`;

/** Variation selectors that change no look: those after neither an emoji nor an ideograph. Keycaps have one inside. */
const idleVariation = new RegExp(
  `(?<!${picture}|${skinTone}|\\p{Ideographic}|[0-9#*](?=${variation}\\u20E3))${variation}`,
  'gu',
);

const blanks = new RegExp(`[\\s${blankSigns}]+`, 'gu');

/**
 * The form in which a reference is compared and stored: what looks the same is the same. It is composed (NFC), has single
 * spaces between its words and none at its ends, and no variation selectors that change nothing.
 */
export const tidyName = (text: string): string =>
  text.replaceAll(idleVariation, '').normalize('NFC').replaceAll(blanks, ' ').trim();
