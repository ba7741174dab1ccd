import type { FastifyRequest } from 'fastify';
import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/auth/routes.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import { anyScope, type Sessions, sessionCookie } from '../../platform/http/sessions.ts';
import type { Attempts } from '../attempt-limits/attempt-limits.ts';
import type { People } from './sign-in.ts';

/** Out of reach of scripts, and not sent along with what other sites post here. */
const cookieManner = ({ protocol }: FastifyRequest) =>
  // `Secure` where the browser speaks HTTPS: elsewhere a browser would not keep it.
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: protocol === 'https' }) as const;

const ok = { status: 'ok' } as const;

export interface AuthRoutes {
  readonly people: People;
  readonly sessions: Sessions<Person>;
  readonly attempts: Attempts;
  /** How long a session lasts at most, in milliseconds. */
  readonly lifetimeMs: number;
}

/** The public routes of auth. */
export function authRoutes(server: Server, { people, sessions, attempts, lifetimeMs }: AuthRoutes): void {
  route(server, routes.login, async (request, reply) => {
    const { login, password } = request.body;
    const old = request.cookies[sessionCookie];
    const arrival = { sessionId: old, userAgent: request.headers['user-agent'], from: request.ip };
    const attempt = await attempts.logIn(request, login);
    const sessionId = await attempt.over(people.logIn(login, password, arrival));
    if (old !== undefined) sessions.forget(old);
    reply.setCookie(sessionCookie, sessionId, { ...cookieManner(request), maxAge: lifetimeMs / 1_000 });
    attempt.remember(reply);
    return ok;
  });

  route(server, routes.logout, async (request, reply) => {
    const sessionId = request.cookies[sessionCookie];
    if (sessionId !== undefined) {
      await people.logOut(sessionId, request.query.all === 'true');
      sessions.forget(sessionId);
    }
    reply.clearCookie(sessionCookie, cookieManner(request));
    return ok;
  });

  route(server, routes.register, async (request, reply) => {
    const { login, password, email, first_name: firstName, last_name: lastName } = request.body;
    const attempt = await attempts.register(request, login);
    reply.code(201);
    return { id: await attempt.over(people.register({ login, password, email, firstName, lastName })) };
  });

  route(server, routes.signIn, async () => ({
    message: 'Sign in: POST /login {"login","password"}',
  }));

  route(server, routes.whoAmI, async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', ...headersOf(await sessions.require(request, anyScope)) });
    return ok;
  });
}

/** A person as headers, for gateways that ask. Percent-encoded: a header takes no letters beyond Latin. */
function headersOf(person: Person): Record<string, string> {
  return {
    'x-user-id': String(person.id),
    'x-user-login': encodeURIComponent(person.login),
    'x-user-role': person.role,
    'x-user-email': encodeURIComponent(person.email),
    'x-user-first-name': encodeURIComponent(person.firstName),
    'x-user-last-name': encodeURIComponent(person.lastName),
  };
}
