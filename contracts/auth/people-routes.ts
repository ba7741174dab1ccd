import { Type } from 'typebox';
import { ById } from '../fields.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import { AuditItem, AuditQuery } from './audit.ts';
import { LoggedIn } from './calls.ts';
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

const at = '2026-03-01T09:00:00.000Z';
const admin = { id: 1, login: 'admin', role: 'admin', email: '', first_name: '', last_name: '' } as const;
const user = { ...admin, id: 2, login: 'user', role: 'person' } as const;
const token = { id: 1, name: 'box office', scopes: ['bookings:read', 'events:read'], created_at: at };

export const me = defineRoute({
  method: 'GET',
  path: '/auth/me',
  tag: 'auth',
  operationId: 'me',
  summary: 'Shows who is signed in',
  access: 'session',
  scope: 'account:read',
  answers: { 200: { says: 'The person.', body: Me, example: admin } },
});

export const listSessions = defineRoute({
  method: 'GET',
  path: '/auth/sessions',
  tag: 'auth',
  operationId: 'listSessions',
  summary: "Lists one's sessions, the newest 100",
  description: 'Their ids are shown to nobody. `POST /logout?all=true` ends them all.',
  access: 'session',
  answers: {
    200: {
      says: 'The sessions, the one that asks first.',
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
  summary: 'Makes an API token',
  description:
    'The token is shown this once. It does what its scopes say in the name of whoever made it, as `Authorization: Bearer slt_…`. Without `expires_at` it lasts until it is revoked. Sent twice it makes two tokens, and an `Idempotency-Key` is refused (400), because nothing is kept that could answer a repeat: when no answer came, look at the list, and revoke what is too much.',
  access: 'session',
  body: CreateTokenBody,
  example: { name: 'box office', scopes: ['bookings:read', 'events:read'] },
  answers: {
    201: {
      says: 'The token is there.',
      body: CreatedToken,
      example: { ...token, token: 'slt_0123456789abcdef0123456789abcdef' },
    },
  },
  problems: { 409: 'A person has 100 tokens at most.' },
});

export const listTokens = defineRoute({
  method: 'GET',
  path: '/auth/tokens',
  tag: 'auth',
  operationId: 'listTokens',
  summary: "Lists one's API tokens",
  description: 'The time of the last use is noted every five minutes.',
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
  description: 'It is good for nothing a second later at most. Sent again it is 404, and changes nothing.',
  access: 'session',
  only: 'its owner',
  params: ById,
  answers: { 200: { says: 'It is revoked.', body: LoggedIn, example: { status: 'ok' } } },
  problems: { 404: 'You have no such token.' },
});

export const listPeople = defineRoute({
  method: 'GET',
  path: '/auth/people',
  tag: 'auth',
  operationId: 'listPeople',
  summary: 'Lists people by their ids',
  description: '`q` finds those whose login, name or email has it somewhere, in any case.',
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
  summary: 'Makes a person an organizer, an admin, or neither',
  description: 'It holds everywhere a second later at most. Sent again it changes nothing more.',
  access: 'session',
  only: 'an admin',
  params: ById,
  body: RoleBody,
  example: { role: 'organizer' },
  answers: {
    200: {
      says: 'The person as they are now.',
      body: PersonItem,
      example: { ...user, role: 'organizer', created_at: at },
    },
  },
  problems: { 404: 'There is no such person.', 409: 'It is the last admin.' },
});

const reset = { token: 'slr_0123456789abcdef0123456789abcdef', expires_at: '2026-03-02T09:00:00.000Z' };

export const changePassword = defineRoute({
  method: 'POST',
  path: '/auth/password',
  tag: 'auth',
  operationId: 'changePassword',
  summary: "Changes one's password",
  description:
    'All other sessions end. API tokens stay: they are no copies of the password, and each can be revoked by itself.',
  access: 'session',
  body: PasswordBody,
  example: { old_password: 'password', new_password: 'correct horse battery staple' },
  answers: { 200: { says: 'It is changed.', body: LoggedIn, example: { status: 'ok' } } },
});

export const issueReset = defineRoute({
  method: 'POST',
  path: '/auth/people/:id/reset',
  tag: 'auth',
  operationId: 'issueReset',
  summary: 'Makes a token by which a person sets a new password',
  description: 'It is shown this once, works once and for 24 hours; another one takes its place.',
  access: 'session',
  only: 'an admin',
  params: ById,
  answers: { 201: { says: 'The token, to be handed to the person.', body: IssuedReset, example: reset } },
  problems: { 404: 'There is no such person.' },
});

export const resetPassword = defineRoute({
  method: 'POST',
  path: '/auth/reset',
  tag: 'auth',
  operationId: 'resetPassword',
  summary: 'Sets a new password by such a token',
  description: 'All sessions of the person end, and all API tokens are revoked: nobody knows any more who made them.',
  access: 'anyone',
  body: ResetBody,
  example: { token: reset.token, new_password: 'correct horse battery staple' },
  answers: { 200: { says: 'It is set: sign in with it.', body: LoggedIn, example: { status: 'ok' } } },
});

export const readTrail = defineRoute({
  method: 'GET',
  path: '/auth/trail',
  tag: 'auth',
  operationId: 'readTrail',
  summary: 'Shows who did what when to whom',
  description:
    'Entries are never changed nor deleted. `user_id` finds what a person did and what was done to them. With `order=newest` the newest come first, and `after` leads to older ones. What was done in another service is there a moment later.',
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
