import type { FastifyRequest } from 'fastify';
import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/auth/routes.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import { anyScope, type Sessions, sessionCookie } from '../../platform/http/sessions.ts';
import type { AttemptLimits } from '../attempt-limits/attempt-limits.ts';
import type { Register } from './registration.ts';
import type { SignIn } from './sign-in.ts';

/**
 * The options of the session cookie: scripts cannot read it, and browsers do not send it with posts from other sites.
 */
const cookieOptions = ({ protocol }: FastifyRequest) =>
  // `Secure` only over HTTPS: over HTTP a browser would discard the cookie.
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: protocol === 'https' }) as const;

const ok = { status: 'ok' } as const;

export interface SignInRoutes {
  readonly signIn: SignIn;
  readonly register: Register;
  readonly sessions: Sessions<Person>;
  readonly attemptLimits: AttemptLimits;
  /** The maximum duration of a session, in milliseconds. */
  readonly lifetimeMs: number;
}

/** Routes for sign-in, sign-out and registration. */
export function signInRoutes(server: Server, parts: SignInRoutes): void {
  const { signIn, register, sessions, attemptLimits, lifetimeMs } = parts;

  route(server, routes.login, async (request, reply) => {
    const { login, password } = request.body;
    const old = request.cookies[sessionCookie];
    const origin = { sessionId: old, userAgent: request.headers['user-agent'], from: request.ip };
    const attempt = await attemptLimits.logIn(request, login);
    const sessionId = await attempt.settle(signIn.logIn(login, password, origin));
    if (old !== undefined) sessions.forget(old);
    reply.setCookie(sessionCookie, sessionId, { ...cookieOptions(request), maxAge: lifetimeMs / 1_000 });
    attempt.rememberDevice(reply);
    return ok;
  });

  route(server, routes.logout, async (request, reply) => {
    const sessionId = request.cookies[sessionCookie];
    if (sessionId !== undefined) {
      await signIn.logOut(sessionId, request.query.all === 'true');
      sessions.forget(sessionId);
    }
    reply.clearCookie(sessionCookie, cookieOptions(request));
    return ok;
  });

  route(server, routes.register, async (request, reply) => {
    const { login, password, email, first_name: firstName, last_name: lastName } = request.body;
    const attempt = await attemptLimits.register(request, login);
    reply.code(201);
    return { id: await attempt.settle(register({ login, password, email, firstName, lastName })) };
  });

  route(server, routes.signIn, async () => ({
    message: 'Sign in: POST /login {"login","password"}',
  }));

  route(server, routes.whoAmI, async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', ...headersOf(await sessions.require(request, anyScope)) });
    return ok;
  });
}

/** The headers that describe a person to a gateway. Percent-encoded, because headers carry Latin-1 only. */
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
