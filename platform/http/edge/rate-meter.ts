import { makeValidator } from 'envalid';
import { LruMap } from 'toad-cache';
import type { World } from '../../world.ts';

/** A limit of `count` requests in a window of `windowMs`. A window begins with its first request. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a rate in a setting. `600/1m` means 600 in one minute; the units are `s`, `m`, `h` and `d`. */
export const rate = makeValidator<Rate>((text) => {
  const [, count, units, unit = ''] = /^(\d{1,9})\/(\d{1,4})([smhd])$/.exec(text) ?? [];
  const windowMs = Number(units) * (unitsMs[unit] ?? 0);
  if (Number(count) > 0 && windowMs > 0) return { count: Number(count), windowMs };
  throw new Error(`must look like 600/1m, which is 600 times a minute (s, m, h, d), not ${JSON.stringify(text)}`);
});

/** The use of a rate in the current window. */
export interface Use {
  readonly rate: Rate;
  /** The number of requests in this window, rejected ones included. */
  readonly used: number;
  /** Milliseconds until the window ends. */
  readonly resetMs: number;
}

/** Counts requests in the memory of this process. A bucket is what a rate applies to: a person or an address. */
export interface RateMeter<Bucket> {
  /** Counts one more request. The rate is exceeded when `used` is above `rate.count`. */
  count(bucket: Bucket): Use;
  /** Returns the use without counting a request. */
  read(bucket: Bucket): Use;
}

/** The maximum number of buckets in memory; the least recently used one is evicted. */
const mostKept = 100_000;

export function rateMeter<Bucket extends string | number>(rate: Rate, world: World): RateMeter<Bucket> {
  const windows = new LruMap<{ used: number; readonly endsAt: number }>(mostKept);

  function open(bucket: Bucket, now: number) {
    const window = windows.get(bucket);
    return window !== undefined && window.endsAt > now ? window : undefined;
  }

  return {
    count(bucket) {
      const now = world.now();
      const window = open(bucket, now) ?? { used: 0, endsAt: now + rate.windowMs };
      if (window.used === 0) windows.set(bucket, window);
      window.used += 1;
      return { rate, used: window.used, resetMs: window.endsAt - now };
    },
    read(bucket) {
      const now = world.now();
      const { used, endsAt } = open(bucket, now) ?? { used: 0, endsAt: now };
      return { rate, used, resetMs: endsAt - now };
    },
  };
}

/**
 * Formats the headers `RateLimit` and `RateLimit-Policy`; `name` identifies the rate in both.
 * Source: https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-10.html
 */
export function rateHeaders(name: string, { rate: { count, windowMs }, used, resetMs }: Use) {
  return {
    'ratelimit-policy': `"${name}";q=${count};w=${windowMs / 1_000}`,
    ratelimit: `"${name}";r=${Math.max(0, count - used)};t=${Math.ceil(resetMs / 1_000)}`,
  };
}
