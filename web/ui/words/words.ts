import { computed, effect, signal } from '@preact/signals';
import { readSetting, saveSetting } from '../local-storage.ts';
import { en } from './en/en.ts';
import { ru } from './ru/ru.ts';

export const dictionaries = { en, ru } as const;
export type Language = keyof typeof dictionaries;

/** The chosen language, or else the browser's first supported one. */
function firstLanguage(): Language {
  const wanted = [readSetting('language'), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((tag): tag is Language => tag !== undefined && tag in dictionaries) ?? 'en';
}

export const language = signal<Language>(firstLanguage());

/** All texts in the current language. A signal: components that read it render again when the language changes. */
export const words = computed(() => dictionaries[language.value]);

/** The word for a state; its own name if a newer server has an unknown one. */
export const stateWord = (state: string): string => {
  const { states } = words.value;
  return states[state as keyof typeof states] ?? state;
};

interface ReasonText {
  readonly short: string;
  readonly head: string;
  readonly hint: string;
}

/** The texts for the reason of a refusal or cancellation; an unknown one of a newer server is shown as it is. */
export function reasonText(reason = 'undone'): ReasonText {
  const { reasons, otherReason, otherHint } = words.value.outcome;
  if (Object.hasOwn(reasons, reason)) return reasons[reason as keyof typeof reasons];
  return { short: reason, head: otherReason(reason), hint: otherHint };
}

export function setLanguage(chosen: Language): void {
  saveSetting('language', chosen);
  language.value = chosen;
}

effect(() => {
  document.documentElement.lang = language.value;
});
