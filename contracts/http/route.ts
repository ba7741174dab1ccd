import type { TObject, TSchema } from 'typebox';
import type { Scope } from '../scopes.ts';
import type { RequestHeader, ResponseHeader } from './headers.ts';

/** The headings under which the OpenAPI document lists routes. */
export const tags = ['auth', 'events', 'account', 'bookings', 'reconciliation', 'health', 'about'] as const;
export type Tag = (typeof tags)[number];

/** A successful response. */
export interface RouteAnswer {
  /** The description of the response in the OpenAPI document. */
  readonly says: string;
  /** The JSON body, if there is one. */
  readonly body?: TSchema;
  /** The bodies in other media types. */
  readonly types?: Readonly<Record<string, TSchema>>;
  readonly headers?: readonly ResponseHeader[];
  /** An example of the body. */
  readonly example?: unknown;
}

/**
 * The definition of a public route. A service registers a handler for the route (`platform/http/route.ts`), the server
 * validates requests with its schemas, and the OpenAPI document (`/openapi.json`) is generated from all definitions.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path pattern, in Fastify's syntax: `/events/get/:id`. */
  readonly path: string;
  readonly tag: Tag;
  /** A unique name. Generated clients use it as the method name. */
  readonly operationId: string;
  /** One line that says what the route does. */
  readonly summary: string;
  /** Details for the caller, in Markdown. */
  readonly description?: string;
  /** Who may send requests: `anyone`, or a signed-in person (`session`). */
  readonly access: 'anyone' | 'session';
  /** The people to whom a `session` route is restricted, in words: `an organizer or an admin`. */
  readonly only?: string;
  /** The scope that an API token needs. A `session` route without a scope rejects tokens. */
  readonly scope?: Scope;
  readonly params?: TObject;
  readonly query?: TObject;
  /** The request headers that the route reads. */
  readonly headers?: readonly RequestHeader[];
  readonly body?: TSchema;
  /** An example of the request body. */
  readonly example?: unknown;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** The descriptions of problems specific to this route. `openapi/problems.ts` adds the problems of its kind. */
  readonly problems?: Readonly<Partial<Record<number, string>>>;
}

/** Defines a route and keeps the exact types of its schemas. */
export function defineRoute<const Of extends Route>(route: Of): Of {
  return route;
}
