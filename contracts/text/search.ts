/** Letters that a search takes for others, beyond those that Unicode composes of a letter and a mark. */
const plain: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', ı: 'i', ĸ: 'k', ŋ: 'n' },
  ...{ ґ: 'г', ς: 'σ', '’': "'", '‘': "'", ʼ: "'", '`': "'", '‐': '-', '–': '-', '—': '-', '−': '-' },
};
const special = new RegExp(`[${Object.keys(plain).join('')}]`, 'gu');
/** Marks and characters without a look. */
const ignored = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** The form in which texts are compared in a search: `José ŁUKASZ` and `jose lukasz` are one, and so are `Ё` and `е`. */
export function searchKey(text: string): string {
  // Lower case comes first and second: the lower case of İ is an i with a mark, and NFKD turns ℡ into TEL.
  const letters = text.toLowerCase().normalize('NFKD').toLowerCase().replaceAll(ignored, '');
  return letters.replaceAll(special, (letter) => plain[letter] ?? letter).normalize('NFC');
}

/** The words of a search, in the form of `searchKey`. */
export const searchWords = (search: string): string[] => searchKey(search).split(/\s+/).filter(Boolean);

/** Creates a filter for a search: a text matches if it contains each word, in any order. */
export function searchFilter(search: string): (text: string) => boolean {
  const words = searchWords(search);
  return (text) => {
    const key = searchKey(text);
    return words.every((word) => key.includes(word));
  };
}
