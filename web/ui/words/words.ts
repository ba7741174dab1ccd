import { computed, effect, signal } from '@preact/signals';
import { readSetting, saveSetting } from '../local-storage.ts';
import { en } from './en/en.ts';
import { ru } from './ru/ru.ts';

export const dictionaries = { en, ru } as const;
export type Language = keyof typeof dictionaries;

/** What was chosen, or else the first of the browser's languages that there are words in. */
function firstLanguage(): Language {
  const wanted = [readSetting('language'), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((tag): tag is Language => tag !== undefined && tag in dictionaries) ?? 'en';
}

export const language = signal<Language>(firstLanguage());

/** All texts, in the language of the moment: whatever reads them is drawn again when it changes. */
export const words = computed(() => dictionaries[language.value]);

/** A state of a booking in a word; its own name where a newer Startlist has one that there is none for. */
export const stateWord = (state: string): string => {
  const { states } = words.value;
  return states[state as keyof typeof states] ?? state;
};

export function setLanguage(chosen: Language): void {
  saveSetting('language', chosen);
  language.value = chosen;
}

effect(() => {
  document.documentElement.lang = language.value;
});
