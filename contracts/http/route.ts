import type { TObject, TSchema } from 'typebox';
import type { Scope } from '../scopes.ts';
import type { RequestHeader, ResponseHeader } from './headers.ts';

/** The headings of the OpenAPI document. */
export const tags = ['auth', 'events', 'account', 'bookings', 'reconciliation', 'health', 'about'] as const;
export type Tag = (typeof tags)[number];

/** A successful response. */
export interface RouteAnswer {
  /** The description of the response. */
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
 * A public route. Services register a handler for it (`platform/http/route.ts`), the server validates requests by its
 * schemas, and the OpenAPI document (`/openapi.json`) is made from it.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In the syntax of the server: `/events/get/:id`. */
  readonly path: string;
  readonly tag: Tag;
  /** Unique. Generated clients use it as the method name. */
  readonly operationId: string;
  /** One line. */
  readonly summary: string;
  /** Details for the caller, in Markdown. */
  readonly description?: string;
  /** `session` requires a signed-in person. */
  readonly access: 'anyone' | 'session';
  /** Restricts a session to some people: `an organizer or an admin`. */
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
  /** Descriptions of problems specific to this route. The problems of its kind are added by `openapi/problems.ts`. */
  readonly problems?: Readonly<Partial<Record<number, string>>>;
}

/** Defines a route and keeps the exact types of its schemas. */
export function defineRoute<const Of extends Route>(route: Of): Of {
  return route;
}
