import type { Person } from '../contracts/auth/calls.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';

/** One subject of the service: its public routes, and the work that it does in the background. */
export interface Subject {
  routes?(server: Server, sessions: Sessions<Person>): void;
  start?(): void;
  /** Starts nothing new, and resolves when the work in progress has ended. */
  stop?(): void | Promise<void>;
}
