import type { Route } from '../contracts/route.ts';

/** What a problem says when the route itself says nothing else of it. */
const usual = {
  400: 'Something is wrong with the request. `field` names the part, when it is one part.',
  401: 'Nobody is signed in.',
  403: 'This is not for whoever is signed in, or the request came from another site.',
  413: 'The body is too large.',
  414: 'A part of the address is too long.',
  429: 'Too many requests. Nothing was changed; ask again after `Retry-After` seconds.',
  503: 'Not available right now. Nothing was changed; ask again after `Retry-After` seconds.',
  504: 'The connection broke while this was carried out. Nobody knows whether it was: look before you ask again.',
} as const satisfies Record<number, string>;

/** Every problem that a route may be answered with, by its status, and what it says there. */
export function problemsOf(route: Route): Readonly<Record<number, string>> {
  const { method, path, access, only, scope, params, query, headers = [], body, problems } = route;
  const isWrite = method !== 'GET';
  const may: Readonly<Record<keyof typeof usual, boolean>> = {
    400: isWrite || [params, query, body].some((part) => part !== undefined) || headers.includes('Idempotency-Key'),
    401: access === 'session',
    403: isWrite || only !== undefined || scope !== undefined || access === 'session',
    413: isWrite,
    414: params !== undefined,
    429: path !== '/health' && path !== '/ready',
    503: path !== '/health',
    504: isWrite,
  };
  const ofItsKind = Object.entries(usual).filter(([status]) => may[Number(status) as keyof typeof usual]);
  return { ...Object.fromEntries(ofItsKind), ...(problems as Record<number, string>) };
}

/** Those that promise a time after which asking again makes sense. */
export const retried: readonly number[] = [429, 503];
