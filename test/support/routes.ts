import { pageAssets } from '../../openapi/page.ts';
import type { Server } from '../../platform/http/server.ts';

/** Marks a field that is left out. */
export const missing = Symbol('missing');

/** The largest integer in a request. */
export const largest = Number.MAX_SAFE_INTEGER;

/** A public route, with the invalid values to try in its body. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The callers that the route accepts: everyone, people with a session, or admins. */
  readonly by: 'anybody' | 'person' | 'admin';
  /** A valid body, and for each of its fields the invalid values as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly wrong?: Readonly<Record<string, readonly string[]>>;
  /** For each optional field of the body the invalid values as JSON. */
  readonly mayLack?: Readonly<Record<string, readonly string[]>>;
}

const words = (text: string) => text.trim().split(/\s+/);

/** Values that are not a whole number from 1 to 2^53 - 1. */
const noCount = words(`
  "4" "" null true [] [4] {} {"$gt":0} 0 -0 -1 1.5 4.000001 1e-1
  9007199254740992 -9007199254740993 1e100 1e400 -1e400`);

/** Values that are not a whole number from 0 to 2^53 - 1. */
const noAmount = noCount.filter((value) => value !== '0' && value !== '-0');

/** Values that are not a line of at most `longest` characters: no text, too long, several lines, or not storable. */
const noLine = (longest: number) => [
  ...words(String.raw`
    4 null true [] {} ["x"]
    "\ud800" "x\udc00x" "\ud800\ud800" "\u0000" "x\u0000x" "\n" "x\u007fx" "\u0085"`),
  ...[longest + 1, 60_000].map((length) => JSON.stringify('x'.repeat(length))),
  JSON.stringify('𝔁'.repeat(longest + 1)),
];
/** Values that are not a name of at most `longest` characters: no line, or with characters that hide or turn text. */
const noName = (longest: number) => [
  ...noLine(longest),
  ...words(String.raw`
    "\u202eAnn" "Ann\u2066" "An\u200bn" "\u2060" "Ann\u00ad" "\ufeffAnn" "a\u200db" "\u200d" "\u2028" "\u3164" "\uffa0"`),
];
/** Names that show nothing. */
const blank = words(String.raw`"" "\u0020" "\u00a0" "\u3000" "\u2800" "\u0301"`);
/** Values that are not a description. */
const noText = [
  ...words(String.raw`4 null ["x"] "\u0000" "\ud800" "a\u202eb" "\u2067"`),
  JSON.stringify('x'.repeat(5_001)),
];

/** Values that are not a time with a time zone, including dates that do not exist. */
const noMoment = words(`
  4 null true [] "" "2026-05-01" "2026-05-01T19:00:00" "2026-05-01T19:00:00+2" "2026-13-01T19:00:00Z"
  "2026-02-30T19:00:00Z" "2026-05-01T24:00:00Z" "2026-05-01T19:60:00Z" "0026-05-01T19:00:00Z" "x2026-05-01T19:00:00Z"
  "2026-05-01T19:00:00.1234567Z" "20260-05-01T19:00:00Z"`);
const noLogin = [...noLine(100), '""'];
// Control characters are allowed in a password.
const noPassword = [...words(String.raw`4 null false [] {} "" "\ud800"`), JSON.stringify('x'.repeat(201))];

const noNewPassword = [...noPassword, '"1234567"', '"password"', '"Football1"'];

export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/login',
    by: 'anybody',
    body: { login: 'nobody', password: 'x' },
    wrong: { login: noLogin, password: noPassword },
  },
  {
    method: 'POST',
    path: '/register',
    by: 'anybody',
    body: { login: 'new', password: 'a long one', email: 'new@example.org', first_name: 'New', last_name: 'Person' },
    wrong: {
      login: [...noName(100), ...blank],
      password: noNewPassword,
      email: noName(254),
      first_name: noName(100),
      last_name: noName(100),
    },
  },
  { method: 'POST', path: '/logout', by: 'anybody' },
  { method: 'GET', path: '/auth', by: 'person' },
  { method: 'GET', path: '/signin', by: 'anybody' },
  { method: 'GET', path: '/auth/me', by: 'person' },
  { method: 'GET', path: '/auth/sessions', by: 'person' },
  {
    method: 'POST',
    path: '/auth/tokens',
    by: 'person',
    body: { name: 'box office', scopes: ['events:read'] },
    wrong: {
      name: [...noName(100), ...blank],
      scopes: words('4 null "events:read" {} [] ["events:read","events:read"]'),
    },
    mayLack: { expires_at: noMoment },
  },
  { method: 'GET', path: '/auth/tokens', by: 'person' },
  { method: 'DELETE', path: '/auth/tokens/1', by: 'person' },
  { method: 'GET', path: '/auth/people', by: 'admin' },
  {
    method: 'PUT',
    path: '/auth/people/1/role',
    by: 'admin',
    body: { role: 'organizer' },
    wrong: { role: words('4 null "" "root" "Admin" ["admin"] {}') },
  },
  { method: 'GET', path: '/auth/trail', by: 'admin' },
  {
    method: 'POST',
    path: '/auth/password',
    by: 'person',
    body: { old_password: 'userpassword', new_password: 'a long one' },
    wrong: { old_password: [...noPassword, '"wrong"'], new_password: noNewPassword },
  },
  { method: 'POST', path: '/auth/people/1/reset', by: 'admin' },
  {
    method: 'POST',
    path: '/auth/reset',
    by: 'anybody',
    body: { token: 'slr_00000000000000000000000000000000', new_password: 'a long one' },
    wrong: { token: [...noLine(100), '""', '"slr_x"'], new_password: noNewPassword.slice(0, 8) },
  },
  { method: 'GET', path: '/account/get', by: 'person' },
  { method: 'GET', path: '/account/history', by: 'person' },
  { method: 'GET', path: '/account/currency', by: 'anybody' },
  ...['/account/credit', '/account/payout'].map(
    (path): Route => ({
      method: 'POST',
      path,
      by: 'admin',
      body: { user_id: 1, delta: 4, reference: 'a receipt' },
      wrong: { user_id: noCount, delta: noCount, reference: [...noName(200), ...blank] },
    }),
  ),
  { method: 'PUT', path: '/account/deposit', by: 'person', body: { delta: 4 }, wrong: { delta: noCount } },
  {
    method: 'POST',
    path: '/events/create',
    by: 'admin',
    body: { event_name: 'run', price: 5, total_slots: 3 },
    wrong: { event_name: [...noName(200), ...blank], price: noAmount, total_slots: [...noCount, '2147483648'] },
    mayLack: {
      starts_at: noMoment,
      venue: [...noName(200), ...blank],
      description: noText,
      time_zone: [...noLine(60), '""', '"Europe/Atlantis"', '"../etc"'],
      sale_opens_at: noMoment,
      sale_closes_at: noMoment,
      max_per_person: [...noCount, '2147483648'],
      cancel_until: noMoment,
    },
  },
  {
    method: 'PATCH',
    path: '/events/1',
    by: 'admin',
    body: { price: 5 },
    mayLack: {
      event_name: [...noName(200), ...blank],
      price: noAmount,
      total_slots: [...noCount, '2147483648'],
      venue: [...noName(200), ...blank].filter((value) => value !== 'null'),
      description: noText.filter((value) => value !== 'null'),
      starts_at: noMoment.filter((value) => value !== 'null'),
      max_per_person: noCount.filter((value) => value !== 'null'),
    },
  },
  { method: 'POST', path: '/events/cancel', by: 'person', body: { event_id: 1 }, wrong: { event_id: noCount } },
  { method: 'GET', path: '/events/mine', by: 'person' },
  { method: 'GET', path: '/events/1/access', by: 'person' },
  { method: 'GET', path: '/events/1/helpers', by: 'admin' },
  {
    method: 'PUT',
    path: '/events/1/helpers',
    by: 'admin',
    body: { login: 'user', access: 'scan' },
    wrong: { login: noLogin, access: words('4 null "" "own" ["scan"] {}') },
  },
  { method: 'DELETE', path: '/events/1/helpers/2', by: 'admin' },
  {
    method: 'POST',
    path: '/events/hand-over',
    by: 'admin',
    body: { event_id: 1, login: 'admin' },
    wrong: { event_id: noCount, login: noLogin },
  },
  { method: 'GET', path: '/events/get', by: 'anybody' },
  { method: 'GET', path: '/events/live', by: 'anybody' },
  { method: 'GET', path: '/events/get/1', by: 'anybody' },
  {
    method: 'POST',
    path: '/book/create',
    by: 'person',
    body: { event_id: 1 },
    wrong: { event_id: noCount },
    mayLack: { price: noAmount },
  },
  {
    method: 'POST',
    path: '/book/by-hand',
    by: 'admin',
    body: { event_id: 1, guest_name: 'Ada Runner' },
    wrong: { event_id: noCount, guest_name: [...noName(200), ...blank] },
    mayLack: {
      paid: words('4 null [] "x" true'),
    },
  },
  { method: 'POST', path: '/book/cancel', by: 'person', body: { booking_id: 1 }, wrong: { booking_id: noCount } },
  {
    method: 'POST',
    path: '/book/check-in',
    by: 'admin',
    body: { code: '7KQ2-M0XD-9R4T' },
    wrong: { code: ['4', 'null', 'true', '[]', '{}', '""', JSON.stringify('x'.repeat(61))] },
    mayLack: { booking_id: noCount, event_id: noCount },
  },
  {
    method: 'POST',
    path: '/book/check-in/undo',
    by: 'admin',
    body: { booking_id: 1 },
    wrong: { booking_id: noCount },
  },
  { method: 'GET', path: '/book/attendees/1', by: 'admin' },
  { method: 'GET', path: '/book/attendees/1/csv', by: 'admin' },
  { method: 'GET', path: '/book/sales/1', by: 'admin' },
  { method: 'GET', path: '/book/saga', by: 'admin' },
  { method: 'GET', path: '/book/get', by: 'person' },
  { method: 'GET', path: '/book/get/1', by: 'person' },
  { method: 'GET', path: '/book/live', by: 'person' },
  { method: 'GET', path: '/book/saga/live', by: 'admin' },
  { method: 'GET', path: '/book/reconciliation', by: 'admin' },
  { method: 'GET', path: '/book/reconciliation/last', by: 'admin' },
  { method: 'POST', path: '/book/reconciliation/mend', by: 'admin' },
  { method: 'GET', path: '/openapi.json', by: 'anybody' },
  { method: 'GET', path: '/health', by: 'anybody' },
  { method: 'GET', path: '/ready', by: 'anybody' },
];

/** A route's body as JSON, with some fields replaced. */
export function written({ body = {} }: Route, changed: Readonly<Record<string, string | typeof missing>> = {}): string {
  const fields = new Map<string, string | typeof missing>(
    Object.entries(body).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  for (const [key, value] of Object.entries(changed)) fields.set(key, value);
  const parts = [...fields].filter(([, value]) => value !== missing);
  return `{${parts.map(([key, value]) => `${JSON.stringify(key)}:${String(value)}`).join(',')}}`;
}

/** Bodies that are not JSON, for any route. */
export const noJson: readonly (string | Buffer)[] = [
  ...words(`{ } {"a":1 {"a":} {'a':1} {a:1} {"a":01} {"a":1,} a=1&b=2 <a/> undefined NaN {}{}`),
  ...['\u0000', '\ufeff{}', '['.repeat(60_000)],
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  Buffer.from('{"a":"\xff"}', 'latin1'),
  Buffer.from([0x1f, 0x8b, 0x08]),
];

/** Bodies that are JSON but not an object, or an object with an unknown field. */
export const noObjects: readonly string[] = [
  ...words('null true 0 1e400 "text" [] [{}] [[]] {} {"a":1}'),
  '['.repeat(30_000) + ']'.repeat(30_000),
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
];

/** Bodies above the size limit. */
export const tooLarge: readonly string[] = [
  '['.repeat(100_000) + ']'.repeat(100_000),
  JSON.stringify({ a: 'x'.repeat(2_000_000) }),
];

/** Whether a route serves a page or a part of one. Such routes are not defined in contracts/. */
export const isPage = (address: string) => Object.keys(pageAssets).some((url) => address === `GET ${url}`);

/**
 * The routes of a server, as `GET /events/get/:id`, without pages. They are parsed from the tree that the server
 * prints: `├── /events/get (GET, HEAD)`, four columns a level.
 */
export function listRoutes(server: Server): string[] {
  const above: string[] = [];
  const all = server
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, branch = '', part = '', methods] = /^(.*── )(\S+)(?: \((.+)\))?$/.exec(line) ?? [];
      above.splice(branch.length / 4 - 1, above.length, part);
      const path = above.join('');
      return (methods?.split(', ') ?? []).filter((method) => method !== 'HEAD').map((method) => `${method} ${path}`);
    });
  return all.filter((address) => !isPage(address));
}
