import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/auth/people-routes.ts';
import { Forbidden, InvalidInput, Unauthenticated } from '../../platform/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import { type Sessions, sessionCookie } from '../../platform/http/sessions.ts';
import type { Attempts } from '../attempt-limits/attempt-limits.ts';
import type { Passwords } from './passwords.ts';

const ok = { status: 'ok' } as const;

export interface PasswordRoutes {
  readonly passwords: Passwords;
  readonly sessions: Sessions<Person>;
  readonly attempts: Attempts;
}

/** How passwords are changed, and set anew when they are lost. */
export function passwordRoutes(server: Server, { passwords, sessions, attempts }: PasswordRoutes): void {
  route(server, routes.changePassword, async (request) => {
    const { id, login } = await sessions.require(request);
    const { old_password: old, new_password: next } = request.body;
    // Whoever found an open browser guesses no more often here than at the door.
    const attempt = await attempts.logIn(request, login);
    const change = passwords.change(id, request.cookies[sessionCookie] ?? '', { old, next });
    await attempt.over(change).catch((error) => {
      // To the caller it is a wrong field: the session is as good as before.
      throw error instanceof Unauthenticated
        ? new InvalidInput(error.message, 'old_password', { reason: 'wrong_password' })
        : error;
    });
    return ok;
  });

  route(server, routes.issueReset, async (request, reply) => {
    const { id, role } = await sessions.require(request);
    if (role !== 'admin') throw new Forbidden('Only an admin lets others set a new password.');
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
