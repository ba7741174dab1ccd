import type { AuditLog } from '../contracts/auth/audit.ts';
import { type Auth, authCalls, type Person } from '../contracts/auth/calls.ts';
import type { IdGiver } from '../contracts/ids.ts';
import { documentRoutes } from '../openapi/routes.ts';
import type { Database } from '../platform/database/database.ts';
import { migrate } from '../platform/database/migrate.ts';
import { Identity } from '../platform/database/sequence.ts';
import { NotFound } from '../platform/errors.ts';
import type { LoginRates } from '../platform/http/edge/edge.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import { answering } from '../platform/rpc/call.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { World } from '../platform/world.ts';
import { limitAttempts, unlimited } from './attempt-limits/attempt-limits.ts';
import { createAttemptsStore } from './attempt-limits/store.ts';
import { createAuditStore } from './audit-store.ts';
import { createCredentials, type Hashing, loginKey } from './credentials.ts';
import { createPasswords } from './passwords/passwords.ts';
import { passwordRoutes } from './passwords/routes.ts';
import { createPeopleStore } from './people/people-store.ts';
import { createRoles } from './people/roles.ts';
import { adminRoutes } from './people/routes.ts';
import { migrations } from './schema.ts';
import { createResolver } from './sessions/resolve.ts';
import { personRoutes } from './sessions/routes.ts';
import { createSessionStore } from './sessions/session-store.ts';
import { createTokenStore } from './sessions/token-store.ts';
import { createTokens } from './sessions/tokens.ts';
import { ensureFirstPeople, findKnownPeople, type KnownPeople } from './setup/first-people.ts';
import { authRoutes } from './sign-in/routes.ts';
import { createPeople } from './sign-in/sign-in.ts';
import { createAuthStore, isSetUp } from './store.ts';

export { adminPasswordSpec, requireGoodPassword } from './setup/admin-password.ts';
export type { KnownPeople };

export interface AuthService {
  /** What the other services ask of it. */
  readonly auth: Auth;
  /** Where they tell what was done. */
  readonly auditLog: AuditLog;
  /** Where they tell which people they know. */
  readonly ids: IdGiver;
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
  readonly sessionTimes?: SessionTimes;
  /** How often passwords may be tried and people registered; without it as often as anybody likes. */
  readonly rates?: LoginRates | undefined;
  /** What hashes passwords: argon2, or a test's stand-in. */
  readonly hashing?: Hashing;
}

/** How long a session lasts without being used, and how long at most, in milliseconds. */
export interface SessionTimes {
  readonly idleMs: number;
  readonly lifetimeMs: number;
}

const hourMs = 60 * 60 * 1_000;
/** The same from hours, as they are set. */
export const timesInHours = (lifetime: number, idle: number): SessionTimes => ({
  lifetimeMs: lifetime * hourMs,
  idleMs: idle * hourMs,
});

const usualTimes: SessionTimes = { idleMs: 24 * hourMs, lifetimeMs: 7 * 24 * hourMs };

/** Looks who is there, for those who have the database. On one without a Startlist nobody is. */
export async function knownPeople(database: Database, world: World): Promise<KnownPeople> {
  if (!(await isSetUp(database))) return { any: false, demo: [] };
  return findKnownPeople(createAuthStore(database), createCredentials(world));
}

/**
 * Makes a token by which somebody sets a new password, for those who have the database rather than a session.
 * @throws NotFound when there is no such login, or no Startlist in this database.
 */
export async function resetByCommand(database: Database, world: World, login: string) {
  if (!(await isSetUp(database))) throw new NotFound('there is no Startlist in this database');
  await migrate(database, migrations);
  const credential = await createAuthStore(database).credentialOf(loginKey(login));
  if (credential === undefined) throw new NotFound(`there is nobody with the login ${login}`);
  const passwords = createPasswords({ database, credentials: createCredentials(world), world });
  return passwords.issueReset(null, credential.personId);
}

/**
 * Brings the schema up to date, sees to it that somebody can sign in, and opens the service.
 * @throws WrongConfiguration when an admin's password is needed and there is none, or one that is no good.
 */
export async function createAuth(options: AuthOptions): Promise<AuthService> {
  const { database, world, log, demo, adminPassword, sessionTimes = usualTimes, hashing, rates } = options;
  await migrate(database, migrations);
  const store = createAuthStore(database);
  const sessions = createSessionStore(database);
  const tokens = createTokenStore(database);
  const auditStore = createAuditStore(database);
  const everybody = createPeopleStore(database);
  const identity = new Identity(`${migrations.schema}.person`);
  const credentials = createCredentials(world, hashing);
  await ensureFirstPeople({ database, store, credentials, world, log, demo, adminPassword });
  const { idleMs, lifetimeMs } = sessionTimes;
  const people = createPeople({ database, store, sessions, credentials, world, lifetimeMs, idleMs });
  const passwords = createPasswords({ database, credentials, world });
  const resolve = createResolver({ sessions, tokens, world, log, idleMs });
  const attempts = rates === undefined ? unlimited : limitAttempts(createAttemptsStore(database), rates, world, log);
  return {
    auth: answering(authCalls, {
      resolve,
      names: (ids) => everybody.names(ids),
    }),
    auditLog: { record: (entries) => auditStore.append(entries) },
    ids: {
      async raiseIds({ known }) {
        const raised = await identity.raise(database, known);
        return raised ? { raised } : {};
      },
    },
    routes(server, doors) {
      authRoutes(server, { people, sessions: doors, attempts, lifetimeMs });
      personRoutes(server, { people, tokens: createTokens(database, tokens, world), sessions: doors });
      passwordRoutes(server, { passwords, sessions: doors, attempts });
      adminRoutes(server, { everybody, roles: createRoles(database, world), auditStore, sessions: doors });
      // The document is about all services, and one of them shows it.
      documentRoutes(server);
    },
  };
}
