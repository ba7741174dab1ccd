import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/auth/people-routes.ts';
import { Forbidden, InvalidInput, Unauthenticated } from '../../platform/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import { type Sessions, sessionCookie } from '../../platform/http/sessions.ts';
import type { AttemptLimits } from '../attempt-limits/attempt-limits.ts';
import type { Passwords } from './passwords.ts';

const ok = { status: 'ok' } as const;

export interface PasswordRoutes {
  readonly passwords: Passwords;
  readonly sessions: Sessions<Person>;
  readonly attemptLimits: AttemptLimits;
}

/** Routes that change passwords and reset lost ones. */
export function passwordRoutes(server: Server, { passwords, sessions, attemptLimits }: PasswordRoutes): void {
  route(server, routes.changePassword, async (request) => {
    const { id, login } = await sessions.require(request);
    const { old_password: old, new_password: next } = request.body;
    // Anyone at a browser that was left signed in could guess the current password, so guesses are limited like logins.
    const attempt = await attemptLimits.logIn(request, login);
    const change = passwords.change(id, request.cookies[sessionCookie] ?? '', { old, next });
    await attempt.settle(change).catch((error) => {
      // Reported as an invalid field, not as 401: the session is still valid.
      throw error instanceof Unauthenticated
        ? new InvalidInput(error.message, 'old_password', { reason: 'wrong_password' })
        : error;
    });
    return ok;
  });

  route(server, routes.issueReset, async (request, reply) => {
    const { id, role } = await sessions.requireNow(request);
    if (role !== 'admin') throw new Forbidden('Only an admin can issue a password reset.');
    const by = { id, sessionId: request.cookies[sessionCookie] ?? '' };
    const { token, expiresAt } = await passwords.issueReset(by, request.params.id);
    reply.code(201).header('cache-control', 'no-store');
    return { token, expires_at: expiresAt.toISOString() };
  });

  route(server, routes.resetPassword, async ({ body }) => {
    await passwords.reset(body.token, body.new_password);
    return ok;
  });
}
