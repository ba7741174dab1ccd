import { effect, signal } from '@preact/signals';
import { readSetting, saveSetting } from '../local-storage.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** `auto` follows the system. */
export const theme = signal<Theme>(themes.find((each) => each === readSetting('theme')) ?? 'auto');

export function nextTheme(): void {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'auto';
  saveSetting('theme', next === 'auto' ? undefined : next);
  theme.value = next;
}

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'auto') delete dataset.theme;
  else dataset.theme = theme.value;
});
