import { Type } from 'typebox';
import { ById } from '../fields.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import { AuditItem, AuditQuery } from './audit.ts';
import {
  CreatedToken,
  CreateTokenBody,
  IssuedReset,
  Me,
  PasswordBody,
  PeopleQuery,
  PersonItem,
  ResetBody,
  RoleBody,
  SessionItem,
  TokenItem,
} from './schemas.ts';
import { LoggedIn } from './sign-in.ts';

const at = '2026-03-01T09:00:00.000Z';
const admin = { id: 1, login: 'admin', role: 'admin', email: '', first_name: '', last_name: '' } as const;
const user = { ...admin, id: 2, login: 'user', role: 'person' } as const;
const token = { id: 1, name: 'box office', scopes: ['bookings:read', 'events:read'], created_at: at };

export const me = defineRoute({
  method: 'GET',
  path: '/auth/me',
  tag: 'auth',
  operationId: 'me',
  summary: 'Shows the signed-in person',
  access: 'session',
  scope: 'account:read',
  answers: { 200: { says: 'The person.', body: Me, example: admin } },
});

export const listSessions = defineRoute({
  method: 'GET',
  path: '/auth/sessions',
  tag: 'auth',
  operationId: 'listSessions',
  summary: "Lists one's newest 100 sessions",
  description: 'Session ids are never shown. `POST /logout?all=true` ends all sessions.',
  access: 'session',
  answers: {
    200: {
      says: 'The sessions, the current one first.',
      body: Type.Array(SessionItem),
      example: [{ created_at: at, last_used_at: at, expires_at: '2026-03-08T09:00:00.000Z', current: true }],
    },
  },
});

export const createToken = defineRoute({
  method: 'POST',
  path: '/auth/tokens',
  tag: 'auth',
  operationId: 'createToken',
  summary: 'Creates an API token',
  description:
    'The token is shown only in this response. Send it as `Authorization: Bearer slt_…`; it acts for its owner, within its scopes. Without `expires_at` it is valid until revoked. A repeated request creates a second token, and an `Idempotency-Key` is rejected (400), because the token is not stored and could not be sent again. If no response arrives, list the tokens and revoke the one that you did not receive.',
  access: 'session',
  body: CreateTokenBody,
  example: { name: 'box office', scopes: ['bookings:read', 'events:read'] },
  answers: {
    201: {
      says: 'The new token.',
      body: CreatedToken,
      example: { ...token, token: 'slt_0123456789abcdef0123456789abcdef' },
    },
  },
  problems: { 409: 'The person already has 100 tokens.' },
});

export const listTokens = defineRoute({
  method: 'GET',
  path: '/auth/tokens',
  tag: 'auth',
  operationId: 'listTokens',
  summary: "Lists one's API tokens",
  description: '`last_used_at` is accurate to five minutes.',
  access: 'session',
  answers: {
    200: { says: 'The tokens.', body: Type.Array(TokenItem), example: [{ ...token, last_used_at: at }] },
  },
});

export const revokeToken = defineRoute({
  method: 'DELETE',
  path: '/auth/tokens/:id',
  tag: 'auth',
  operationId: 'revokeToken',
  summary: 'Revokes an API token',
  description: 'The token stops working within a second. Revoking it again returns 404.',
  access: 'session',
  only: 'its owner',
  params: ById,
  answers: { 200: { says: 'The token is revoked.', body: LoggedIn, example: { status: 'ok' } } },
  problems: { 404: 'You have no token with this id.' },
});

export const listPeople = defineRoute({
  method: 'GET',
  path: '/auth/people',
  tag: 'auth',
  operationId: 'listPeople',
  summary: 'Lists people in id order',
  description:
    '`q` finds people whose login, name and email contain each of its words. Case, accents and the order of the words do not matter.',
  access: 'session',
  only: 'an admin',
  query: PeopleQuery,
  answers: {
    200: {
      says: 'A page of people.',
      body: Type.Array(PersonItem),
      headers: ['Link'],
      example: [{ ...user, created_at: at }],
    },
  },
});

export const changeRole = defineRoute({
  method: 'PUT',
  path: '/auth/people/:id/role',
  tag: 'auth',
  operationId: 'changeRole',
  summary: 'Changes the role of a person',
  description: 'The role applies within a second. Repeating the request changes nothing.',
  access: 'session',
  only: 'an admin',
  params: ById,
  body: RoleBody,
  example: { role: 'organizer' },
  answers: {
    200: {
      says: 'The person with the new role.',
      body: PersonItem,
      example: { ...user, role: 'organizer', created_at: at },
    },
  },
  problems: { 404: 'The person does not exist.', 409: 'The person is the last admin.' },
});

const reset = { token: 'slr_0123456789abcdef0123456789abcdef', expires_at: '2026-03-02T09:00:00.000Z' };

export const changePassword = defineRoute({
  method: 'POST',
  path: '/auth/password',
  tag: 'auth',
  operationId: 'changePassword',
  summary: "Changes one's password",
  description: 'Ends all other sessions. API tokens stay valid; revoke them separately.',
  access: 'session',
  body: PasswordBody,
  example: { old_password: 'password', new_password: 'correct horse battery staple' },
  answers: { 200: { says: 'The password is changed.', body: LoggedIn, example: { status: 'ok' } } },
});

export const issueReset = defineRoute({
  method: 'POST',
  path: '/auth/people/:id/reset',
  tag: 'auth',
  operationId: 'issueReset',
  summary: 'Issues a password reset token for a person',
  description:
    'The token is shown only in this response. It works once, within 24 hours, and replaces any earlier one.',
  access: 'session',
  only: 'an admin',
  params: ById,
  answers: { 201: { says: 'The token, to hand to the person.', body: IssuedReset, example: reset } },
  problems: { 404: 'The person does not exist.' },
});

export const resetPassword = defineRoute({
  method: 'POST',
  path: '/auth/reset',
  tag: 'auth',
  operationId: 'resetPassword',
  summary: 'Sets a new password with a reset token',
  description: 'Ends all sessions of the person and revokes all their API tokens: an intruder may have created some.',
  access: 'anyone',
  body: ResetBody,
  example: { token: reset.token, new_password: 'correct horse battery staple' },
  answers: { 200: { says: 'The password is set. Sign in with it.', body: LoggedIn, example: { status: 'ok' } } },
});

export const readTrail = defineRoute({
  method: 'GET',
  path: '/auth/trail',
  tag: 'auth',
  operationId: 'readTrail',
  summary: 'Lists the entries of the audit log',
  description:
    'Entries are never changed or deleted. `user_id` selects the actions by a person and those that affect them. With `order=newest` the newest come first, and `after` continues with older ones. Actions in other services appear after a short delay.',
  access: 'session',
  only: 'an admin',
  query: Type.Object({ ...PageQuery.properties, ...AuditQuery }, { additionalProperties: false }),
  answers: {
    200: {
      says: 'A page of entries.',
      body: Type.Array(AuditItem),
      headers: ['Link'],
      example: [
        {
          id: 1,
          at,
          service: 'auth',
          action: 'role_changed',
          by: { id: 1, login: 'admin' },
          to: { id: 2, login: 'user' },
          details: { role: 'organizer', was: 'person' },
        },
      ],
    },
  },
});
