import type { TObject, TSchema } from 'typebox';
import type { Scope } from '../scopes.ts';
import type { RequestHeader, ResponseHeader } from './headers.ts';

/** What a route is about: the heading under which it is described. */
export const tags = ['auth', 'events', 'account', 'bookings', 'reconciliation', 'health', 'about'] as const;
export type Tag = (typeof tags)[number];

/** An answer that is no problem. */
export interface RouteAnswer {
  /** What this status says, in words. */
  readonly says: string;
  /** The JSON that is sent, where any is. */
  readonly body?: TSchema;
  /** What is sent in other media types. */
  readonly types?: Readonly<Record<string, TSchema>>;
  readonly headers?: readonly ResponseHeader[];
  /** A body of this kind, taken from the session by which Startlist was first described. */
  readonly example?: unknown;
}

/**
 * A public route, all that there is to know of it from outside. Services register a handler for it (`platform/http/route.ts`),
 * the server validates by its schemas, and the document (`/openapi.json`) is made from them.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As a server takes it: `/events/get/:id`. */
  readonly path: string;
  readonly tag: Tag;
  /** The name of the route, unlike any other's: what a client calls. */
  readonly operationId: string;
  /** What it does, in some words. */
  readonly summary: string;
  /** What else whoever calls it should know; Markdown. */
  readonly description?: string;
  /** Who may call it: anyone, or whoever is signed in. */
  readonly access: 'anyone' | 'session';
  /** Which of those who are signed in, in words: `an organizer or an admin`. */
  readonly only?: string;
  /** What a token must be good for. A route that takes a session, and names no scope, takes no token. */
  readonly scope?: Scope;
  readonly params?: TObject;
  readonly query?: TObject;
  /** The headers that it reads. */
  readonly headers?: readonly RequestHeader[];
  readonly body?: TSchema;
  /** A body that may be sent. */
  readonly example?: unknown;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** The problems that are its own, each with what it says here. Those of its kind need not be named. */
  readonly problems?: Readonly<Partial<Record<number, string>>>;
}

/** Defines a route, and keeps the types of its schemas. */
export function defineRoute<const Of extends Route>(route: Of): Of {
  return route;
}
