import type { Backend } from '../services.ts';

/** The first path segments of pages. The code of the pages routes the rest of the path. */
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

/** The backend of a public request, by the first path segment of its URL. */
export const backendOfPart: ReadonlyMap<string, Backend> = new Map<string, Backend>([
  ...['login', 'logout', 'register', 'signin', 'auth', 'openapi.json', 'docs'].map((part) => [part, 'auth'] as const),
  ['events', 'events'],
  ['account', 'account'],
  ['book', 'book'],
  ...[...pageParts, 'assets'].map((part) => [part, 'web'] as const),
]);

/** The first path segments of the API. No page uses one of them. */
export const apiParts: ReadonlySet<string> = new Set([
  ...[...backendOfPart].filter(([, backend]) => backend !== 'web').map(([part]) => part),
  'health',
  'ready',
  'internal',
]);

/** The first path segment, which selects the backend: `events` for `/events/get?limit=1`. `//` has no backend. */
export function firstPart(url: string): string {
  return url.startsWith('//') ? '//' : (/^\/([^/?]*)/.exec(url)?.[1] ?? '');
}
