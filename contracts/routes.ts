import type { Route } from './route.ts';
import * as account from './routes/account.ts';
import * as attendees from './routes/attendees.ts';
import * as auth from './routes/auth.ts';
import * as bookings from './routes/bookings.ts';
import * as document from './routes/document.ts';
import * as events from './routes/events.ts';
import * as health from './routes/health.ts';
import * as people from './routes/people.ts';
import * as reconciliation from './routes/reconciliation.ts';
import * as saga from './routes/saga.ts';
import type { Service } from './services.ts';

/** The public routes of each service. Whatever those modules export is one, so none can be forgotten here. */
export const routesOf: Readonly<Record<Service, readonly Route[]>> = {
  auth: [...Object.values(auth), ...Object.values(people), ...Object.values(document)],
  events: Object.values(events),
  account: Object.values(account),
  book: [
    ...Object.values(bookings),
    ...Object.values(attendees),
    ...Object.values(saga),
    ...Object.values(reconciliation),
  ],
};

/** The routes that every process has, on each of its ports. */
export const probes: readonly Route[] = Object.values(health);

/** Every public route there is. */
export const publicRoutes: readonly Route[] = [...Object.values(routesOf).flat(), ...probes];
