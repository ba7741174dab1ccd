import { defineRoute } from '../http/route.ts';
import { LoggedIn, LoginBody, LogoutQuery, RegisterBody, Registered, SignIn } from './calls.ts';

export const register = defineRoute({
  method: 'POST',
  path: '/register',
  tag: 'auth',
  operationId: 'register',
  summary: 'Makes a person',
  description:
    'Whoever registers is a person: no organizer and no admin. They are not signed in by it. Sent again it is 409, and changes nothing.',
  access: 'anyone',
  body: RegisterBody,
  example: {
    login: 'runner',
    password: 'a long password',
    email: 'runner@example.org',
    first_name: 'Ada',
    last_name: 'Runner',
  },
  answers: { 201: { says: 'The person is there.', body: Registered, example: { id: 3 } } },
  problems: { 409: 'The login is taken.' },
});

export const login = defineRoute({
  method: 'POST',
  path: '/login',
  tag: 'auth',
  operationId: 'login',
  summary: 'Signs in',
  description: 'The answer carries the session as a cookie, `session_id`.',
  access: 'anyone',
  body: LoginBody,
  example: { login: 'admin', password: 'password' },
  answers: { 200: { says: 'Signed in.', body: LoggedIn, headers: ['Set-Cookie'], example: { status: 'ok' } } },
  problems: { 401: 'The login or the password is wrong.' },
});

export const logout = defineRoute({
  method: 'POST',
  path: '/logout',
  tag: 'auth',
  operationId: 'logout',
  summary: 'Signs out',
  description: 'Ends the session; with `all=true` those elsewhere, too. Whoever had none is signed out as well.',
  access: 'anyone',
  query: LogoutQuery,
  answers: { 200: { says: 'Signed out.', body: LoggedIn, headers: ['Set-Cookie'], example: { status: 'ok' } } },
});

export const signIn = defineRoute({
  method: 'GET',
  path: '/signin',
  tag: 'auth',
  operationId: 'signIn',
  summary: 'Says how to sign in',
  description: 'Where a gateway sends those who are not signed in.',
  access: 'anyone',
  answers: {
    200: { says: 'In words.', body: SignIn, example: { message: 'Sign in: POST /login {"login","password"}' } },
  },
});

export const whoAmI = defineRoute({
  method: 'GET',
  path: '/auth',
  tag: 'auth',
  operationId: 'whoAmI',
  summary: 'Says who is signed in',
  description:
    'In headers, for gateways that ask before each request (`auth_request` of nginx, for one). A token of any scope will do.',
  access: 'session',
  answers: {
    200: {
      says: 'Somebody is signed in.',
      body: LoggedIn,
      headers: ['X-User-Id', 'X-User-Login', 'X-User-Role', 'X-User-Email', 'X-User-First-Name', 'X-User-Last-Name'],
      example: { status: 'ok' },
    },
  },
});
