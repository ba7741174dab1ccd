import { signal } from '@preact/signals';
import { account, organizing, people } from '../api/api.ts';
import { onUnauthenticated, Refused } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { currency } from '../words/format.ts';

/** The signed-in person; `null` if there is none, `undefined` until the server has responded. */
export const me = signal<Me | null | undefined>(undefined);

/** Whether the person helps with the event of an organizer, without the role of an organizer. */
export const isHelper = signal(false);

export const balance = signal<number | undefined>(undefined);

/** Reads who is signed in. Retries every 2 s until the server responds. */
export async function readSession(): Promise<void> {
  try {
    me.value = await people.me();
    void readBalance();
    void readHelper();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) me.value = null;
    else setTimeout(() => void readSession(), 2_000);
  }
}

async function readHelper(): Promise<void> {
  const own = mayOrganize(me.value) ? undefined : await organizing.mine(0).catch(() => undefined);
  isHelper.value = (own?.items.length ?? 0) > 0;
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
  isHelper.value = false;
}

onUnauthenticated(forget);

export const mayOrganize = (person: Me | null | undefined) => person?.role === 'organizer' || person?.role === 'admin';
export const mayOperate = (person: Me | null | undefined) => person?.role === 'admin';
