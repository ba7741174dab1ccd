import type { Service } from './services.ts';

/** Which service answers a public request, by the first part of its path. */
export const serviceOfPart: ReadonlyMap<string, Service> = new Map<string, Service>([
  ...['login', 'logout', 'register', 'signin', 'auth', 'openapi.json', 'docs'].map((part) => [part, 'auth'] as const),
  ['events', 'events'],
  ['account', 'account'],
  ['book', 'book'],
]);

/** The first parts of the API's paths: no page ever has one. */
export const apiParts: ReadonlySet<string> = new Set([...serviceOfPart.keys(), 'health', 'ready', 'internal']);

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

/** The first part of a path, by which it is known whose it is: `/events/get?limit=1` is of `events`. */
export function firstPart(url: string): string {
  return /^\/([^/?]*)/.exec(url)?.[1] ?? '';
}
