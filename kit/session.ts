import type { FastifyRequest } from 'fastify';
import { batch } from './batch.ts';
import { OutcomeUnknown, Unauthenticated, Unavailable } from './errors.ts';
import type { World } from './world.ts';

/** The cookie that carries a session's id. */
export const sessionCookie = 'session_id';

/** Answers a set of session ids with their people, in the same order: `null` for an id that stands for nobody. */
export type ResolveSessions<Person> = (sessionIds: readonly string[]) => Promise<readonly (Person | null)[]>;

/** Who stands behind a request. The cookie is all that is believed; a header such as `X-User-Id` is not. */
export interface Sessions<Person> {
  /** @returns nobody when there is no cookie, or one that stands for nobody. */
  of(request: FastifyRequest): Promise<Person | undefined>;
  /** @throws Unauthenticated when nobody is signed in; Unavailable when auth does not answer. */
  require(request: FastifyRequest): Promise<Person>;
  /** Drops what is remembered of a session, which has just ended here. */
  forget(sessionId: string): void;
}

/** A session id is a UUID; anything else is not worth a question. */
const isSessionId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** For how long an answer is believed: a session that ended elsewhere stops working here after this time, in ms. */
const rememberMs = 1_000;
const rememberAtMost = 100_000;

/** Looks sessions up by sets, and remembers the answers for a second. */
export function createSessions<Person>(world: World, resolve: ResolveSessions<Person>): Sessions<Person> {
  const ask = batch<string, Person | null>(world, { lanes: 2, maxSet: 500 }, (sessionIds) => look(resolve, sessionIds));
  const remembered = new Map<string, { person: Promise<Person | null>; until: number }>();

  function lookUp(sessionId: string): Promise<Person | null> {
    const known = remembered.get(sessionId);
    if (known !== undefined && known.until > world.now()) return known.person;
    const person = ask(sessionId);
    if (remembered.size >= rememberAtMost) remembered.clear();
    remembered.set(sessionId, { person, until: world.now() + rememberMs });
    // A failure is no answer: the next request asks again.
    person.catch(() => remembered.delete(sessionId));
    return person;
  }

  async function of(request: FastifyRequest): Promise<Person | undefined> {
    const sessionId = request.cookies[sessionCookie];
    if (sessionId === undefined || !isSessionId.test(sessionId)) return undefined;
    return (await lookUp(sessionId)) ?? undefined;
  }

  return {
    of,
    async require(request) {
      const person = await of(request);
      if (person === undefined)
        throw new Unauthenticated('Sign in first: POST /login answers with the cookie to send.');
      return person;
    },
    forget: (sessionId) => void remembered.delete(sessionId),
  };
}

/** To look changes nothing. So whatever broke meanwhile, the request that asked for it has stored nothing yet. */
async function look<Person>(resolve: ResolveSessions<Person>, sessionIds: readonly string[]) {
  try {
    return await resolve(sessionIds);
  } catch (cause) {
    if (!(cause instanceof OutcomeUnknown)) throw cause;
    throw new Unavailable('whose session this is can not be found out', { cause });
  }
}
