import type { TSchema } from 'typebox';
import { requestHeaders } from '../contracts/http/headers.ts';
import { Problem, problemType } from '../contracts/http/problem.ts';
import type { Route, RouteAnswer } from '../contracts/http/route.ts';
import { problem } from '../platform/http/problem-details.ts';
import { problemStatusesOf, problemTexts, retried } from './problems.ts';
import type { Json, JsonObject, Schemas } from './schemas.ts';

const jsonType = 'application/json';

export function operationOf(route: Route, schemas: Schemas): JsonObject {
  const { operationId, summary, tag, body, example } = route;
  const parameters = [...parametersOf(route, schemas), ...headersOf(route)];
  return {
    operationId,
    summary,
    description: descriptionOf(route),
    tags: [tag],
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: content(jsonType, schemas.write(body), example) } }),
    responses: { ...answersOf(route, schemas), ...problemAnswersOf(route) },
  };
}

function descriptionOf({ access, only, description }: Route): string {
  const who = only ?? (access === 'anyone' ? 'anyone' : 'a signed-in person');
  return [description, `For: ${who}.`].filter(Boolean).join('\n\n');
}

/**
 * The security requirements of a route. Entries are alternatives; an empty one means that no credentials are needed.
 */
function securityOf({ access, scope }: Route): Json {
  return [
    ...(access === 'anyone' ? [{}] : []),
    ...(access === 'session' || scope ? [{ session: [] }] : []),
    ...(scope ? [{ token: [scope] }] : []),
  ];
}

function parametersOf({ params, query }: Route, schemas: Schemas): Json[] {
  const places = [
    ['path', params],
    ['query', query],
  ] as const;
  return places.flatMap(([place, schema]) => {
    const needed: readonly string[] = schema?.required ?? [];
    return Object.entries((schema?.properties ?? {}) as Record<string, TSchema>).map(([name, property]) => {
      const { description, ...written } = schemas.write(property);
      // A parameter with a default is optional.
      const required = needed.includes(name) && !('default' in written);
      return { name, in: place, ...(description && { description }), required, schema: written };
    });
  });
}

/**
 * The header parameters of a route, without `Accept`: OpenAPI ignores it, and lists the media types of the response.
 */
function headersOf({ headers = [], ...route }: Route): Json[] {
  const named = [...headers, ...(isConditional(route) ? ['If-None-Match' as const] : [])].filter(
    (name) => name in requestHeaders && name !== 'Accept',
  );
  return named.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

/** Whether a route is a read with an `ETag`, which can respond 304. */
function isConditional({ method, path, tag, answers }: Omit<Route, 'headers'>): boolean {
  // `/auth` is for gateways and must not be cached.
  return (
    method === 'GET' &&
    tag !== 'health' &&
    path !== '/auth' &&
    (answers as Record<number, RouteAnswer>)[200]?.body !== undefined
  );
}

function answersOf(route: Route, schemas: Schemas): JsonObject {
  const unchanged = { description: 'Not modified.', headers: headerRefs(['ETag']) };
  const written = Object.entries(route.answers as Record<string, RouteAnswer>).map(([status, answer]) => {
    const { says, body, types = {}, example } = answer;
    const headers = [...(answer.headers ?? []), ...(isConditional(route) ? ['ETag'] : [])];
    const contents = {
      ...(body && content(jsonType, schemas.write(body), example)),
      ...Object.assign({}, ...Object.entries(types).map(([type, schema]) => content(type, schemas.write(schema)))),
    };
    return [
      status,
      {
        description: says,
        ...(headers.length > 0 && { headers: headerRefs(headers) }),
        ...(Object.keys(contents).length > 0 && { content: contents }),
      },
    ];
  });
  return { ...Object.fromEntries(written), ...(isConditional(route) && { 304: unchanged }) };
}

/** The error responses of a route. They are shared components, whose descriptions a route may replace. */
function problemAnswersOf({ problems = {}, ...route }: Route): JsonObject {
  const written = problemStatusesOf({ ...route, problems }).map((status) => {
    const says = problems[status];
    return [status, { $ref: `#/components/responses/Problem${status}`, ...(says && { description: says }) }];
  });
  return Object.fromEntries(written);
}

/** The responses that all routes share, by name. */
export function sharedAnswers(schemas: Schemas): JsonObject {
  const schema = schemas.write(Problem);
  const written = Object.entries(problemTexts).map(([status, says]) => [
    `Problem${status}`,
    {
      description: says,
      ...(retried.includes(Number(status)) && { headers: headerRefs(['Retry-After']) }),
      content: content(problemType, schema, { ...problem(Number(status), says) }),
    },
  ]);
  return Object.fromEntries(written);
}

const headerRefs = (names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const content = (type: string, schema: JsonObject, example?: unknown): JsonObject => ({
  [type]: { schema, ...(example !== undefined && { example: example as Json }) },
});
