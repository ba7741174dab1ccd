import { signal } from '@preact/signals';
import { account, people } from '../api/api.ts';
import { onUnauthenticated, Refused } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { currency } from '../words/format.ts';

/** The signed-in person; `null` if there is none, `undefined` until the server has responded. */
export const me = signal<Me | null | undefined>(undefined);

export const balance = signal<number | undefined>(undefined);

/** Reads who is signed in. Retries every 2 s until the server responds. */
export async function readSession(): Promise<void> {
  try {
    me.value = await people.me();
    void readBalance();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) me.value = null;
    else setTimeout(() => void readSession(), 2_000);
  }
}

export async function readBalance(): Promise<void> {
  if (!me.value) return;
  balance.value = await account.balance().catch(() => balance.value);
}

/** Reads the currency. Retries every 2 s until the server responds. */
export async function readCurrency(): Promise<void> {
  try {
    currency.value = await account.currency();
  } catch {
    setTimeout(() => void readCurrency(), 2_000);
  }
}

export async function signOut(): Promise<void> {
  await people.signOut();
  forget();
}

function forget(): void {
  me.value = null;
  balance.value = undefined;
}

onUnauthenticated(forget);

export const mayOrganize = (person: Me | null | undefined) => person?.role === 'organizer' || person?.role === 'admin';
export const mayOperate = (person: Me | null | undefined) => person?.role === 'admin';
