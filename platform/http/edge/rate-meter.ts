import { makeValidator } from 'envalid';
import { LruMap } from 'toad-cache';
import type { World } from '../../world.ts';

/** How often something may happen: so many times in each window, which begins with the first of them. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A rate as an operator writes it: `600/1m` is 600 times a minute; `s`, `m`, `h` and `d` are known. */
export const rate = makeValidator<Rate>((text) => {
  const [, count, units, unit = ''] = /^(\d{1,9})\/(\d{1,4})([smhd])$/.exec(text) ?? [];
  const windowMs = Number(units) * (unitsMs[unit] ?? 0);
  if (Number(count) > 0 && windowMs > 0) return { count: Number(count), windowMs };
  throw new Error(`must look like 600/1m, which is 600 times a minute (s, m, h, d), not ${JSON.stringify(text)}`);
});

/** How far somebody has used a rate. */
export interface Use {
  readonly rate: Rate;
  /** How often they asked in this window, those times that were too many included. */
  readonly used: number;
  /** Until the window ends and all is free again, in milliseconds. */
  readonly resetMs: number;
}

/** Counts how often each of many asked, in the memory of this process. */
export interface RateMeter<Key> {
  /** Counts one more time. It was too many when more was used than the rate allows. */
  count(key: Key): Use;
  /** The same without counting. */
  look(key: Key): Use;
}

/** Of so many it is known how often they asked: those beyond push out whoever asked least recently. */
const mostKept = 100_000;

/** A meter that begins a window with whoever's first time, and forgets it when it has ended. */
export function rateMeter<Key extends string | number>(rate: Rate, world: World): RateMeter<Key> {
  const windows = new LruMap<{ used: number; readonly endsAt: number }>(mostKept);

  function open(key: Key, now: number) {
    const window = windows.get(key);
    return window !== undefined && window.endsAt > now ? window : undefined;
  }

  return {
    count(key) {
      const now = world.now();
      const window = open(key, now) ?? { used: 0, endsAt: now + rate.windowMs };
      if (window.used === 0) windows.set(key, window);
      window.used += 1;
      return { rate, used: window.used, resetMs: window.endsAt - now };
    },
    look(key) {
      const now = world.now();
      const { used, endsAt } = open(key, now) ?? { used: 0, endsAt: now };
      return { rate, used, resetMs: endsAt - now };
    },
  };
}

/**
 * The headers that tell of a rate by its name.
 * Source: https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-10.html
 */
export function rateHeaders(name: string, { rate: { count, windowMs }, used, resetMs }: Use) {
  return {
    'ratelimit-policy': `"${name}";q=${count};w=${windowMs / 1_000}`,
    ratelimit: `"${name}";r=${Math.max(0, count - used)};t=${Math.ceil(resetMs / 1_000)}`,
  };
}
