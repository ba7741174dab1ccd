import type { FastifyRequest } from 'fastify';
import { batch } from '../batch.ts';
import { cacheLookups } from '../cache.ts';
import { Forbidden, Unauthenticated } from '../errors.ts';
import type { World } from '../world.ts';
import { isSessionId, isToken } from './credential-formats.ts';

/** The cookie that carries a session's id. */
export const sessionCookie = 'session_id';

/** The person of a session or API token. Only a token has `scopes`; a session is not restricted. */
export interface Signed {
  readonly id?: number;
  readonly scopes?: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the credential of the request was resolved: `null` when the credential is unknown or has ended. */
    personId?: number | null;
  }
}

/** All scopes that a person's tokens can have. */
type ScopeOf<Person extends Signed> = NonNullable<Person['scopes']>[number];

/** As a scope: accepts any API token. */
export const anyScope = '*';

/**
 * Resolves a batch of session ids and API tokens to their people, in the same order: `null` for a credential that is
 * unknown or has ended. Throws Unavailable when the service auth does not reply.
 */
export type Resolve<Person extends Signed> = (credentials: readonly string[]) => Promise<readonly (Person | null)[]>;

/**
 * Authenticates requests by session cookie or API token (`Authorization: Bearer …`); the token takes precedence. Other
 * headers, such as `X-User-Id`, are not trusted.
 *
 * A session may do everything that its person may do, a token only what its scopes allow. The definition of a route
 * names the scope that a token needs; a route without a scope accepts sessions only.
 *
 *     const person = await sessions.require(request);
 */
export interface Sessions<Person extends Signed> {
  /**
   * Finds the person of a request. `scope` defaults to the scope in the route's definition.
   * @returns undefined when the request has no credential, or its credential is unknown or has ended.
   * @throws Forbidden when the token lacks the scope; Unavailable when the service auth does not reply.
   */
  of(request: FastifyRequest, scope?: ScopeOf<Person> | typeof anyScope): Promise<Person | undefined>;
  /** Same as `of`. @throws Unauthenticated instead of returning undefined. */
  require(request: FastifyRequest, scope?: ScopeOf<Person> | typeof anyScope): Promise<Person>;
  /**
   * Same as `require`, but resolves the credential anew: a person whose session has ended or whose role was taken away
   * must not act for the second in which others remember them. For writes about money, roles, records and events.
   */
  requireNow(request: FastifyRequest, scope?: ScopeOf<Person> | typeof anyScope): Promise<Person>;
  /** Drops the cached person of a session or token that has just ended in this process. */
  forget(credential: string): void;
}

const bearer = /^bearer +/i;

/** The limits of the cache. A session that ends in another process stays valid here for up to `forMs`. */
const cacheLimits = { forMs: 1_000, atMost: 100_000 };

/** Resolves credentials in batches and caches the results for a second. */
export function createSessions<Person extends Signed>(world: World, resolveBatch: Resolve<Person>): Sessions<Person> {
  const lanes = { lanes: 2, maxBatch: 500 };
  const resolve = cacheLookups(world, cacheLimits, batch<string, Person | null>(world, lanes, resolveBatch, 'session'));

  async function of(request: FastifyRequest, scope?: string, isCached = true): Promise<Person | undefined> {
    const credential = readCredential(request);
    if (credential === undefined) return undefined;
    if (!isCached) resolve.forget(credential);
    const person = await resolve(credential);
    request.personId = person?.id ?? null;
    if (person === null) return undefined;
    if (person.scopes !== undefined) checkScope(person.scopes, scope ?? scopeOf(request));
    return person;
  }

  async function require(request: FastifyRequest, scope?: string, isCached = true): Promise<Person> {
    const person = await of(request, scope, isCached);
    if (person === undefined) throw new Unauthenticated(howToSignIn(request));
    return person;
  }

  return {
    of: (request, scope) => of(request, scope),
    require: (request, scope) => require(request, scope),
    requireNow: (request, scope) => require(request, scope, false),
    forget: (credential) => resolve.forget(credential),
  };
}

/**
 * Reads the session id or API token of a request, and checks only the format. After a malformed bearer token the cookie
 * is ignored, even if it is valid.
 */
export function readCredential({ headers, cookies }: FastifyRequest): string | undefined {
  if (headers.authorization !== undefined && bearer.test(headers.authorization)) {
    const token = headers.authorization.replace(bearer, '');
    return isToken(token) ? token : undefined;
  }
  const sessionId = cookies[sessionCookie];
  return sessionId !== undefined && isSessionId(sessionId) ? sessionId : undefined;
}

/** The scope in the route's definition, which `platform/http/route.ts` puts into the route's config. */
function scopeOf({ routeOptions }: FastifyRequest): string | undefined {
  return routeOptions?.config.route?.scope;
}

function checkScope(scopes: readonly string[], scope: string | undefined): void {
  if (scope === anyScope || (scope !== undefined && scopes.includes(scope))) return;
  if (scope !== undefined) throw new Forbidden(`This token does not have the scope ${scope}.`);
  throw new Forbidden('This route does not accept API tokens. Sign in and send the session cookie.');
}

function howToSignIn({ headers }: FastifyRequest): string {
  return bearer.test(headers.authorization ?? '')
    ? 'This token is unknown, revoked or expired.'
    : 'Not signed in. POST /login returns the session cookie to send.';
}
