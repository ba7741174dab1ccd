import type { Role } from '../../contracts/auth/calls.ts';
import type { Database } from '../../platform/database/database.ts';
import { Conflict, Forbidden, NotFound } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { appendAuditEntry } from '../audit-store.ts';
import { type Actor, roleNow } from '../sessions/session-store.ts';
import { lockForRoleOf, type PersonView, setRole } from './people-store.ts';

export interface Roles {
  /**
   * Gives a person a role.
   * @returns the person. @throws Forbidden; NotFound; Conflict when the person is the last admin.
   */
  change(by: Actor, personId: number, role: Role): Promise<PersonView>;
}

export function createRoles(database: Database, world: World): Roles {
  return {
    change: (by, personId, role) =>
      database.transaction(async (sql) => {
        const locked = await lockForRoleOf(sql, personId);
        const person = locked.find(({ id }) => id === personId);
        if (person === undefined) throw new NotFound(`Person ${personId} does not exist.`);
        if (person.role === role) return person;
        const isLastAdmin =
          person.role === 'admin' && !locked.some((other) => other !== person && other.role === 'admin');
        if (isLastAdmin)
          throw new Conflict('This is the last admin. Make another person an admin first.', 'role', {
            reason: 'last_admin',
          });
        if ((await roleNow(sql, by)) !== 'admin') throw new Forbidden('Only an admin can change roles.');
        await setRole(sql, personId, role);
        const details = { role, was: person.role };
        await appendAuditEntry(sql, new Date(world.now()), {
          action: 'role_changed',
          by: by.id,
          to: personId,
          details,
        });
        return { ...person, role };
      }),
  };
}
