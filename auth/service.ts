import type { AuditLog } from '../contracts/auth/audit.ts';
import { type Auth, authCalls, type Person } from '../contracts/auth/calls.ts';
import type { IdGiver } from '../contracts/ids.ts';
import { documentRoutes } from '../openapi/routes.ts';
import type { Database } from '../platform/database/database.ts';
import { migrate } from '../platform/database/migrate.ts';
import { Sequence } from '../platform/database/sequence.ts';
import type { LoginRates } from '../platform/http/edge/edge.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import { answering } from '../platform/rpc/call.ts';
import type { Logger } from '../platform/telemetry/log.ts';
import type { World } from '../platform/world.ts';
import { AttemptLimiter, noAttemptLimits } from './attempt-limits/attempt-limits.ts';
import { createAttemptStore } from './attempt-limits/store.ts';
import { createAuditStore } from './audit-store.ts';
import { createCredentials, type Hashing } from './credentials.ts';
import { createPasswords } from './passwords/passwords.ts';
import { passwordRoutes } from './passwords/routes.ts';
import { createPeopleStore } from './people/people-store.ts';
import { createRoles } from './people/roles.ts';
import { adminRoutes } from './people/routes.ts';
import { migrations } from './schema.ts';
import { createResolver } from './sessions/resolve.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { createSessionStore } from './sessions/session-store.ts';
import { createTokenStore } from './sessions/token-store.ts';
import { createTokens } from './sessions/tokens.ts';
import { ensureFirstPeople } from './setup/first-people.ts';
import { createRegister } from './sign-in/registration.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { SignIn } from './sign-in/sign-in.ts';
import { createAuthStore } from './store.ts';
import { fillTextKeys } from './text-keys-store.ts';

export { adminPasswordSpec, requireGoodPassword } from './setup/admin-password.ts';
export type { KnownPeople } from './setup/first-people.ts';
export { knownPeople, resetByCommand } from './setup/offline.ts';

export interface AuthService {
  /** The calls that the other services make. */
  readonly auth: Auth;
  /** Receives audit log entries from the other services. */
  readonly auditLog: AuditLog;
  /** Receives the highest person id that another service knows. */
  readonly ids: IdGiver;
  routes(server: Server, sessions: Sessions<Person>): void;
}

export interface AuthOptions {
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Whether the demo's people exist; their passwords are published. */
  readonly demo: boolean;
  /** The password of the first admin, when there is no demo. */
  readonly adminPassword?: string | undefined;
  readonly sessionTimes?: SessionTimes;
  /** Limits on login attempts and registrations; unlimited by default. */
  readonly rates?: LoginRates | undefined;
  /** Hashes passwords: argon2, or a substitute in tests. */
  readonly hashing?: Hashing;
}

/** When a session ends, in milliseconds: `idleMs` after its last use, but at most `lifetimeMs` after its start. */
export interface SessionTimes {
  readonly idleMs: number;
  readonly lifetimeMs: number;
}

const hourMs = 60 * 60 * 1_000;
export const timesInHours = (lifetime: number, idle: number): SessionTimes => ({
  lifetimeMs: lifetime * hourMs,
  idleMs: idle * hourMs,
});

const usualTimes: SessionTimes = { idleMs: 24 * hourMs, lifetimeMs: 7 * 24 * hourMs };

/**
 * Migrates the schema, adds the first people to an empty database, and opens the service.
 * @throws WrongConfiguration when an admin password is needed and is missing or weak.
 */
export async function createAuth(options: AuthOptions): Promise<AuthService> {
  const { database, world, log, demo, adminPassword, sessionTimes = usualTimes, hashing, rates } = options;
  await migrate(database, migrations);
  await fillTextKeys(database);
  const store = createAuthStore(database);
  const sessions = createSessionStore(database);
  const tokens = createTokenStore(database);
  const auditStore = createAuditStore(database);
  const people = createPeopleStore(database);
  const sequence = new Sequence(`${migrations.schema}.person`);
  const credentials = createCredentials(world, hashing);
  await ensureFirstPeople({ database, store, credentials, world, log, demo, adminPassword });
  const { idleMs, lifetimeMs } = sessionTimes;
  const signIn = new SignIn({ database, store, sessions, credentials, world, lifetimeMs });
  const register = createRegister({ database, credentials, world });
  const passwords = createPasswords({ database, credentials, world });
  const resolve = createResolver({ sessions, tokens, world, log, idleMs });
  const attemptLimits =
    rates === undefined ? noAttemptLimits : new AttemptLimiter(createAttemptStore(database), rates, world, log);
  return {
    auth: answering(authCalls, {
      resolve,
      names: (ids) => people.names(ids),
      findByLogin: (logins) => people.findByLogin(logins),
    }),
    auditLog: { record: (entries) => auditStore.append(entries) },
    ids: {
      async raiseIds({ known }) {
        const raised = await sequence.raise(database, known);
        return raised ? { raised } : {};
      },
    },
    routes(server, resolved) {
      signInRoutes(server, { signIn, register, sessions: resolved, attemptLimits, lifetimeMs });
      const ownTokens = createTokens(database, tokens, world);
      sessionRoutes(server, { store: sessions, tokens: ownTokens, sessions: resolved, world, idleMs });
      passwordRoutes(server, { passwords, sessions: resolved, attemptLimits });
      adminRoutes(server, { people, roles: createRoles(database, world), auditStore, sessions: resolved });
      // The OpenAPI document covers all services; auth serves it.
      documentRoutes(server);
    },
  };
}
