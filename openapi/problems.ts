import type { Route } from '../contracts/http/route.ts';

/** What each problem says where a route says nothing else of it. */
export const problemTexts = {
  400: 'Something is wrong with the request. `field` names the part, when it is one part.',
  401: 'Nobody is signed in.',
  403: 'This is not for whoever is signed in, or the request came from another site.',
  404: 'There is no such thing, or none that whoever is signed in may see.',
  409: 'This is not possible as things stand.',
  413: 'The body is too large.',
  414: 'A part of the address is too long.',
  422: 'The `Idempotency-Key` was used for another request.',
  429: 'Too many requests. Nothing was changed; ask again after `Retry-After` seconds.',
  503: 'Not available right now. Nothing was changed; ask again after `Retry-After` seconds.',
  504: 'The connection broke while this was carried out. Nobody knows whether it was: look before you ask again.',
} as const satisfies Record<number, string>;
type ProblemStatus = keyof typeof problemTexts;

/** Every problem that a route may be answered with: those that it names, and those of its kind. */
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

/** Those that promise a time after which asking again makes sense. */
export const retried: readonly number[] = [429, 503];
