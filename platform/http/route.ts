import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, RawServerDefault, RouteGenericInterface, RouteHandlerMethod } from 'fastify';
import type { TSchema, TUndefined } from 'typebox';
import { answerConditionally } from './etag.ts';
import type { Server } from './server.ts';

/** The definition of a route, as far as the server needs it. */
export interface RouteForm {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The scope that an API token needs. A route without a scope accepts no tokens (`platform/http/sessions.ts`). */
  readonly scope?: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The response schemas by status. A response without a `body` schema has no JSON body. */
  readonly answers: Readonly<Record<number, { readonly says?: string; readonly body?: TSchema }>>;
}

/** The schemas of a route, as Fastify names them. */
type SchemaOf<Of extends RouteForm> = Part<Of, 'params', 'params'> &
  Part<Of, 'query', 'querystring'> &
  Part<Of, 'body', 'body'> & { response: { [Status in keyof Of['answers']]: BodyOf<Of['answers'][Status]> } };
type Part<Of, From extends string, To extends string> =
  Of extends Record<From, TSchema> ? { [Name in To]: Of[From] } : unknown;
type BodyOf<Answer> = Answer extends { readonly body: infer Body extends TSchema } ? Body : TUndefined;

/** A route's handler. Its request and response types come from the route's schemas. */
export type Handler<Of extends RouteForm> = RouteHandlerMethod<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  RouteGenericInterface,
  unknown,
  SchemaOf<Of>,
  TypeBoxTypeProvider,
  FastifyBaseLogger
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The definition by which a public route was registered: `request.routeOptions.config.route`. */
    route?: RouteForm;
  }
}

/** Registers a route. Requests that do not match its schemas never reach the handler. */
export function route<Of extends RouteForm>(server: Server, of: Of, handler: Handler<Of>): void {
  const { method, path: url, params, query: querystring, body, answers } = of;
  const bodies = Object.entries(answers).flatMap(([status, { body }]) => (body ? [[status, body]] : []));
  const asked = { ...(params && { params }), ...(querystring && { querystring }), ...(body && { body }) };
  const schema = { ...asked, response: Object.fromEntries(bodies) } as unknown as SchemaOf<Of>;
  const onRead = method === 'GET' && { onSend: answerConditionally };
  server.route({ method, url, schema, config: { route: of }, ...onRead, handler });
}
