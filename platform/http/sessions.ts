import type { FastifyRequest } from 'fastify';
import { batch } from '../batch.ts';
import { Forbidden, Unauthenticated } from '../errors.ts';
import type { World } from '../world.ts';
import { isSessionId, isToken } from './credentials.ts';

/** The cookie that carries a session's id. */
export const sessionCookie = 'session_id';

/** Whoever stands behind a session, or behind an API token: then it says what the token may be used for. */
export interface Signed {
  readonly id?: number;
  readonly scopes?: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever waits to learn who asks: told once a key was looked up, with nothing when it stands for nobody. */
    identified: ((personId: number | undefined) => void) | null;
  }
}

/** The scopes that there are, by the people who may have them. */
type ScopeOf<Person extends Signed> = NonNullable<Person['scopes']>[number];

/** What is asked for where a token of any scope will do. */
export const anyScope = '*';

/**
 * Answers a set of keys, session ids and API tokens alike, with their people, in the same order: `null` for a key that
 * stands for nobody. Throws Unavailable when it can't be found out: nothing was stored by asking.
 */
export type Resolve<Person extends Signed> = (keys: readonly string[]) => Promise<readonly (Person | null)[]>;

/**
 * Who stands behind a request: the session of its cookie, or the API token of `Authorization: Bearer …`, which is
 * believed before a cookie. Nothing else is; least of all a header such as `X-User-Id`.
 *
 * A session may do all that its person may, a token only what its scopes say. The definition of a route names the
 * scope that it takes; one that names none is for sessions alone.
 *
 *     const person = await sessions.require(request);
 */
export interface Sessions<Person extends Signed> {
  /**
   * `scope` is the one of the route's definition, unless another is given.
   * @returns nobody when the request has no key, or one that stands for nobody.
   * @throws Forbidden when its token lacks the scope; Unavailable when auth does not answer.
   */
  of(request: FastifyRequest, scope?: ScopeOf<Person> | typeof anyScope): Promise<Person | undefined>;
  /** @throws Unauthenticated when nobody is signed in, and whatever `of` throws. */
  require(request: FastifyRequest, scope?: ScopeOf<Person> | typeof anyScope): Promise<Person>;
  /** Drops what is remembered of a session or a token that has just ended here. */
  forget(key: string): void;
}

const bearer = /^bearer +/i;

/** For how long an answer is believed: a session that ended elsewhere stops working here after this time, in ms. */
const rememberMs = 1_000;
const rememberAtMost = 100_000;

/** Looks sessions and tokens up by sets, and remembers the answers for a second. */
export function createSessions<Person extends Signed>(world: World, resolveBatch: Resolve<Person>): Sessions<Person> {
  const ask = batch<string, Person | null>(world, { lanes: 2, maxBatch: 500 }, resolveBatch, 'session');
  const remembered = new Map<string, { person: Promise<Person | null>; until: number }>();

  function resolve(key: string): Promise<Person | null> {
    const known = remembered.get(key);
    if (known !== undefined && known.until > world.now()) return known.person;
    const person = ask(key);
    if (remembered.size >= rememberAtMost) remembered.clear();
    remembered.set(key, { person, until: world.now() + rememberMs });
    // A failure is no answer: the next request asks again.
    person.catch(() => remembered.delete(key));
    return person;
  }

  async function of(request: FastifyRequest, scope?: string): Promise<Person | undefined> {
    const key = readCredential(request);
    if (key === undefined) return undefined;
    const person = await resolve(key);
    request.identified?.(person?.id);
    if (person === null) return undefined;
    if (person.scopes !== undefined) checkScope(person.scopes, scope ?? scopeOf(request));
    return person;
  }

  return {
    of,
    async require(request, scope) {
      const person = await of(request, scope);
      if (person === undefined) throw new Unauthenticated(howToSignIn(request));
      return person;
    },
    forget: (key) => void remembered.delete(key),
  };
}

/**
 * The session id or token of a request, of which nothing is known but that it looks like one. A header that is there to
 * sign in with, and doesn't, is not made good by a cookie.
 */
export function readCredential({ headers, cookies }: FastifyRequest): string | undefined {
  if (headers.authorization !== undefined && bearer.test(headers.authorization)) {
    const token = headers.authorization.replace(bearer, '');
    return isToken(token) ? token : undefined;
  }
  const sessionId = cookies[sessionCookie];
  return sessionId !== undefined && isSessionId(sessionId) ? sessionId : undefined;
}

/** What the definition of the route says, by which `platform/http/route.ts` registered it. */
function scopeOf({ routeOptions }: FastifyRequest): string | undefined {
  return routeOptions?.config.route?.scope;
}

function checkScope(scopes: readonly string[], scope: string | undefined): void {
  if (scope === anyScope || (scope !== undefined && scopes.includes(scope))) return;
  if (scope !== undefined) throw new Forbidden(`This token does not have the scope ${scope}.`);
  throw new Forbidden('No token is taken here: sign in, and send the cookie.');
}

function howToSignIn({ headers }: FastifyRequest): string {
  return bearer.test(headers.authorization ?? '')
    ? 'This token is unknown, revoked or expired.'
    : 'Sign in first: POST /login answers with the cookie to send.';
}
