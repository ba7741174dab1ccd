import type { Person } from '../contracts/auth.ts';
import type { Events } from '../contracts/events.ts';
import type { EventsRecords } from '../contracts/records.ts';
import type { Database } from '../kit/db.ts';
import type { Server } from '../kit/http.ts';
import { migrate } from '../kit/migrate.ts';
import type { Sessions } from '../kit/session.ts';
import type { World } from '../kit/world.ts';
import { createEventsParticipant } from './participant.ts';
import { createEventsRecords } from './reconciliation-store.ts';
import { eventsRoutes } from './routes.ts';
import { createEventsStore, migrations } from './store.ts';

export interface EventsService {
  /** What book asks of it. */
  readonly events: Events;
  /** What a reconciliation asks of it. */
  readonly records: EventsRecords;
  routes(server: Server, sessions: Sessions<Person>): void;
}

/** Brings the schema up to date, and opens the service on it. */
export async function createEvents({ database, world }: { database: Database; world: World }): Promise<EventsService> {
  await migrate(database, migrations);
  const store = createEventsStore(database);
  return {
    events: createEventsParticipant(store, world),
    records: createEventsRecords(database),
    routes: (server, sessions) => eventsRoutes(server, { store, sessions, world }),
  };
}
