import type { FastifyRequest } from 'fastify';
import type { AuditItem } from '../../contracts/auth/audit.ts';
import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/auth/people-routes.ts';
import type { PersonItem } from '../../contracts/auth/schemas.ts';
import { Forbidden } from '../../platform/errors.ts';
import { linkNextPage } from '../../platform/http/pagination.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import { type Sessions, sessionCookie } from '../../platform/http/sessions.ts';
import type { AuditRow, AuditStore } from '../audit-store.ts';
import type { PeopleStore, PersonView } from './people-store.ts';
import type { Roles } from './roles.ts';

const item = ({ id, login, role, email, firstName, lastName, createdAt }: PersonView): PersonItem => ({
  id,
  login,
  role,
  email,
  first_name: firstName,
  last_name: lastName,
  created_at: createdAt.toISOString(),
});

const named = (id: number | null, login: string | null) => (id === null ? null : { id, login: login ?? '' });

const entry = ({ id, at, service, action, byId, byLogin, toId, toLogin, details }: AuditRow): AuditItem => ({
  id,
  at: at.toISOString(),
  service,
  action,
  by: named(byId, byLogin),
  to: named(toId, toLogin),
  details,
});

export interface AdminRoutes {
  readonly people: PeopleStore;
  readonly roles: Roles;
  readonly auditStore: AuditStore;
  readonly sessions: Sessions<Person>;
}

/** Routes for admins: people, their roles, and the audit log. */
export function adminRoutes(server: Server, { people, roles, auditStore, sessions }: AdminRoutes): void {
  route(server, routes.listPeople, async (request, reply) => {
    await requireAdmin(request, 'list people');
    const { q, ...page } = request.query;
    const found = await people.page(q, page);
    linkNextPage(request, reply, page, found);
    return found.map(item);
  });

  route(server, routes.changeRole, async (request) => {
    const { id } = requireRole(await sessions.requireNow(request), 'change roles');
    const by = { id, sessionId: request.cookies[sessionCookie] ?? '' };
    return item(await roles.change(by, request.params.id, request.body.role));
  });

  route(server, routes.readTrail, async (request, reply) => {
    await requireAdmin(request, 'read the audit log');
    const { user_id: personId, action, order, ...page } = request.query;
    const entries = await auditStore.page({ personId, action, isNewestFirst: order === 'newest' }, page);
    linkNextPage(request, reply, page, entries);
    return entries.map(entry);
  });

  async function requireAdmin(request: FastifyRequest, action: string): Promise<Person> {
    return requireRole(await sessions.require(request), action);
  }
}

function requireRole(person: Person, action: string): Person {
  if (person.role !== 'admin') throw new Forbidden(`Only an admin can ${action}.`);
  return person;
}
