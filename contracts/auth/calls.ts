import { type Static, Type } from 'typebox';
import { Id, Line } from '../fields.ts';
import { type Scope, ScopeSchema } from '../scopes.ts';
import { BatchSchema } from '../step.ts';

/** Every role can book; an organizer can also create events, and an admin can do everything. */
export const roles = ['person', 'organizer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The person of a session or an API token, with the fields that the other services see. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly role: Role;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The scopes of an API token. A session has none, and is not restricted. */
  readonly scopes?: Scope[];
}

/** The calls from the other services to auth. */
export interface Auth {
  /** The people of session ids and API tokens, in the same order; `null` for an unknown or expired key. */
  resolve(keys: readonly string[]): Promise<readonly (Person | null)[]>;
  /** The names of people, in the order of the ids; `null` for an unknown id. */
  names(personIds: readonly number[]): Promise<readonly (PersonName | null)[]>;
}

export interface PersonName {
  readonly id: number;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** The calls to auth, over HTTP between processes. */
export const authCalls = {
  resolve: {
    path: '/internal/sessions',
    isRead: true,
    asked: BatchSchema(Type.String({ maxLength: 100 })),
    answered: BatchSchema(
      Type.Union([
        Type.Object({
          id: Id,
          login: Type.String(),
          role: Type.Enum([...roles]),
          email: Type.String(),
          firstName: Type.String(),
          lastName: Type.String(),
          scopes: Type.Optional(Type.Array(ScopeSchema)),
        }),
        Type.Null(),
      ]),
    ),
  },
  names: {
    path: '/internal/names',
    isRead: true,
    asked: BatchSchema(Id),
    answered: BatchSchema(
      Type.Union([
        Type.Object({ id: Id, login: Type.String(), firstName: Type.String(), lastName: Type.String() }),
        Type.Null(),
      ]),
    ),
  },
} as const;

export const Login = Line(100);
/**
 * A password. 200 characters are enough for any passphrase, and limit the cost of hashing. Lone surrogates are
 * rejected: they have no UTF-8, so all of them would be hashed as one replacement character, and different passwords
 * would match.
 */
export const Password = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^\\P{Cs}*$',
  description: 'a text of 1 to 200 characters',
});

/** The minimum length of a new password, in characters. Older, shorter passwords keep working. */
export const shortestPassword = 8;
export const NewPassword = Type.String({
  minLength: shortestPassword,
  maxLength: 200,
  pattern: '^\\P{Cs}*$',
  description: `a text of ${shortestPassword} to 200 characters`,
});

export const LoginBody = Type.Object(
  { login: Login, password: Password },
  { $id: 'LoginBody', additionalProperties: false },
);
export type LoginBody = Static<typeof LoginBody>;

export const RegisterBody = Type.Object(
  {
    login: Login,
    password: NewPassword,
    email: Line(254, { minLength: 0 }),
    first_name: Line(100, { minLength: 0 }),
    last_name: Line(100, { minLength: 0 }),
  },
  { $id: 'RegisterBody', additionalProperties: false },
);
export type RegisterBody = Static<typeof RegisterBody>;

/** With `all=true`, all sessions of the person end. */
export const LogoutQuery = Type.Object(
  { all: Type.Optional(Type.Enum(['true', 'false'], { description: 'true or false' })) },
  { additionalProperties: false },
);

export const Registered = Type.Object({ id: Id }, { $id: 'Registered' });
export const LoggedIn = Type.Object({ status: Type.Literal('ok') }, { $id: 'LoggedIn' });
/** The explanation of how to sign in, for a request that a gateway has redirected. */
export const SignIn = Type.Object({ message: Type.String() }, { $id: 'SignIn' });
