import type { Auth, Person } from '../contracts/auth.ts';
import type { Database } from '../kit/db.ts';
import type { Server } from '../kit/http.ts';
import type { Logger } from '../kit/log.ts';
import { migrate } from '../kit/migrate.ts';
import type { Sessions } from '../kit/session.ts';
import type { World } from '../kit/world.ts';
import { createCredentials, tokenHash } from './credentials.ts';
import { ensureFirstPeople } from './first-people.ts';
import { createPeople } from './people.ts';
import { authRoutes } from './routes.ts';
import { createAuthStore, migrations } from './store.ts';

export interface AuthService {
  /** What the other services ask of it. */
  readonly auth: Auth;
  routes(server: Server, sessions: Sessions<Person>): void;
}

export interface AuthOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Whether the demo's people exist, with the passwords that everyone knows. */
  readonly demo: boolean;
  /** The password of the first admin, when there is no demo. */
  readonly adminPassword?: string | undefined;
}

/**
 * Brings the schema up to date, sees to it that somebody can sign in, and opens the service.
 * @throws WrongConfiguration when an admin's password is needed and there is none, or one that is no good.
 */
export async function createAuth({ database, world, log, demo, adminPassword }: AuthOptions): Promise<AuthService> {
  await migrate(database, migrations);
  const store = createAuthStore(database);
  const credentials = createCredentials(world);
  await ensureFirstPeople({ store, credentials, world, log, demo, adminPassword });
  const people = createPeople(store, credentials, world);
  return {
    auth: {
      resolveSessions: (sessionIds) => store.sessionPeople(sessionIds.map(tokenHash), new Date(world.now())),
    },
    routes: (server, sessions) => authRoutes(server, { people, sessions }),
  };
}
