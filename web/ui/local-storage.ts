/** A setting stored in the browser. Without local storage it lasts as long as the page. */
export type Setting = 'language' | 'theme';

export function readSetting(name: Setting): string | undefined {
  try {
    return localStorage.getItem(`startlist.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores a setting; undefined removes it. */
export function saveSetting(name: Setting, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`startlist.${name}`);
    else localStorage.setItem(`startlist.${name}`, value);
  } catch {
    // The browser blocks local storage, so the setting lasts as long as the page.
  }
}
