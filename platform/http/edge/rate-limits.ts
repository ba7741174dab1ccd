import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LruMap } from 'toad-cache';
import { TooManyRequests } from '../../errors.ts';
import type { World } from '../../world.ts';
import { readCredential } from '../sessions.ts';
import { addressBucket } from './client-address.ts';
import { type Rate, rateHeaders, rateMeter, type Use } from './rate-meter.ts';

/** How often somebody may ask this process. */
export interface Rates {
  /** Whoever is signed in, wherever they are. */
  readonly person: Rate;
  /** All others, by their address: of IPv6 by its first 64 bits, for a household has as many as that. */
  readonly address: Rate;
}

/** Of so many sessions it is known whose they are; those beyond push out the ones that asked least recently. */
const mostKnown = 100_000;
/** For how long it is known for sure who stands behind a session or token, in milliseconds. */
const knownMs = 60_000;

/** Those who balance ask these again and again, and the answers cost nothing. */
const free = new Set<string | undefined>(['/health', '/ready']);

/** Whose a session or token was when it was looked up, and until when that is sure. */
interface Known {
  readonly personId: number;
  readonly until: number;
}

/**
 * Keeps each person and each address to a rate. Who somebody is turns out only when a route looks the session up; so
 * the first time the address must have something left, and is charged when the session stands for nobody or nobody
 * looked. From then on the person is known by the session and charged before anything is looked up. A stranger who
 * invents sessions is charged for each, and a person who is known here is not kept out by strangers at the same address.
 *
 * A session may end, so after a minute it is no longer sure whose it is, and the next look says. Until then it is good
 * for as much as a person may ask where the address has nothing left, counted apart: whoever has a session that has
 * ended uses up nothing of its person's, and where somebody looks loses it at once.
 */
export function limitRates(server: FastifyInstance, rates: Rates, world: World): void {
  const known = new LruMap<Known>(mostKnown);
  const persons = rateMeter<number>(rates.person, world);
  const doubted = rateMeter<number>(rates.person, world);
  const addresses = rateMeter<string>(rates.address, world);
  server.decorateRequest('identified', null);

  /** Settles who pays for a request when it is looked up whose it is, or when it has gone without. */
  function chargeLater(request: FastifyRequest, reply: FastifyReply, key: string, address: string): void {
    const charge = () => void addresses.count(address);
    request.identified = (personId) => {
      request.identified = null;
      if (personId === undefined) {
        known.delete(key);
        return charge();
      }
      known.set(key, { personId, until: world.now() + knownMs });
      persons.count(personId);
    };
    reply.raw.once('close', () => request.identified !== null && charge());
  }

  function admitUnsure(request: FastifyRequest, reply: FastifyReply, key: string, was: Known | undefined): void {
    const address = addressBucket(request.ip);
    const use = addresses.look(address);
    if (use.used >= use.rate.count) {
      if (was === undefined) keep(reply, 'address', { ...use, used: use.used + 1 });
      else keep(reply, 'person', doubted.count(was.personId));
    }
    chargeLater(request, reply, key, address);
  }

  function admit(request: FastifyRequest, reply: FastifyReply): void {
    const key = readCredential(request);
    const person = key === undefined ? undefined : known.get(key);
    if (key === undefined) keep(reply, 'address', addresses.count(addressBucket(request.ip)));
    else if (person !== undefined && person.until > world.now()) keep(reply, 'person', persons.count(person.personId));
    else admitUnsure(request, reply, key, person);
  }

  server.addHook('onRequest', (request, reply, done) => {
    if (free.has(request.raw.url)) return done();
    try {
      admit(request, reply);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Tells how much is left, and refuses where nothing was. */
function keep(reply: FastifyReply, name: string, use: Use): void {
  reply.headers(rateHeaders(name, use));
  if (use.used > use.rate.count) throw tooMany(use);
}

function tooMany({ resetMs }: Use): TooManyRequests {
  return new TooManyRequests('You ask more often than is allowed here.', Math.ceil(resetMs / 1_000));
}
