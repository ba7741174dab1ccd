import type { Route } from '../contracts/http/route.ts';

/** The descriptions of problems, unless a route has its own. */
export const problemTexts = {
  400: 'The request is invalid. `field` names the wrong part, if it is a single one.',
  401: 'Not signed in.',
  403: 'The signed-in person is not permitted to do this, or the request came from another site.',
  404: 'Not found, or not visible to the signed-in person.',
  409: 'The request conflicts with the current state.',
  413: 'The body is too large.',
  414: 'A part of the path is too long.',
  422: 'The `Idempotency-Key` was used for another request.',
  429: 'Too many requests. Nothing was changed; retry after `Retry-After` seconds.',
  503: 'Temporarily unavailable. Nothing was changed; retry after `Retry-After` seconds.',
  504: 'The connection broke during the request. The outcome is unknown: check it before you retry.',
} as const satisfies Record<number, string>;
type ProblemStatus = keyof typeof problemTexts;

/** All problem statuses of a route: those that it names, and those that all routes of its kind have. */
export function problemStatusesOf(route: Route): readonly ProblemStatus[] {
  const { method, path, access, scope, params, query, headers = [], body, problems = {} } = route;
  const isWrite = method !== 'GET';
  const ofItsKind: Readonly<Partial<Record<ProblemStatus, boolean>>> = {
    400: isWrite || [params, query, body].some((part) => part !== undefined) || headers.includes('Idempotency-Key'),
    401: access === 'session',
    403: isWrite || scope !== undefined || access === 'session',
    413: isWrite,
    414: params !== undefined,
    429: path !== '/health' && path !== '/ready',
    503: path !== '/health',
    504: isWrite,
  };
  const statuses = Object.keys(problemTexts).map(Number) as ProblemStatus[];
  return statuses.filter((status) => ofItsKind[status] || status in problems);
}

/** The statuses with a `Retry-After` header. */
export const retried: readonly number[] = [429, 503];
