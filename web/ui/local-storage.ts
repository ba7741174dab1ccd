/** What a browser keeps between visits: a language, a theme. Where it keeps nothing, each visit begins anew. */
export type Keepsake = 'language' | 'theme';

export function kept(name: Keepsake): string | undefined {
  try {
    return localStorage.getItem(`startlist.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param value nothing to forget it. */
export function keep(name: Keepsake, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`startlist.${name}`);
    else localStorage.setItem(`startlist.${name}`, value);
  } catch {
    // The browser keeps nothing for us: the choice lasts as long as the page.
  }
}
