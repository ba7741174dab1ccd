/** Letters that a search takes for others, beyond those that Unicode composes of a letter and a mark. */
const plain: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', ı: 'i', ĸ: 'k', ŋ: 'n' },
  // Azerbaijani, and the languages of West Africa.
  ...{ ə: 'e', ɓ: 'b', ɖ: 'd', ɗ: 'd', ɛ: 'e', ƙ: 'k', ɲ: 'n', ɔ: 'o', ƴ: 'y' },
  // Cyrillic letters beyond the Russian ones. People often write names with the nearest Russian letter.
  ...{ ґ: 'г', є: 'е', і: 'и', ә: 'а', ғ: 'г', қ: 'к', ң: 'н', ө: 'о', ұ: 'у', ү: 'у', һ: 'х', ҳ: 'х', ҷ: 'ч' },
  ...{ җ: 'ж', ҙ: 'з', ҡ: 'к', ҫ: 'с', ҕ: 'г', ҥ: 'н' },
  ς: 'σ',
};
const special = new RegExp(`[${Object.keys(plain).join('')}]`, 'gu');

/** What is typed for an apostrophe, or left out: quotes, accents that stand alone, and letters of this look. */
const apostrophes =
  /['`\u00B4\u02B9-\u02BF\u02C8\u02CA\u02CB\u055A\u05F3\u2018-\u201B\u2032\u2035\uA78B\uA78C\uFF07\uFF40]/gu;
const hyphens = /[\p{Pd}\u2043\u2212]/gu;

/** Characters without a look. */
const hidden = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/**
 * Accents, Hebrew points and Arabic vowels. The marks of other scripts are letters: without its vowel signs, रिम would be
 * राम.
 */
const accents =
  /(?=\p{M})[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script_Extensions=Arabic}]/gu;

/**
 * The form in which texts are compared in a search: `José ŁUKASZ` and `jose lukasz` are one, and so are `Ё` and `е`,
 * `O'Brien` and `obrien`, `Jean-Luc` and `jean luc`.
 */
export function searchKey(text: string): string {
  // Apostrophes come first: NFKD turns ´ into a space with an accent. Lower case comes before and after NFKD: the lower
  // case of İ is an i with a mark, and NFKD turns ℡ into TEL. Apostrophes come again for ŉ, an n with one.
  const letters = text.replaceAll(apostrophes, '').toLowerCase().normalize('NFKD').toLowerCase();
  return [hidden, accents, apostrophes]
    .reduce((key, ignored) => key.replaceAll(ignored, ''), letters)
    .replaceAll(hyphens, ' ')
    .replaceAll(special, (letter) => plain[letter] ?? letter)
    .normalize('NFC');
}

/**
 * The words of a search, in the form of `searchKey`. A word with a hyphen stays one: `runner-34` does not find `runner-134`.
 */
export const searchWords = (search: string): string[] =>
  search
    .split(/\s+/)
    .map((word) => searchKey(word).trim())
    .filter(Boolean);

/** Creates a filter for a search: a text matches if it contains each word, in any order. */
export function searchFilter(search: string): (text: string) => boolean {
  const words = searchWords(search);
  return (text) => {
    const key = searchKey(text);
    return words.every((word) => key.includes(word));
  };
}
