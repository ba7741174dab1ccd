import * as account from './account/routes.ts';
import * as people from './auth/people-routes.ts';
import * as auth from './auth/routes.ts';
import * as attendees from './book/attendees-routes.ts';
import * as reconciliation from './book/reconciliation-routes.ts';
import * as bookings from './book/routes.ts';
import * as saga from './book/saga-figures-routes.ts';
import * as helpers from './events/helpers-routes.ts';
import * as events from './events/routes.ts';
import * as document from './http/document.ts';
import * as health from './http/health.ts';
import type { Route } from './http/route.ts';
import type { Service } from './services.ts';

/** The public routes of each service. Every export of the imported modules is a route, so no route is left out. */
export const routesOf: Readonly<Record<Service, readonly Route[]>> = {
  auth: [...Object.values(auth), ...Object.values(people), ...Object.values(document)],
  events: [...Object.values(events), ...Object.values(helpers)],
  account: Object.values(account),
  book: [
    ...Object.values(bookings),
    ...Object.values(attendees),
    ...Object.values(saga),
    ...Object.values(reconciliation),
  ],
};

/** The routes that every process serves on each of its ports. */
export const probes: readonly Route[] = Object.values(health);

/** All public routes. */
export const publicRoutes: readonly Route[] = [...Object.values(routesOf).flat(), ...probes];
