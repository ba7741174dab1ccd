import type { FastifyReply, FastifyRequest } from 'fastify';
import { LruMap } from 'toad-cache';
import { TooManyRequests, Unauthenticated } from '../../platform/errors.ts';
import { addressBucket } from '../../platform/http/edge/client-address.ts';
import type { LoginRates } from '../../platform/http/edge/edge.ts';
import type { Rate } from '../../platform/http/edge/rate-meter.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { loginKey, tokenHash } from '../credentials.ts';
import type { Attempt, AttemptsStore } from './store.ts';

/** The cookie by which a browser is known again that somebody has signed in with. It opens nothing. */
const deviceCookie = 'device_id';
/** A place where a person was not seen for so long is a stranger's again, in milliseconds. */
const rememberMs = 180 * 24 * 60 * 60 * 1_000;
/** How often each process clears away what is old, in milliseconds, and how much of it at once. */
const sweepMs = 60_000;
const sweptAtMost = 1_000;
/**
 * Of so many keys it is known here that they have nothing left, and for so long, in milliseconds: those who have it may
 * get in, and give it back.
 */
const mostSpent = 100_000;
const spentMs = 1_000;

/** Something that is counted. */
interface Counted {
  readonly key: Buffer;
  readonly rate: Rate;
}

/** What is attempted, and by whom. */
interface Attempted {
  readonly counted: readonly Counted[];
  /** Where somebody is known from then on, if it succeeds. */
  readonly places: readonly Buffer[];
  /** Whether attempts stay counted that succeed. */
  readonly keepsAll?: boolean;
  /** What its browser is known by. */
  readonly device?: string;
}

/** An attempt that was let in. */
export interface Entry {
  /**
   * Waits for what was attempted. Of logins only a wrong password stays counted: whoever gets in has nothing to be
   * reproached with, and whom we could not serve neither.
   */
  over<Result>(work: Promise<Result>): Promise<Result>;
  /** Knows this browser again from now on. */
  remember(reply: FastifyReply): void;
}

/** How often passwords may be tried and people registered. */
export interface Attempts {
  /** @throws TooManyRequests before anything is looked up or hashed. */
  logIn(request: FastifyRequest, login: string): Promise<Entry>;
  /** @throws TooManyRequests */
  register(request: FastifyRequest, login: string): Promise<Entry>;
}

const free: Entry = { over: (work) => work, remember: () => {} };

/** Lets everybody try as often as they like. */
export const unlimited: Attempts = { logIn: async () => free, register: async () => free };

/**
 * Counts attempts so that a password can't be guessed, and that no stranger locks a person out by guessing: from a place
 * where the person was let in before, be it a browser or an address, attempts count for that place alone. All others are
 * strangers, and count by account and address, by account from everywhere together, and by address for all accounts.
 * docs/decisions/attempts.md says why so.
 */
export function limitAttempts(store: AttemptsStore, rates: LoginRates, world: World, log: Logger): Attempts {
  const spent = new LruMap<{ readonly until: number; readonly endsAt: number }>(mostSpent);
  let sweptAt = Number.NEGATIVE_INFINITY;

  function refuseSpent(counted: readonly Counted[]): void {
    const now = world.now();
    const known = counted.map(({ key }) => spent.get(key.toString('base64'))).filter((each) => each !== undefined);
    const endsAt = Math.max(...known.filter(({ until }) => until > now).map((each) => each.endsAt));
    if (endsAt > now) throw tooMany(endsAt - now);
  }

  /** @returns the places that were taken. An attempt that is refused keeps none: it looked at no password. */
  async function take(counted: readonly Counted[]): Promise<Attempt[]> {
    refuseSpent(counted);
    const now = world.now();
    const wanted = counted.map(({ key, rate }) => ({ key, endsAt: new Date(now + rate.windowMs) }));
    const counts = await store.count(wanted, new Date(now));
    const taken = wanted.map(({ key, endsAt }, at) => ({ key, endsAt: counts[at]?.endsAt ?? endsAt }));
    // By its own numbers alone: a later one may have spent the rest before this one is told of its place.
    const over = taken.filter((_, at) => (counts[at]?.count ?? 0) > (counted[at]?.rate.count ?? 0));
    if (over.length === 0) return taken;
    for (const { key, endsAt } of over)
      spent.set(key.toString('base64'), { until: now + spentMs, endsAt: endsAt.getTime() });
    await store.takeBack(taken).catch((err) => log.warn({ err }, 'a refused attempt could not be taken back'));
    throw tooMany(Math.max(...over.map(({ endsAt }) => endsAt.getTime())) - now);
  }

  async function sweep(): Promise<void> {
    const now = world.now();
    if (now - sweptAt < sweepMs) return;
    sweptAt = now;
    await store.dropOld(new Date(now), new Date(now - rememberMs), sweptAtMost);
  }

  async function enter({ counted, places, keepsAll = false, device }: Attempted): Promise<Entry> {
    await sweep();
    const taken = await take(counted);
    const takeBack = async () => {
      if (!keepsAll) await store.takeBack(taken);
    };
    return {
      async over(work) {
        const result = await work.catch(async (error) => {
          if (!(error instanceof Unauthenticated)) await takeBack().catch(() => {});
          throw error;
        });
        // It is done, and stays so: that this can't be noted must not be its answer.
        await takeBack()
          .then(() => store.remember(places, new Date(world.now())))
          .catch((err) => log.warn({ err }, 'an attempt that succeeded could not be noted'));
        return result;
      },
      remember(reply) {
        if (device === undefined) return;
        const secure = reply.request.protocol === 'https';
        const manner = { path: '/login', httpOnly: true, sameSite: 'strict', secure } as const;
        reply.setCookie(deviceCookie, device, { ...manner, maxAge: rememberMs / 1_000 });
      },
    };
  }

  return {
    async logIn(request, login) {
      const account = loginKey(login);
      const address = addressBucket(request.ip);
      const sent = request.cookies[deviceCookie] ?? '';
      const [byDevice, byAddress] = [bucketOf('device', account, sent), bucketOf('address', account, address)];
      const strangers: readonly Counted[] = [
        { key: bucketOf('tries', account, address), rate: rates.login },
        { key: bucketOf('strangers', account), rate: rates.loginAccount },
        { key: bucketOf('guesses', address), rate: rates.loginAddress },
      ];
      const since = new Date(world.now() - rememberMs);
      const [isDevice = false, isAddress = false] = await store.areKnown([byDevice, byAddress], since);
      const own = (place: Buffer) => [{ key: bucketOf('own', account, place.toString('base64')), rate: rates.login }];
      const counted = isDevice ? own(byDevice) : isAddress ? own(byAddress) : strangers;
      const device = isDevice ? sent : world.uuid();
      return enter({ counted, places: [bucketOf('device', account, device), byAddress], device });
    },
    register(request, login) {
      const [account, address] = [loginKey(login), addressBucket(request.ip)];
      const counted: readonly Counted[] = [
        { key: bucketOf('registers', address), rate: rates.register },
        { key: bucketOf('registered', account, address), rate: rates.login },
      ];
      return enter({ counted, places: [bucketOf('address', account, address)], keepsAll: true });
    },
  };
}

/** The parts can't run into each other: a login holds no zero byte, nor does what else there is. */
const bucketOf = (...parts: readonly string[]) => tokenHash(parts.join('\0'));

function tooMany(resetMs: number): TooManyRequests {
  return new TooManyRequests('There were too many attempts. Try again later.', Math.ceil(resetMs / 1_000));
}
