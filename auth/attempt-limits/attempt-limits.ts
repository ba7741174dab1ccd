import type { FastifyReply, FastifyRequest } from 'fastify';
import { LruMap } from 'toad-cache';
import { TooManyRequests, Unauthenticated } from '../../platform/errors.ts';
import { addressBucket } from '../../platform/http/edge/client-address.ts';
import type { LoginRates } from '../../platform/http/edge/edge.ts';
import type { Rate } from '../../platform/http/edge/rate-meter.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { loginKey, tokenHash } from '../credentials.ts';
import type { AttemptStore, AttemptWindow } from './store.ts';

/** The cookie that identifies a browser in which a person has signed in. It grants nothing. */
const deviceCookie = 'device_id';
/** A known place (a browser or an address) is forgotten after this time without a login, in milliseconds. */
const rememberMs = 180 * 24 * 60 * 60 * 1_000;
/** The interval at which each process deletes old rows, in milliseconds. */
const cleanUpEveryMs = 60_000;
/** The maximum number of rows deleted from each table at once. */
const maxCleanedUp = 1_000;
/** The maximum number of exhausted windows that each process remembers. */
const maxExhausted = 100_000;
/** How long an exhausted window is remembered, in milliseconds. Short, because a success lowers the count again. */
const exhaustedMs = 1_000;

/** A window in which attempts are counted, and its limit. */
interface Limit {
  readonly key: Buffer;
  readonly rate: Rate;
}

/** An attempt to be counted. */
interface CountedAttempt {
  readonly limits: readonly Limit[];
  /** The places (browser and address) that become known when the attempt succeeds. */
  readonly places: readonly Buffer[];
  /** Whether the attempt stays counted even when it does not end with a wrong password. */
  readonly countsSuccess?: boolean;
  /** The id of the browser. */
  readonly device?: string;
}

/** An attempt within the limits. */
export interface Attempt {
  /**
   * Waits for the work of the attempt. A login stays counted only if its password was wrong; after any other result it
   * is subtracted again. A registration always stays counted.
   */
  settle<Result>(work: Promise<Result>): Promise<Result>;
  /** Sets the cookie that makes this browser a known place. */
  rememberDevice(reply: FastifyReply): void;
}

/** Limits on password attempts and on registrations. */
export interface AttemptLimits {
  /** @throws TooManyRequests before the person is read or a password is hashed. */
  logIn(request: FastifyRequest, login: string): Promise<Attempt>;
  /** @throws TooManyRequests */
  register(request: FastifyRequest, login: string): Promise<Attempt>;
}

const unlimited: Attempt = { settle: (work) => work, rememberDevice: () => {} };

/** Allows any number of attempts. */
export const noAttemptLimits: AttemptLimits = { logIn: async () => unlimited, register: async () => unlimited };

/**
 * Limits attempts, so that passwords cannot be guessed and a stranger cannot lock a person out by guessing. An attempt
 * from a known place (a browser or an address from which the person has signed in) is counted for that place only. Any
 * other attempt is counted three times: for the account and address, for the account from all addresses, and for the
 * address across all accounts. docs/decisions/attempts.md explains why.
 */
export class AttemptLimiter implements AttemptLimits {
  readonly #store: AttemptStore;
  readonly #rates: LoginRates;
  readonly #world: World;
  readonly #log: Logger;
  /** Windows whose limit has been reached. */
  readonly #exhausted = new LruMap<{ readonly until: number; readonly endsAt: number }>(maxExhausted);
  #cleanedUpAt = Number.NEGATIVE_INFINITY;

  constructor(store: AttemptStore, rates: LoginRates, world: World, log: Logger) {
    this.#store = store;
    this.#rates = rates;
    this.#world = world;
    this.#log = log;
  }

  async logIn(request: FastifyRequest, login: string): Promise<Attempt> {
    const account = loginKey(login);
    const address = addressBucket(request.ip);
    const sent = request.cookies[deviceCookie] ?? '';
    const [byDevice, byAddress] = [bucketOf('device', account, sent), bucketOf('address', account, address)];
    const since = new Date(this.#world.now() - rememberMs);
    const [isDevice = false, isAddress = false] = await this.#store.areKnown([byDevice, byAddress], since);
    const { login: rate, loginAccount, loginAddress } = this.#rates;
    const ofPlace = (place: Buffer) => [{ key: bucketOf('own', account, place.toString('base64')), rate }];
    const ofStrangers: readonly Limit[] = [
      { key: bucketOf('tries', account, address), rate },
      { key: bucketOf('strangers', account), rate: loginAccount },
      { key: bucketOf('guesses', address), rate: loginAddress },
    ];
    const limits = isDevice ? ofPlace(byDevice) : isAddress ? ofPlace(byAddress) : ofStrangers;
    const device = isDevice ? sent : this.#world.uuid();
    return this.#count({ limits, places: [bucketOf('device', account, device), byAddress], device });
  }

  register(request: FastifyRequest, login: string): Promise<Attempt> {
    const [account, address] = [loginKey(login), addressBucket(request.ip)];
    const limits: readonly Limit[] = [
      { key: bucketOf('registers', address), rate: this.#rates.register },
      { key: bucketOf('registered', account, address), rate: this.#rates.login },
    ];
    return this.#count({ limits, places: [bucketOf('address', account, address)], countsSuccess: true });
  }

  async #count({ limits, places, countsSuccess = false, device }: CountedAttempt): Promise<Attempt> {
    await this.#cleanUp();
    const taken = await this.#take(limits);
    const giveBack = async () => {
      if (!countsSuccess) await this.#store.takeBack(taken);
    };
    return {
      settle: async (work) => {
        const result = await work.catch(async (error) => {
          if (!(error instanceof Unauthenticated)) await giveBack().catch(() => {});
          throw error;
        });
        // The work is committed, so an error while updating the attempt limits must not fail the request.
        await giveBack()
          .then(() => this.#store.remember(places, new Date(this.#world.now())))
          .catch((err) => this.#log.warn({ err }, 'could not update the attempt counters after a successful attempt'));
        return result;
      },
      rememberDevice(reply) {
        if (device === undefined) return;
        const secure = reply.request.protocol === 'https';
        const options = { path: '/login', httpOnly: true, sameSite: 'strict', secure } as const;
        reply.setCookie(deviceCookie, device, { ...options, maxAge: rememberMs / 1_000 });
      },
    };
  }

  /**
   * Counts an attempt in its windows. An attempt above a limit is subtracted again, because no password was compared.
   * @returns the windows. @throws TooManyRequests
   */
  async #take(limits: readonly Limit[]): Promise<AttemptWindow[]> {
    this.#refuseExhausted(limits);
    const now = this.#world.now();
    const wanted = limits.map(({ key, rate }) => ({ key, endsAt: new Date(now + rate.windowMs) }));
    const counts = await this.#store.count(wanted, new Date(now));
    const taken = wanted.map(({ key, endsAt }, at) => ({ key, endsAt: counts[at]?.endsAt ?? endsAt }));
    // Uses the counts returned for this attempt, not the current ones, which may include later attempts.
    const over = taken.filter((_, at) => (counts[at]?.count ?? 0) > (limits[at]?.rate.count ?? 0));
    if (over.length === 0) return taken;
    for (const { key, endsAt } of over)
      this.#exhausted.set(key.toString('base64'), { until: now + exhaustedMs, endsAt: endsAt.getTime() });
    await this.#store
      .takeBack(taken)
      .catch((err) => this.#log.warn({ err }, 'could not subtract a rejected attempt from the attempt limits'));
    throw tooMany(Math.max(...over.map(({ endsAt }) => endsAt.getTime())) - now);
  }

  #refuseExhausted(limits: readonly Limit[]): void {
    const now = this.#world.now();
    const known = limits.map(({ key }) => this.#exhausted.get(key.toString('base64'))).filter((w) => w !== undefined);
    const endsAt = Math.max(...known.filter(({ until }) => until > now).map((window) => window.endsAt));
    if (endsAt > now) throw tooMany(endsAt - now);
  }

  async #cleanUp(): Promise<void> {
    const now = this.#world.now();
    if (now - this.#cleanedUpAt < cleanUpEveryMs) return;
    this.#cleanedUpAt = now;
    await this.#store.dropOld(new Date(now), new Date(now - rememberMs), maxCleanedUp);
  }
}

/** The key of a window or place: a hash of its parts, separated by a zero byte, which no part contains. */
const bucketOf = (...parts: readonly string[]) => tokenHash(parts.join('\0'));

function tooMany(resetMs: number): TooManyRequests {
  const seconds = Math.ceil(resetMs / 1_000);
  return new TooManyRequests(`Too many attempts. Try again in ${seconds} s.`, seconds);
}
