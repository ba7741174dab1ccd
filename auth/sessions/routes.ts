import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/auth/people-routes.ts';
import type { SessionItem, TokenItem } from '../../contracts/auth/schemas.ts';
import { InvalidInput } from '../../platform/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import { type Sessions, sessionCookie } from '../../platform/http/sessions.ts';
import type { SessionView } from './session-store.ts';
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

const noKeyTaken =
  'No Idempotency-Key is taken here: a token is shown once, and nothing is kept to answer a repeat with. When no answer came, look at GET /auth/tokens, and revoke what is too much.';

export interface PersonRoutes {
  readonly people: { sessionsOf(personId: number, currentId: string): Promise<SessionView[]> };
  readonly tokens: Tokens;
  readonly sessions: Sessions<Person>;
}

/** What somebody sees and does of their own: who they are, their sessions and their tokens. */
export function personRoutes(server: Server, { people, tokens, sessions }: PersonRoutes): void {
  route(server, routes.me, async (request, reply) => {
    const { id, login, role, email, firstName, lastName } = await sessions.require(request);
    reply.header('cache-control', 'no-store');
    return { id, login, role, email, first_name: firstName, last_name: lastName };
  });

  route(server, routes.listSessions, async (request) => {
    const { id } = await sessions.require(request);
    return (await people.sessionsOf(id, request.cookies[sessionCookie] ?? '')).map(session);
  });

  route(server, routes.createToken, async (request, reply) => {
    const { id } = await sessions.require(request);
    // To take it and not to heed it would be a promise that a repeat makes no second token.
    if (request.headers['idempotency-key'] !== undefined) throw new InvalidInput(noKeyTaken, 'Idempotency-Key');
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
