import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LruMap } from 'toad-cache';
import { addressKey } from './address.ts';
import { TooManyRequests } from './errors.ts';
import { type Rate, rateHeaders, rateMeter, type Use } from './rate.ts';
import { keyOf } from './session.ts';
import type { World } from './world.ts';

/** How often somebody may ask this process. */
export interface Rates {
  /** Whoever is signed in, wherever they are. */
  readonly person: Rate;
  /** All others, by their address: of IPv6 by its first 64 bits, for a household has as many as that. */
  readonly address: Rate;
}

/** Of so many sessions it is known whose they are; those beyond push out the ones that asked least recently. */
const mostKnown = 100_000;
/** For how long it is known who stands behind a session or token, in milliseconds. */
const knownMs = 60_000;

/** Those who balance ask these again and again, and the answers cost nothing. */
const free = new Set<string | undefined>(['/health', '/ready']);

/**
 * Keeps each person and each address to a rate. Who somebody is turns out only when a route looks the session up; so
 * the first time the address must have something left, and is charged when the session stands for nobody or nobody
 * looked. From then on the person is known by the session and charged before anything is looked up. A stranger who
 * invents sessions is charged for each, and a person is not kept out by strangers at the same address.
 */
export function limitRates(server: FastifyInstance, rates: Rates, world: World): void {
  const known = new LruMap<{ readonly personId: number; readonly until: number }>(mostKnown);
  const persons = rateMeter<number>(rates.person, world);
  const addresses = rateMeter<string>(rates.address, world);
  server.decorateRequest('identified', null);

  function admitUnknown(request: FastifyRequest, reply: FastifyReply, key: string): void {
    const address = addressKey(request.ip);
    const use = addresses.look(address);
    if (use.used >= use.rate.count) keep(reply, 'address', { ...use, used: use.used + 1 });
    const charge = () => void addresses.count(address);
    request.identified = (personId) => {
      request.identified = null;
      if (personId === undefined) return charge();
      known.set(key, { personId, until: world.now() + knownMs });
      persons.count(personId);
    };
    reply.raw.once('close', () => request.identified !== null && charge());
  }

  function admit(request: FastifyRequest, reply: FastifyReply): void {
    const key = keyOf(request);
    const person = key === undefined ? undefined : known.get(key);
    if (person !== undefined && person.until > world.now()) {
      keep(reply, 'person', persons.count(person.personId));
    } else if (key !== undefined) {
      admitUnknown(request, reply, key);
    } else {
      keep(reply, 'address', addresses.count(addressKey(request.ip)));
    }
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
