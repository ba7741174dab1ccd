import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortestPassword } from '../contracts/auth/sign-in.ts';
import { en } from './ui/words/en/en.ts';
import { pluralOf } from './ui/words/plural.ts';
import { ru } from './ui/words/ru/ru.ts';

/** The paths of all texts in a dictionary, such as `events.title`; functions end with `()`. */
function placesIn(value: unknown, place = ''): string[] {
  if (typeof value === 'function') return [`${place}()`];
  if (typeof value !== 'object' || value === null) return [place];
  return Object.entries(value).flatMap(([name, inner]) => placesIn(inner, place === '' ? name : `${place}.${name}`));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test('both languages have the same texts', () => {
  assert.ok(placesIn(en).length > 100, 'too few texts');
  assert.deepEqual(placesIn(ru).toSorted(), placesIn(en).toSorted());
});

test('the hint for a new password states the minimum length', () => {
  for (const { signUp } of [en, ru]) assert.match(signUp.passwordHint, new RegExp(`\\b${shortestPassword}\\b`));
});

test('no text is empty, and Russian texts are in Cyrillic', () => {
  for (const dictionary of [en, ru])
    assert.deepEqual(
      textsIn(dictionary).filter((text) => text.trim() === ''),
      [],
    );
  assert.deepEqual(
    textsIn(en).filter((text) => /\p{Script=Cyrillic}/u.test(text)),
    [],
  );
  const latin = textsIn(ru).filter((text) => !/\p{Script=Cyrillic}/u.test(text) && /\p{L}/u.test(text));
  // The texts that may be in Latin letters: names, and the lifelines of the sequence diagram.
  const known = ['RU', 'API', 'User', 'Book', 'Event', 'Account'];
  assert.deepEqual(
    latin.filter((text) => !known.includes(text)),
    [],
  );
});

test('plurals follow the number', () => {
  const forms = (locale: string, words: Parameters<ReturnType<typeof pluralOf>>[1]) =>
    [0, 1, 2, 5, 11, 21, 22, 111, 1_000].map((count) => pluralOf(locale)(count, words));
  assert.deepEqual(forms('en', { one: 'slot', other: 'slots' }), [
    'slots',
    'slot',
    ...Array.from({ length: 7 }, () => 'slots'),
  ]);
  assert.deepEqual(forms('ru', { one: 'место', few: 'места', many: 'мест' }), [
    'мест',
    'место',
    'места',
    'мест',
    'мест',
    'место',
    'места',
    'мест',
    'мест',
  ]);
});
