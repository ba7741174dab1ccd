import type { Replica } from './replicas.ts';

/** From the supervisor to the gateway: the current replicas, or the order to close the public port. */
export type GatewayCommand = { readonly replicas: readonly Replica[] } | { readonly close: true };

/** From the gateway to the supervisor: every service has a ready replica. */
export interface Ready {
  readonly ready: true;
}
