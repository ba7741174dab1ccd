import { toLatin } from './look-alikes.ts';

/** The keys of a ticket code: Latin letters row by row, digits, dash. Each layout below lists what it writes on them. */
const keys = 'QWERTYUIOPASDFGHJKLZXCVBNM1234567890-';

interface Layout {
  /** Without digits and the dash, if those are on their usual keys. */
  readonly plain: string;
  /** With Shift; left out, the capitals of `plain`. */
  readonly shifted?: string;
}

// Compared with the layouts of xkeyboard-config.
const layouts: readonly Layout[] = [
  { plain: 'йцукенгшщзфывапролдячсмить' }, // Russian
  { plain: 'йцукенгшщзфівапролдячсмить' }, // Ukrainian
  { plain: 'йцукенгшўзфывапролдячсміть' }, // Belarusian
  { plain: 'йцукенгшщзфивапролдячсміть' }, // Ukrainian, macOS
  { plain: ';ςερτυθιοπασδφγηξκλζχψωβνμ', shifted: ':ΣΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ' }, // Greek
  { plain: "/'קראטוןםפשדגכעיחלךזסבהנמצ" }, // Hebrew
];

/** Layouts of Latin letters in other places: what they write may be meant as it is. */
const latinLayouts: readonly Layout[] = [
  { plain: 'qwertzuiopasdfghjklyxcvbnm1234567890ß' }, // German
  { plain: "qwertzuiopasdfghjklyxcvbnm1234567890'" }, // Swiss
  {
    plain: `azertyuiopqsdfghjklwxcvbn,&é"'(-è_çà)`, // French
    shifted: 'AZERTYUIOPQSDFGHJKLWXCVBN?1234567890°',
  },
  {
    plain: `azertyuiopqsdfghjklwxcvbn,&é"'(§è!çà)`, // Belgian
    shifted: 'AZERTYUIOPQSDFGHJKLWXCVBN?1234567890°',
  },
];

/** The keys by what they write. Σ is on two keys: on that of σ everywhere, on that of ς in some systems. */
function keysOf({ plain, shifted = '' }: Layout): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const row of [plain, shifted]) {
    for (const [at, letter] of [...row].entries()) {
      const key = keys[at] as string;
      const others = found.get(letter) ?? [];
      if (!others.includes(key)) found.set(letter, [key, ...others]);
    }
  }
  return found;
}

/** The maximum number of readings under one layout: a code with many Σ has too many. */
const maxReadings = 64;

const readers = layouts.map(readerOf);
const latinReaders = latinLayouts.map(readerOf);

/**
 * What a text may mean whose letters should be Latin, the most likely first. Typed under another layout it has the
 * letters of that layout on the same keys (`ЧРЗ` is `XHP`), and more than one reading where a letter is on two keys; a
 * layout that does not write the text gives none. Typed by hand it may have letters that look like Latin ones. A text of
 * Latin letters is read as it is before it is read under a layout that has them on other keys.
 */
export function latinReadings(text: string): string[] {
  const byKeys = readers.flatMap((read) => read(text));
  const byLatinKeys = latinReaders.flatMap((read) => read(text));
  return [...new Set([...byKeys, toLatin(text.toUpperCase()).toUpperCase(), ...byLatinKeys])];
}

function readerOf(layout: Layout): (text: string) => string[] {
  const byLetter = keysOf(layout);
  return (text) => {
    let readings = [''];
    for (const letter of text) {
      // Caps Lock writes É on the key of é in some systems.
      const onKeys = byLetter.get(letter) ?? byLetter.get(letter.toLowerCase()) ?? [];
      const found = new Set([...onKeys, ...(/[\d\s-]/.test(letter) ? [letter] : [])]);
      readings = readings.flatMap((before) => Array.from(found, (key) => before + key)).slice(0, maxReadings);
    }
    return readings;
  };
}
