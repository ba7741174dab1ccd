import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/auth/people-routes.ts';
import type { SessionItem, TokenItem } from '../../contracts/auth/schemas.ts';
import { InvalidInput } from '../../platform/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import { type Sessions, sessionCookie } from '../../platform/http/sessions.ts';
import type { World } from '../../platform/world.ts';
import { tokenHash } from '../credentials.ts';
import type { SessionStore, SessionView } from './session-store.ts';
import type { TokenView } from './token-store.ts';
import type { Tokens } from './tokens.ts';

const session = ({ createdAt, usedAt, expiresAt, isCurrent, userAgent }: SessionView): SessionItem => ({
  created_at: createdAt.toISOString(),
  last_used_at: usedAt.toISOString(),
  expires_at: expiresAt.toISOString(),
  current: isCurrent,
  ...(userAgent !== null && { user_agent: userAgent }),
});

const item = ({ id, name, scopes, createdAt, expiresAt, usedAt }: TokenView): TokenItem => ({
  id,
  name,
  scopes,
  created_at: createdAt.toISOString(),
  ...(expiresAt !== null && { expires_at: expiresAt.toISOString() }),
  ...(usedAt !== null && { last_used_at: usedAt.toISOString() }),
});

const noIdempotencyKey =
  'This route does not support Idempotency-Key: a token is shown once and is not stored. If no answer arrived, list the tokens with GET /auth/tokens and revoke the surplus one.';

export interface SessionRoutes {
  readonly store: SessionStore;
  readonly tokens: Tokens;
  readonly sessions: Sessions<Person>;
  readonly world: World;
  /** A session ends after this time without use, in milliseconds. */
  readonly idleMs: number;
}

/** Routes of the signed-in person: profile, sessions and API tokens. */
export function sessionRoutes(server: Server, { store, tokens, sessions, world, idleMs }: SessionRoutes): void {
  route(server, routes.me, async (request, reply) => {
    const { id, login, role, email, firstName, lastName } = await sessions.require(request);
    reply.header('cache-control', 'no-store');
    return { id, login, role, email, first_name: firstName, last_name: lastName };
  });

  route(server, routes.listSessions, async (request) => {
    const { id } = await sessions.require(request);
    const current = tokenHash(request.cookies[sessionCookie] ?? '');
    const now = world.now();
    return (await store.listOf(id, current, new Date(now), new Date(now - idleMs))).map(session);
  });

  route(server, routes.createToken, async (request, reply) => {
    const { id } = await sessions.requireNow(request);
    // Without this error, a client that sends the header would expect a repeated request to create no second token.
    if (request.headers['idempotency-key'] !== undefined) throw new InvalidInput(noIdempotencyKey, 'Idempotency-Key');
    const { name, scopes, expires_at: expiresAt } = request.body;
    const made = await tokens.create(
      { id, sessionId: request.cookies[sessionCookie] ?? '' },
      { name, scopes, expiresAt },
    );
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...item(made), token: made.token });
  });

  route(server, routes.listTokens, async (request) => {
    const { id } = await sessions.require(request);
    return (await tokens.listOf(id)).map(item);
  });

  route(server, routes.revokeToken, async (request) => {
    const { id } = await sessions.require(request);
    await tokens.revoke(id, request.params.id);
    return { status: 'ok' as const };
  });
}
