import { toLatin } from './look-alikes.ts';

/** The keys with Latin letters, row by row. Each layout below lists what it writes on them. */
const keys = 'QWERTYUIOPASDFGHJKLZXCVBNM';

interface Layout {
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

/** The keys by what they write. Σ is on two keys: on that of σ everywhere, on that of ς in some systems. */
function keysOf({ plain, shifted = plain.toUpperCase() }: Layout): ReadonlyMap<string, readonly string[]> {
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

/**
 * What a text may mean whose letters should be Latin, the most likely first. Typed under another layout it has the
 * letters of that layout on the same keys (`ЧРЗ` is `XHP`), and more than one reading where a letter is on two keys; a
 * layout that does not write the text gives none. Typed by hand it may have letters that look like Latin ones.
 */
export function latinReadings(text: string): string[] {
  const byKeys = readers.flatMap((read) => read(text));
  return [...new Set([...byKeys, toLatin(text.toUpperCase()).toUpperCase()])];
}

function readerOf(layout: Layout): (text: string) => string[] {
  const byLetter = keysOf(layout);
  return (text) => {
    let readings = [''];
    for (const letter of text) {
      const found = byLetter.get(letter) ?? (/[\d\s-]/.test(letter) ? [letter] : []);
      readings = readings.flatMap((before) => found.map((key) => before + key)).slice(0, maxReadings);
    }
    return readings;
  };
}
