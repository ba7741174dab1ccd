import type { Backend } from '../services.ts';

/** The first parts of the pages' addresses. What comes after it is the pages' own business. */
export const pageParts: ReadonlySet<string> = new Set([
  '',
  'sign-in',
  'sign-up',
  'reset',
  'event',
  'bookings',
  'booking',
  'wallet',
  'me',
  'organize',
  'operate',
]);

/** Who answers a public request, by the first part of its path. */
export const backendOfPart: ReadonlyMap<string, Backend> = new Map<string, Backend>([
  ...['login', 'logout', 'register', 'signin', 'auth', 'openapi.json', 'docs'].map((part) => [part, 'auth'] as const),
  ['events', 'events'],
  ['account', 'account'],
  ['book', 'book'],
  ...[...pageParts, 'assets'].map((part) => [part, 'web'] as const),
]);

/** The first parts of the API's paths: no page ever has one. */
export const apiParts: ReadonlySet<string> = new Set([
  ...[...backendOfPart].filter(([, backend]) => backend !== 'web').map(([part]) => part),
  'health',
  'ready',
  'internal',
]);

/** The first part of a path, by which it is known whose it is: `/events/get?limit=1` is of `events`. `//` is nobody's. */
export function firstPart(url: string): string {
  return url.startsWith('//') ? '//' : (/^\/([^/?]*)/.exec(url)?.[1] ?? '');
}
