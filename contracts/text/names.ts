/** A variation selector chooses between two looks of the character before it: text or emoji, for example. */
const variation = '\\p{Variation_Selector}';
const skinTone = '\\p{Emoji_Modifier}';
const picture = '\\p{Extended_Pictographic}';
const joiner = '\\u200D';

/** Control and format characters, lone surrogates, separators of lines and paragraphs, and fillers without a look. */
const hidden = '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}';

// Each character leads to one alternative only, so that a long text that does not match costs no backtracking.
const looks = `${variation}?(?:${skinTone}${variation}?)*`;
const letter = `[^${hidden}${picture}${skinTone}]${looks}`;
const emoji = `${picture}${looks}`;
const line = `(?:${skinTone}${variation}?)*(?:${letter}|${emoji}(?:${joiner}${emoji})*)*`;

/** Empty frames that are neither a space nor a format character: the blank Braille pattern and the like. */
const frames = '\\u2800\\uFFFC\\u{1D159}';
/** A character that can be seen by itself. Spaces cannot, and neither can marks, which need a letter to stand on. */
const visible = `[^\\p{C}\\p{M}\\p{Z}\\p{Default_Ignorable_Code_Point}${frames}]`;

/**
 * The JSON Schema patterns of names. A name shows everything it contains, and cannot turn the text around it: no control
 * or format characters, except joiners between emoji, as in a family. It may be blank only if `mayBeBlank`.
 */
export const namePattern = ({ mayBeBlank }: { readonly mayBeBlank: boolean }) =>
  mayBeBlank ? `^${line}$` : `^(?=.*${visible})${line}$`;

const blankEnds = new RegExp(`^[\\s${frames}]+|[\\s${frames}]+$`, 'gu');

/** The form in which a reference is compared and stored: composed (NFC), without blanks at its ends. */
export const tidyName = (text: string): string => text.normalize('NFC').replaceAll(blankEnds, '');
