import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LruMap } from 'toad-cache';
import { entry } from '../../collections.ts';
import { TooManyRequests } from '../../errors.ts';
import type { World } from '../../world.ts';
import { readCredential } from '../sessions.ts';
import { addressBucket } from './client-address.ts';
import { type Rate, rateHeaders, rateMeter, type Use } from './rate-meter.ts';

/** The rates at which clients may send requests to this process. */
export interface Rates {
  /** The rate of each signed-in person, from all addresses together. */
  readonly person: Rate;
  /** The rate of each address, for all other requests. An IPv6 address counts as its /64 network. */
  readonly address: Rate;
}

/** The maximum number of credentials whose person is remembered; the least recently used one is evicted. */
const mostKnown = 100_000;
/** The time for which a credential counts as its person's without another look-up, in milliseconds. */
const knownMs = 60_000;

/** The paths without a limit: load balancers poll them all the time, and the responses cost almost nothing. */
const unlimitedPaths = new Set<string | undefined>(['/health', '/ready']);

/** The person of a credential at its last look-up, and the time until which this is trusted. */
interface Known {
  readonly personId: number;
  readonly untilMs: number;
}

/**
 * Limits the request rate of each person and each address.
 *
 * A credential is resolved only inside a route. So the first request with a credential is admitted if its address has
 * not used up its rate. The request is charged later: when its response has ended, or at the next request with the same
 * credential, if the credential was resolved by then. It is charged to the person, or to the address when the
 * credential was invalid or never resolved. Later requests with the credential are charged to the person before any
 * look-up. So a client that invents credentials is charged for each of them, and cannot lock out a known person at the
 * same address.
 *
 * A session can end, so after a minute another look-up must confirm its person. Until then, if the address has used up
 * its rate, a request with the credential is charged to the person in a separate meter. So an ended session uses up
 * nothing of its person's own rate, and is forgotten at the first look-up.
 */
export function limitRates(server: FastifyInstance, rates: Rates, world: World): void {
  const limiter = new RateLimiter(rates, world);
  server.addHook('onRequest', (request, reply, done) => {
    if (unlimitedPaths.has(request.raw.url)) return done();
    try {
      limiter.admit(request, reply);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  server.addHook('onResponse', (request, _reply, done) => {
    limiter.charge(request, true);
    done();
  });
}

class RateLimiter {
  readonly #world: World;
  readonly #known = new LruMap<Known>(mostKnown);
  /** The requests that were admitted before their credential was resolved and are not charged yet, by credential. */
  readonly #unsure = new Map<string, Set<FastifyRequest>>();
  readonly #persons;
  readonly #unconfirmed;
  readonly #addresses;

  constructor(rates: Rates, world: World) {
    this.#world = world;
    this.#persons = rateMeter<number>(rates.person, world);
    this.#unconfirmed = rateMeter<number>(rates.person, world);
    this.#addresses = rateMeter<string>(rates.address, world);
  }

  /** Counts a request, or notes it to be charged later. @throws TooManyRequests when a rate is exceeded. */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    const credential = readCredential(request);
    // Earlier requests with the credential may still be open, such as live streams. They are charged now.
    if (credential !== undefined) for (const earlier of this.#unsure.get(credential) ?? []) this.charge(earlier);
    const known = credential === undefined ? undefined : this.#known.get(credential);
    if (credential === undefined) enforce(reply, 'address', this.#addresses.count(addressBucket(request.ip)));
    else if (known !== undefined && known.untilMs > this.#world.now())
      enforce(reply, 'person', this.#persons.count(known.personId));
    else this.#admitUnsure(request, reply, credential, known);
  }

  #admitUnsure(request: FastifyRequest, reply: FastifyReply, credential: string, known: Known | undefined): void {
    const use = this.#addresses.read(addressBucket(request.ip));
    if (use.used >= use.rate.count) {
      if (known === undefined) enforce(reply, 'address', { ...use, used: use.used + 1 });
      else enforce(reply, 'person', this.#unconfirmed.count(known.personId));
    }
    entry(this.#unsure, credential, () => new Set()).add(request);
  }

  /** Charges a request of `#unsure`, if its credential was resolved or its response has ended. */
  charge(request: FastifyRequest, hasEnded = false): void {
    // Nearly every request was charged when it was admitted. Its credential need not be read again at its end.
    if (this.#unsure.size === 0) return;
    const credential = readCredential(request);
    const unsure = credential === undefined ? undefined : this.#unsure.get(credential);
    const { personId } = request;
    if (credential === undefined || unsure?.has(request) !== true || (personId === undefined && !hasEnded)) return;
    unsure.delete(request);
    if (unsure.size === 0) this.#unsure.delete(credential);
    if (personId === null) this.#known.delete(credential);
    if (personId === undefined || personId === null) this.#addresses.count(addressBucket(request.ip));
    else {
      this.#known.set(credential, { personId, untilMs: this.#world.now() + knownMs });
      this.#persons.count(personId);
    }
  }
}

/** Reports the use of a rate limit in the response headers. @throws TooManyRequests when the rate is exceeded. */
function enforce(reply: FastifyReply, name: string, use: Use): void {
  reply.headers(rateHeaders(name, use));
  if (use.used <= use.rate.count) return;
  const retryAfterS = Math.ceil(use.resetMs / 1_000);
  throw new TooManyRequests(`Too many requests. Try again in ${retryAfterS} s.`, retryAfterS);
}
