import type { Replica } from './replicas.ts';

/** What the gateway is told by whoever starts the services: where they are, and to take nothing new from outside. */
export type Order = { readonly replicas: readonly Replica[] } | { readonly close: true };

/** What it says when each service has a replica that is ready. */
export interface Ready {
  readonly ready: true;
}
