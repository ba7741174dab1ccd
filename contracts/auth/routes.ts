import { defineRoute } from '../http/route.ts';
import { LoggedIn, LoginBody, LogoutQuery, RegisterBody, Registered, SignIn } from './sign-in.ts';

export const register = defineRoute({
  method: 'POST',
  path: '/register',
  tag: 'auth',
  operationId: 'register',
  summary: 'Registers a person',
  description:
    'The new person has the role `person` and is not signed in. A repeated request returns 409. A login has letters of one alphabet, and does not look like another login.',
  access: 'anyone',
  body: RegisterBody,
  example: {
    login: 'runner',
    password: 'a long password',
    email: 'runner@example.org',
    first_name: 'Ada',
    last_name: 'Runner',
  },
  answers: { 201: { says: 'The id of the new person.', body: Registered, example: { id: 3 } } },
  problems: {
    409: 'The login is taken (`login_taken`), looks like one that is taken (`login_looks_taken`), or mixes alphabets (`login_mixes_alphabets`).',
  },
});

export const login = defineRoute({
  method: 'POST',
  path: '/login',
  tag: 'auth',
  operationId: 'login',
  summary: 'Signs in',
  description: 'The response sets the session cookie, `session_id`.',
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
  description: 'Ends the session; with `all=true`, all sessions of the person. Without a session, nothing changes.',
  access: 'anyone',
  query: LogoutQuery,
  answers: { 200: { says: 'Signed out.', body: LoggedIn, headers: ['Set-Cookie'], example: { status: 'ok' } } },
});

export const signIn = defineRoute({
  method: 'GET',
  path: '/signin',
  tag: 'auth',
  operationId: 'signIn',
  summary: 'Explains how to sign in',
  description: 'Gateways redirect requests without a session to this route.',
  access: 'anyone',
  answers: {
    200: { says: 'The explanation.', body: SignIn, example: { message: 'Sign in: POST /login {"login","password"}' } },
  },
});

export const whoAmI = defineRoute({
  method: 'GET',
  path: '/auth',
  tag: 'auth',
  operationId: 'whoAmI',
  summary: 'Shows the signed-in person in headers',
  description:
    'For gateways that authenticate each request, such as nginx with `auth_request`. Accepts a token of any scope.',
  access: 'session',
  answers: {
    200: {
      says: 'The request is authenticated.',
      body: LoggedIn,
      headers: ['X-User-Id', 'X-User-Login', 'X-User-Role', 'X-User-Email', 'X-User-First-Name', 'X-User-Last-Name'],
      example: { status: 'ok' },
    },
  },
});
