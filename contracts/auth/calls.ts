import { type Static, Type } from 'typebox';
import { Id, Line } from '../fields.ts';
import { type Scope, ScopeSchema } from '../scopes.ts';
import { BatchSchema } from '../step.ts';

/** What a person may do beyond booking: an organizer creates events, an admin everything. */
export const roles = ['person', 'organizer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** A person as the other services see one: whoever stands behind a session or an API token. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly role: Role;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Behind an API token, what it may be used for. Behind a session there are none, and nothing is closed by them. */
  readonly scopes?: Scope[];
}

/** What the other services ask of auth. */
export interface Auth {
  /**
   * Answers a set of session ids and API tokens with their people, in the same order: `null` for one that stands for
   * nobody.
   */
  resolve(keys: readonly string[]): Promise<readonly (Person | null)[]>;
  /** Answers a set of people's ids with their names, in the same order: `null` for an id that is nobody's. */
  names(personIds: readonly number[]): Promise<readonly (PersonName | null)[]>;
}

/** What a person is called. */
export interface PersonName {
  readonly id: number;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** The same between processes. */
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
 * Long enough for any passphrase; the limit keeps the hashing of one request small. Lone surrogates have no UTF-8:
 * they would all be hashed as the same replacement character, and one password would open another's door.
 */
export const Password = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^\\P{Cs}*$',
  description: 'a text of 1 to 200 characters',
});

/** The shortest password that may be taken, in characters; shorter ones of old still open their doors. */
export const shortestPassword = 8;
export const NewPassword = Type.String({
  minLength: shortestPassword,
  maxLength: 200,
  pattern: '^\\P{Cs}*$',
  description: `a text of ${shortestPassword} to 200 characters`,
});

export const LoginBody = Type.Object({ login: Login, password: Password }, { additionalProperties: false });
export type LoginBody = Static<typeof LoginBody>;

export const RegisterBody = Type.Object(
  {
    login: Login,
    password: NewPassword,
    email: Line(254, { minLength: 0 }),
    first_name: Line(100, { minLength: 0 }),
    last_name: Line(100, { minLength: 0 }),
  },
  { additionalProperties: false },
);
export type RegisterBody = Static<typeof RegisterBody>;

/** With `all`, the sessions elsewhere end as well. */
export const LogoutQuery = Type.Object(
  { all: Type.Optional(Type.Enum(['true', 'false'], { description: 'true or false' })) },
  { additionalProperties: false },
);

export const Registered = Type.Object({ id: Id });
export const LoggedIn = Type.Object({ status: Type.Literal('ok') });
/** Tells somebody whom a gateway sent away how to come in. */
export const SignIn = Type.Object({ message: Type.String() });
